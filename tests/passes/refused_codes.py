"""Lives in which a scan is refused: what each code of the protocol looks like, from the code to the day."""

from datetime import datetime, timedelta, timezone

from poincon.organisations.devices import Scanner
from poincon.passes import codes, keys
from poincon.passes.enums import BlockReason
from poincon.passes.ranges import BookletRange
from poincon.passes.services.activate import expire
from poincon.passes.services.block import block
from poincon.passes.services.hand_over import hand_over
from poincon.passes.services.move import destroy
from poincon.passes.services.order import enter_stock, order_batch
from poincon.passes.services.printing import approve_proof
from poincon.programmes.services import suspend
from tests.factories import (
    NOW,
    SYSTEM,
    TODAY,
    make_organisation,
    make_user,
)
from tests.lives import Live
from tests.passes.refused import DAY, gives, reason

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
    destroy(
        by=SYSTEM,
        holder=life.scheme.prescriber,
        ranges=ranges,
        place="Guéret",
        method="broyage",
        witness="Anne",
        reason="abîmé",
        now=NOW,
    )
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


@gives("offline_queue_full")
def a_device_that_held_too_many_passes_off_line(live: Live) -> str:
    life = live(offline_max_passes=1)
    requests = [life.request(occurred_at=NOW), life.request(occurred_at=NOW)]
    return str(life.scan_all(requests, now=NOW + timedelta(hours=3))[1]["reason"])


@gives("offline_queue_full")
def a_device_that_sends_its_queue_in_two_requests(live: Live) -> str:
    life = live(offline_max_passes=1)
    later = NOW + timedelta(hours=3)
    life.scan(occurred_at=NOW, now=later)
    return reason(life, occurred_at=NOW, now=later)
