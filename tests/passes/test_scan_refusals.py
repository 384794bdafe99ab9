"""Each reason to refuse a scan happens, says what it is in one sentence, and says what to do next."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from poincon.kernel.refusals import Refusal
from poincon.passes import refusals
from poincon.passes.models import Scan
from poincon.passes.services.hand_over import hand_over
from tests.factories import (
    NOW,
    SYSTEM,
    make_case_file,
)
from tests.lives import Live
from tests.passes import refused_codes, refused_places
from tests.passes.refused import CASES, reason
from tests.passes.refused_places import shared_by_two

#: Reading them tells the lives: each adds its own to CASES.
TOLD_IN = (refused_codes, refused_places)


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
    ids=lambda value: getattr(value, "__name__", value),
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
