"""The verdicts of scans: accepted once, refused with the reason, replayed byte for byte."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from poincon.mediation.services import offer_service
from poincon.organisations.devices import Scanner
from poincon.passes.models import Booklet, Redemption, Scan
from poincon.passes.positions import mask_of
from poincon.passes.queries.device_state import device_state
from poincon.passes.services import redeem as redeem_module
from poincon.passes.services.annul import annul_own
from poincon.passes.services.redeem import redeem
from poincon.programmes.services import extend, touch_rules
from tests.factories import NOW, SYSTEM, make_agreement
from tests.lives import Life, Live


def answer(life: Life, presented: str | None = None, **changes: Any) -> dict[str, Any]:
    (text,) = redeem([life.request(presented, **changes)], scanner=life.scanner, now=NOW)
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def test_a_pass_is_accepted_by_its_signed_code(live: Live) -> None:
    life = live()
    verdict = answer(life, life.code(position=4))
    assert (verdict["outcome"], verdict["positions"], verdict["booklet"]["left"]) == ("accepted", [4], 9)


def test_a_typed_number_uses_the_next_pass(live: Live) -> None:
    life = live()
    assert [answer(life)["positions"] for _ in range(3)] == [[1], [2], [3]]


def test_a_cover_uses_the_price_of_the_service(live: Live) -> None:
    life = live(price=2)
    assert answer(life, life.code())["positions"] == [1, 2]


def test_a_redemption_freezes_what_it_is_worth(live: Live) -> None:
    life = live()
    answer(life, life.code(position=2))
    row = Redemption.objects.get()
    assert (row.value, row.day, row.commune_id, row.position) == (1000, NOW.date(), life.scheme.venue.commune_id, 2)


def test_the_same_pass_is_refused_the_second_time(live: Live) -> None:
    life = live()
    answer(life, life.code(position=1))
    verdict = answer(life, life.code(position=1))
    assert (verdict["outcome"], verdict["reason"]) == ("refused", "already_used")
    assert "4 mars 2026" in verdict["message"]


def test_replaying_a_scan_gives_its_first_answer(live: Live) -> None:
    life = live()
    request = life.request()
    first = redeem([request], scanner=life.scanner, now=NOW)
    again = redeem([request], scanner=life.scanner, now=NOW + timedelta(days=3))
    assert (first, Redemption.objects.count(), Scan.objects.count()) == (again, 1, 1)


def test_one_bad_scan_does_not_block_the_others(live: Live) -> None:
    life = live()
    requests = [life.request("pas un code"), life.request(), life.request(life.code(position=1)), life.request()]
    verdicts = [json.loads(text) for text in redeem(requests, scanner=life.scanner, now=NOW)]
    assert [verdict["reason"] for verdict in verdicts] == ["unreadable_code", None, "already_used", None]


def test_refused_scans_are_kept(live: Live) -> None:
    life = live()
    answer(life, "pas un code")
    scan = Scan.objects.get()
    assert (scan.accepted, scan.reason) == (False, "unreadable_code")


@pytest.mark.parametrize("position", [0, 5])
def test_a_booklet_not_handed_over_is_refused(live: Live, position: int) -> None:
    life = live()
    assert answer(life, life.code(rank=2, position=position))["reason"] == "not_handed_over"


def used_by_redemptions(life: Life) -> int:
    live_ones = Redemption.objects.filter(annulment=None, booklet=life.booklet())
    return mask_of(live_ones.values_list("position", flat=True))


@pytest.mark.parametrize("direct_use", [False, True])
def test_an_identifier_answered_meanwhile_uses_nothing(
    live: Live, monkeypatch: pytest.MonkeyPatch, direct_use: bool
) -> None:
    """Two requests with the same identifier at once: the second reads its first answer only as it writes."""
    life = live(handed=0 if direct_use else 1, direct_use=direct_use)
    if direct_use:
        Booklet.objects.update(holder=life.scheme.operator)
        make_agreement(life.scheme.operator, life.scheme.programme)
    first = life.request()
    (answered,) = redeem([first], scanner=life.scanner, now=NOW)
    searches: list[object] = []
    found = redeem_module._verdicts_given

    def blind_at_first(rows: redeem_module.Rows, scanner: Scanner) -> dict[UUID, str]:
        searches.append(rows)
        return found(rows, scanner) if len(searches) > 1 else {}

    monkeypatch.setattr(redeem_module, "_verdicts_given", blind_at_first)
    again, second = redeem([first, life.request()], scanner=life.scanner, now=NOW)
    assert again == answered
    assert json.loads(second)["outcome"] == "accepted"
    booklet = life.booklet()
    assert booklet.used == used_by_redemptions(life)
    assert booklet.used.bit_count() == 2
    assert booklet.handed == mask_of_hand_overs(life)


def mask_of_hand_overs(life: Life) -> int:
    return sum(life.booklet().hand_overs.values_list("passes", flat=True))


def test_an_identifier_twice_in_a_request_is_one_scan(live: Live) -> None:
    life = live()
    request = life.request()
    verdicts = redeem([request, life.request(), request], scanner=life.scanner, now=NOW)
    assert verdicts[0] == verdicts[2]
    assert Scan.objects.count() == Redemption.objects.count() == 2


def test_a_programme_without_territory_takes_every_venue(live: Live) -> None:
    life = live()
    life.scheme.programme.territories.all().delete()
    touch_rules(life.scheme.programme.pk)
    assert answer(life)["outcome"] == "accepted"


@pytest.mark.parametrize(("decided", "outcome"), [(timedelta(days=-1), "refused"), (timedelta(days=1), "accepted")])
def test_an_extension_moves_only_the_batches_ordered_before_it(live: Live, decided: timedelta, outcome: str) -> None:
    life = live()
    programme, until = life.scheme.programme, life.scheme.programme.ends_on + timedelta(days=400)
    extend(by=SYSTEM, programme=programme, until=until, reason="crue", moves_validity=True, now=NOW + decided)
    late = NOW + (life.batch.valid_until - NOW.date()) + timedelta(days=life.batch.grace_days + 1)
    assert life.scan(now=late, occurred_at=late)["outcome"] == outcome
    (told,) = [batch for batch in device_state(life.scanner, now=late)["batches"] if batch["id"] == life.batch.pk]
    assert (told["valid_until"] > life.batch.valid_until.isoformat()) is (outcome == "accepted")


def test_a_session_costs_its_price_once_to_each_person(live: Live) -> None:
    life = live(handed=2, max_passes_per_session=None)
    booklet = [life.request(life.code(position=position)) for position in range(1, 11)]
    verdicts = life.scan_all([*booklet, life.request(life.number(2))])
    assert [verdict["reason"] for verdict in verdicts] == [None, *["session_ceiling"] * 9, None]


def test_the_passes_of_a_session_may_be_scanned_one_by_one_up_to_its_price(live: Live) -> None:
    life = live(price=2, max_passes_per_session=None)
    verdicts = [life.scan(life.code(position=position)) for position in (1, 2, 3)]
    assert [verdict["reason"] for verdict in verdicts] == [None, None, "session_ceiling"]


def test_the_next_day_is_another_session(live: Live) -> None:
    life = live(max_passes_per_session=None)
    tomorrow = NOW + timedelta(days=1)
    assert [life.scan()["reason"], life.scan(occurred_at=tomorrow, now=tomorrow)["reason"]] == [None, None]


def test_a_scan_annulled_does_not_count_in_its_session(live: Live) -> None:
    life = live(max_passes_per_session=None)
    request = life.request()
    life.scan_all([request])
    annul_own(scanner=life.scanner, uuid=request.uuid, reason="erreur", now=NOW)
    assert life.scan()["reason"] is None


def test_a_session_costs_what_the_offer_of_its_day_says(live: Live) -> None:
    life = live()
    scheme, tomorrow = life.scheme, NOW + timedelta(days=1)
    offer_service(
        by=SYSTEM,
        venue=scheme.venue,
        programme=scheme.programme,
        service=scheme.service,
        price=2,
        starts_on=tomorrow.date(),
        now=NOW,
    )
    life.refresh_scanner()
    assert life.scan()["positions"] == [1]
    assert life.scan(now=tomorrow, occurred_at=tomorrow)["positions"] == [2, 3]
    assert life.scan(now=tomorrow, occurred_at=NOW)["positions"] == [4]


@pytest.mark.parametrize("typed", ["2 85 05 78 006 084 36", "Marie Dupont", "4829 1570 3000"])
def test_what_is_no_code_of_ours_is_not_kept(live: Live, typed: str) -> None:
    """A scan is sealed for ever: a social security number typed by mistake must not be in it."""
    answer(live(), typed)
    kept = Scan.objects.get().presented
    assert re.fullmatch(rf"sha256:[0-9a-f]{{16}} \({len(typed)} caractères\)", kept)


def test_a_code_is_kept_as_its_number(live: Live) -> None:
    life = live()
    answer(life, life.code(position=4))
    assert Scan.objects.get().presented == life.number(position=4)
