"""Each reason to refuse a scan happens, says what it is in one sentence, and says what to do next."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from poincon.kernel.refusals import Refusal
from poincon.mediation.services import close_venue, end_offer
from poincon.network.services import qualify, withdraw_qualification
from poincon.organisations.devices import Scanner
from poincon.organisations.enums import Role
from poincon.passes import codes, keys, refusals
from poincon.passes.enums import BlockReason
from poincon.passes.models import Scan
from poincon.passes.ranges import BookletRange
from poincon.passes.services.activate import expire
from poincon.passes.services.block import block
from poincon.passes.services.hand_over import hand_over
from poincon.passes.services.move import destroy
from poincon.passes.services.order import approve_proof, enter_stock, order_batch
from poincon.programmes.services import suspend, update_rules
from tests.factories import (
    LIMOGES,
    NOW,
    SYSTEM,
    TODAY,
    make_case_file,
    make_membership,
    make_offer,
    make_organisation,
    make_programme,
    make_scheme,
    make_service,
    make_user,
    make_venue,
)
from tests.lives import Life, Live

CASES: dict[str, list[Callable[[Live], str]]] = {}
DAY = timedelta(days=1)


def gives(code: str) -> Callable[[Callable[[Live], str]], Callable[[Live], str]]:
    """The function makes a life and scans; the reason of its verdict must be ``code``."""

    def add(case: Callable[[Live], str]) -> Callable[[Live], str]:
        CASES.setdefault(code, []).append(case)
        return case

    return add


def reason(life: Life, presented: str | None = None, **changes: Any) -> str:
    life.refresh_scanner()
    return str(life.scan(presented, **changes)["reason"])


# --- 0. The request ---------------------------------------------------------------------------------------------------


@gives("malformed")
def a_request_that_could_not_be_read(live: Live) -> str:
    return reason(live(), fault="le champ « code » manque")


@gives("malformed")
def fewer_than_one_pass(live: Live) -> str:
    return reason(live(), passes=-1)


@gives("malformed")
def no_pass_at_all(live: Live) -> str:
    return reason(live(), passes=0)


@gives("malformed")
def more_passes_than_any_booklet_has(live: Live) -> str:
    return reason(live(), passes=100_000)


@gives("identifier_taken")
def an_identifier_of_another_operator(live: Live) -> str:
    life = live()
    life.scan()
    other = make_organisation()
    life.scanner = Scanner(other.pk, other.rules_version, None, make_user().pk, "Autre")
    life.scans = 0
    return str(life.scan()["reason"])


# --- 1. The code ------------------------------------------------------------------------------------------------------


@gives("unreadable_code")
def a_code_that_is_not_ours(live: Live) -> str:
    return reason(live(), "https://exemple.fr")


@gives("unreadable_code")
def a_truncated_code(live: Live) -> str:
    life = live()
    return reason(life, life.code()[:-1])


@gives("wrong_check_character")
def a_mistyped_number(live: Live) -> str:
    life = live()
    number = life.number()
    return reason(life, f"{(int(number[0]) + 1) % 10}{number[1:]}")


@gives("unknown_key")
def a_code_of_another_instance(live: Live) -> str:
    life = live()
    return reason(life, life.code(key="00000000"))


@gives("revoked_key")
def a_code_of_a_stolen_key(live: Live) -> str:
    life = live()
    code = life.code()
    keys.revoke(by=SYSTEM, identifier=life.batch.signing_key.identifier, reason="vol", now=NOW)
    return reason(life, code)


@gives("forged_signature")
def a_code_altered(live: Live) -> str:
    life = live()
    code = life.code()
    return reason(life, code[:-1] + ("0" if code[-1] != "0" else "1"))


@gives("forged_signature")
def a_genuine_code_of_a_copy_of_this_instance(live: Live) -> str:
    life = live()
    return reason(life, life.code(rank=1, number=life.booklet(2).number))


@gives("unknown_booklet")
def a_number_never_issued(live: Live) -> str:
    return reason(live(), codes.written(next(n for n in range(100) if codes.is_issuable(n))))


@gives("position_out_of_range")
def a_position_beyond_the_booklet(live: Live) -> str:
    life = live()
    return reason(life, life.number(position=11))


# --- 2. The booklet ---------------------------------------------------------------------------------------------------


@gives("blocked_booklet")
def a_lost_booklet(live: Live) -> str:
    life = live()
    block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, now=NOW)
    return reason(life)


@gives("blocked_booklet")
def a_destroyed_booklet(live: Live) -> str:
    life = live()
    ranges = [BookletRange(life.batch.pk, 3, 3)]
    destroy(by=SYSTEM, holder=life.scheme.prescriber, ranges=ranges, witness="Anne", reason="abîmé", now=NOW)
    return reason(life, life.number(3))


@gives("inert_booklet")
def a_booklet_without_its_money(live: Live) -> str:
    life = live()
    batch = order_batch(by=SYSTEM, programme=life.scheme.programme, quantity=1, size=5, now=NOW)
    approve_proof(by=SYSTEM, batch=batch, now=NOW)
    enter_stock(by=SYSTEM, batch=batch, now=NOW)
    return reason(life, codes.written(batch.booklets.get().number))


@gives("not_handed_over")
def a_booklet_still_in_stock(live: Live) -> str:
    life = live()
    return reason(life, life.code(2))


@gives("not_handed_over")
def a_pass_of_the_part_still_in_stock(live: Live) -> str:
    life = live(handed=0)
    hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(), passes=3, now=NOW)
    return reason(life, life.code(position=4))


# --- 3. The date ------------------------------------------------------------------------------------------------------


@gives("expired")
def a_day_after_the_grace(live: Live) -> str:
    life = live()
    over = NOW + (life.batch.valid_until - TODAY) + timedelta(days=life.batch.grace_days + 1)
    return reason(life, occurred_at=over, now=over)


@gives("expired")
def a_batch_that_was_closed(live: Live) -> str:
    life = live()
    over = NOW + (life.batch.valid_until - TODAY) + timedelta(days=60)
    expire(by=SYSTEM, batch=life.batch, now=over)
    return reason(life, occurred_at=over, now=over)


@gives("not_yet_valid")
def a_day_before_the_first(live: Live) -> str:
    return reason(live(), occurred_at=NOW - DAY)


@gives("programme_suspended")
def a_day_of_suspension(live: Live) -> str:
    life = live()
    suspend(
        by=SYSTEM,
        programme=life.scheme.programme,
        first_day=TODAY,
        last_day=TODAY,
        reason="neige",
        moves_validity=False,
        now=NOW,
    )
    return reason(life)


@gives("clock_ahead")
def a_clock_that_runs_ahead(live: Live) -> str:
    return reason(live(), occurred_at=NOW + timedelta(minutes=11))


@gives("too_late")
def a_date_that_no_calendar_computes(live: Live) -> str:
    return reason(live(), occurred_at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))))


@gives("clock_ahead")
def a_date_after_the_last(live: Live) -> str:
    return reason(live(), occurred_at=datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=12))))


@gives("too_late")
def a_device_off_line_for_too_long(live: Live) -> str:
    return reason(live(), now=NOW + timedelta(days=7, minutes=10, seconds=1))


# --- 4. The operator, the venue, the service --------------------------------------------------------------------------


@gives("operator_not_qualified")
def an_operator_whose_qualification_is_over(live: Live) -> str:
    life = live()
    qualification = life.scheme.operator.qualifications.get()
    withdraw_qualification(by=SYSTEM, qualification=qualification, from_day=TODAY, reason="départ")
    return reason(life)


@gives("operator_not_qualified")
def an_operator_of_another_programme(live: Live) -> str:
    life = live()
    other = make_scheme()
    life.scanner = Scanner(other.operator.pk, 1, None, make_user().pk, "Autre")
    return str(life.scan(venue_id=other.venue.pk)["reason"])


@gives("mediator_not_trained")
def a_mediator_who_was_not_trained(live: Live) -> str:
    return reason(live(mediator_training_required=True))


@gives("mediator_unknown")
def a_mediator_of_nowhere(live: Live) -> str:
    return reason(live(), mediator_id=make_user().pk)


@gives("mediator_unknown")
def a_mediator_of_another_programme_only(live: Live) -> str:
    life = live()
    elsewhere = make_user()
    make_membership(Role.MEDIATOR, life.scheme.operator, user=elsewhere, programme=make_programme())
    life.scanner = Scanner(life.scheme.operator.pk, 77, None, elsewhere.pk, "Téléphone")
    return str(life.scan()["reason"])


@gives("venue_unknown")
def a_venue_of_another_operator(live: Live) -> str:
    return reason(live(), venue_id=make_venue(make_organisation()).pk)


@gives("venue_unknown")
def a_venue_that_is_nowhere(live: Live) -> str:
    return reason(live(), venue_id=2**62)


@gives("venue_closed")
def a_venue_that_closed(live: Live) -> str:
    life = live()
    close_venue(by=SYSTEM, venue=life.scheme.venue, on=TODAY)
    return reason(life)


@gives("venue_outside_territory")
def a_venue_outside_the_territory(live: Live) -> str:
    life = live()
    venue = make_venue(life.scheme.operator, LIMOGES)
    make_offer(venue, life.scheme.programme, life.scheme.service)
    return reason(life, venue_id=venue.pk)


@gives("service_unknown")
def a_service_that_is_in_no_list(live: Live) -> str:
    return reason(live(), service="jardinage")


@gives("service_outside_programme")
def a_service_the_programme_does_not_pay(live: Live) -> str:
    life = live()
    update_rules(by=SYSTEM, programme=life.scheme.programme, services=[make_service()])
    return reason(life)


@gives("service_outside_qualification")
def a_service_the_operator_is_not_qualified_for(live: Live) -> str:
    life = live()
    qualify(
        by=SYSTEM,
        operator=life.scheme.operator,
        programme=life.scheme.programme,
        services=[make_service()],
        valid_from=TODAY,
        now=NOW,
    )
    return reason(life)


@gives("service_not_offered")
def a_service_the_venue_does_not_offer(live: Live) -> str:
    life = live()
    return reason(life, service=make_service().code)


@gives("service_not_offered")
def an_offer_that_ended(live: Live) -> str:
    life = live()
    end_offer(by=SYSTEM, offer=life.scheme.offer, on=TODAY)
    return reason(life)


# --- 5. The price and the ceilings ------------------------------------------------------------------------------------


@gives("above_price")
def more_passes_than_the_service_costs(live: Live) -> str:
    return reason(live(price=2), passes=3)


@gives("session_ceiling")
def more_passes_than_a_session_allows(live: Live) -> str:
    life = live(max_passes_per_session=1)
    reason(life)
    return reason(life)


@gives("session_ceiling")
def a_session_paid_twice_where_the_programme_says_nothing(live: Live) -> str:
    life = live(max_passes_per_session=None)
    reason(life)
    return reason(life, life.code(position=4))


@gives("day_ceiling")
def more_passes_than_a_day_allows(live: Live) -> str:
    life = live(max_passes_per_day=1)
    reason(life)
    return reason(life)


@gives("person_ceiling")
def more_passes_than_a_person_is_granted(live: Live) -> str:
    life = live(max_passes_per_person=1)
    reason(life)
    return reason(life)


# --- 6. The passes ----------------------------------------------------------------------------------------------------


@gives("already_used")
def a_pass_used_before(live: Live) -> str:
    life = live()
    reason(life, life.code(position=3))
    return reason(life, life.number(position=3))


@gives("not_enough_passes")
def more_passes_than_are_left(live: Live) -> str:
    life = live(size=5, price=3)
    reason(life)
    return reason(life)


@gives("one_pass_code")
def two_passes_on_the_code_of_one(live: Live) -> str:
    life = live(price=2)
    return reason(life, life.code(position=1), passes=2)


def shared_by_two(live: Live) -> Life:
    """Three passes given to one person, the seven others to another."""
    life = live(handed=0)
    for passes in (3, 7):
        case_file = make_case_file(life.scheme.programme, life.scheme.prescriber)
        hand_over(
            by=SYSTEM,
            prescriber=life.scheme.prescriber,
            number=life.number(),
            case_file=case_file,
            passes=passes,
            now=NOW,
        )
    return life


@gives("shared_booklet")
def the_cover_of_a_booklet_that_two_people_share(live: Live) -> str:
    life = shared_by_two(live)
    return reason(life, life.code())


@gives("shared_booklet")
def the_number_of_a_booklet_given_twice_to_nobody_known(live: Live) -> str:
    life = live(handed=0)
    for passes in (3, 7):
        hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(), passes=passes, now=NOW)
    return reason(life)


def test_a_programme_without_off_line_takes_scans_on_line(live: Live) -> None:
    life = live(offline_max_days=0)
    assert life.scan(now=NOW + timedelta(seconds=9))["reason"] is None
    assert (
        life.scan(now=NOW + timedelta(minutes=11))["message"]
        == "Ce scan a attendu hors ligne plus de quelques minutes."
    )


@pytest.mark.parametrize(("days", "delay"), [(1, "1 jour"), (2, "2 jours")])
def test_a_scan_too_late_says_the_delay(live: Live, days: int, delay: str) -> None:
    life = live(offline_max_days=days)
    late = life.scan(now=NOW + timedelta(days=days, minutes=11))
    assert late["message"] == f"Ce scan a attendu hors ligne plus de {delay}."


# --- what is checked --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "case"),
    [(code, case) for code, cases in CASES.items() for case in cases],
    ids=lambda value: str(value)[:60],
)
def test_a_scan_is_refused_for(live: Live, code: str, case: Callable[[Live], str]) -> None:
    assert case(live) == code


def test_every_reason_of_the_protocol_happens_in_a_test() -> None:
    assert set(CASES) == {refusal.code for refusal in refusals.SCAN_REFUSALS}


def test_the_list_of_the_protocol_is_complete_and_without_repetition() -> None:
    declared = [value for value in vars(refusals).values() if isinstance(value, Refusal)]
    assert list(refusals.SCAN_REFUSALS) == declared
    assert len({refusal.code for refusal in declared}) == len(declared)


@pytest.mark.parametrize("refusal", refusals.SCAN_REFUSALS, ids=lambda refusal: refusal.code)
def test_a_refusal_can_be_read_aloud(refusal: Refusal) -> None:
    for text in (str(refusal.sentence), str(refusal.next_step)):
        assert re.fullmatch(r"[A-ZÀÉ].{15,160}\.", text), text


def test_each_pass_of_a_shared_booklet_is_accepted_by_itself(live: Live) -> None:
    life = shared_by_two(live)
    assert [reason(life, life.code(position=position)) for position in (3, 4)] == ["None", "None"]


def test_a_shared_booklet_is_of_one_person_once_the_other_has_used_its_part(live: Live) -> None:
    life = shared_by_two(live)
    for position in (1, 2, 3):
        reason(life, life.code(position=position))
    assert life.scan()["positions"] == [4]


def test_two_parts_given_to_one_person_make_no_shared_booklet(live: Live) -> None:
    life = live(handed=0)
    case_file = make_case_file(life.scheme.programme, life.scheme.prescriber)
    for passes in (5, 5):
        hand_over(
            by=SYSTEM,
            prescriber=life.scheme.prescriber,
            number=life.number(),
            case_file=case_file,
            passes=passes,
            now=NOW,
        )
    assert reason(life) == "None"


def test_a_refused_scan_uses_nothing_and_is_kept(live: Live) -> None:
    life = live()
    reason(life, passes=-3)
    scan = Scan.objects.get()
    assert (scan.accepted, scan.reason, scan.passes, life.booklet().used) == (False, "malformed", 1, 0)
