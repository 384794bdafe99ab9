"""The verdicts of scans: accepted once, refused with the reason, replayed byte for byte."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from poincon.passes.models import Redemption, Scan
from poincon.passes.services.redeem import redeem
from tests.factories import NOW
from tests.passes.conftest import Life

Live = Callable[..., Life]


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
    assert (scan.accepted, scan.reason, scan.presented) == (False, "unreadable_code", "pas un code")


@pytest.mark.parametrize("position", [0, 5])
def test_a_booklet_not_handed_over_is_refused(live: Live, position: int) -> None:
    life = live()
    assert answer(life, life.code(rank=2, position=position))["reason"] == "not_handed_over"
