"""What one person may use in a session, in a day, in all: over all its booklets, and no one else's."""

import pytest

from poincon.beneficiaries.models import CaseFile
from poincon.passes.enums import BlockReason
from poincon.passes.services.annul import annul
from poincon.passes.services.block import block, replace
from poincon.passes.services.hand_over import hand_over
from poincon.programmes.services import update_rules
from tests.factories import NOW, SYSTEM, make_case_file, make_offer, make_service, make_venue
from tests.lives import Life, Live
from tests.passes.refused import DAY, reason

YES = "None"


def give(life: Life, rank: int = 1, case_file: CaseFile | None = None, passes: int | None = None) -> None:
    hand_over(
        by=SYSTEM,
        prescriber=life.scheme.prescriber,
        number=life.number(rank),
        case_file=case_file,
        passes=passes,
        now=NOW,
    )


def somebody(life: Life) -> CaseFile:
    return make_case_file(life.scheme.programme, life.scheme.prescriber)


def test_a_session_is_a_day_a_venue_and_a_service(live: Live) -> None:
    life = live(max_passes_per_session=1)
    scheme = life.scheme
    elsewhere = make_venue(scheme.operator)
    make_offer(elsewhere, scheme.programme, scheme.service)
    other = make_service()
    make_offer(scheme.venue, scheme.programme, other)
    assert [reason(life), reason(life)] == [YES, "session_ceiling"]
    assert reason(life, venue_id=elsewhere.pk) == YES
    assert reason(life, service=other.code) == YES
    assert reason(life, occurred_at=NOW + DAY, now=NOW + DAY) == YES


def test_a_day_is_a_day_wherever_it_is_spent(live: Live) -> None:
    life = live(max_passes_per_day=2)
    elsewhere = make_venue(life.scheme.operator)
    make_offer(elsewhere, life.scheme.programme, life.scheme.service)
    assert [reason(life), reason(life, venue_id=elsewhere.pk)] == [YES, YES]
    assert reason(life) == "day_ceiling"
    assert reason(life, occurred_at=NOW + DAY, now=NOW + DAY) == YES


def test_a_scan_of_several_passes_counts_them(live: Live) -> None:
    life = live(max_passes_per_day=3, price=2)
    assert [reason(life), reason(life)] == [YES, "day_ceiling"]
    assert reason(life, passes=1) == YES


def test_a_person_s_ceiling_holds_over_all_its_booklets(live: Live) -> None:
    life = live(handed=0, max_passes_per_person=2)
    person = somebody(life)
    give(life, 1, person)
    give(life, 2, person)
    assert [reason(life, life.number(1)), reason(life, life.number(2))] == [YES, YES]
    assert [reason(life, life.number(1)), reason(life, life.number(2))] == ["person_ceiling"] * 2


def test_another_person_has_its_own_ceiling(live: Live) -> None:
    life = live(handed=0, max_passes_per_person=1)
    give(life, 1, somebody(life))
    give(life, 2, somebody(life))
    assert [reason(life, life.number(1)), reason(life, life.number(2))] == [YES, YES]


def test_without_a_case_file_the_booklet_is_the_person(live: Live) -> None:
    life = live(handed=2, max_passes_per_person=1)
    assert [reason(life, life.number(1)), reason(life, life.number(2))] == [YES, YES]
    assert reason(life, life.number(1)) == "person_ceiling"


def test_two_people_share_a_booklet_not_a_ceiling(live: Live) -> None:
    life = live(handed=0, max_passes_per_person=1)
    give(life, 1, somebody(life), passes=2)
    give(life, 1, somebody(life), passes=2)
    assert [reason(life, life.code(position=1)), reason(life, life.code(position=3))] == [YES, YES]
    assert reason(life, life.code(position=4)) == "person_ceiling"


@pytest.mark.parametrize("named_first", [True, False])
def test_a_named_and_an_unnamed_person_share_a_booklet(live: Live, named_first: bool) -> None:
    life = live(handed=0, max_passes_per_person=1)
    give(life, 1, somebody(life) if named_first else None, passes=2)
    give(life, 1, None if named_first else somebody(life), passes=2)
    assert [reason(life, life.code(position=1)), reason(life, life.code(position=3))] == [YES, YES]
    assert [reason(life, life.code(position=2)), reason(life, life.code(position=4))] == ["person_ceiling"] * 2


def test_scans_of_one_request_count_one_after_the_other(live: Live) -> None:
    life = live(handed=0, max_passes_per_day=2)
    person = somebody(life)
    give(life, 1, person)
    give(life, 2, person)
    requests = [life.request(life.number(rank)) for rank in (1, 2, 1, 2)]
    verdicts = [verdict["reason"] for verdict in life.scan_all(requests)]
    assert verdicts == [None, None, "day_ceiling", "day_ceiling"]


def test_an_annulled_scan_does_not_count(live: Live) -> None:
    life = live(max_passes_per_day=1)
    verdict = life.scan()
    annul(by=SYSTEM, uuid=verdict["id"], reason="erreur", now=NOW)
    assert reason(life) == YES


def test_a_replaced_booklet_still_counts(live: Live) -> None:
    life = live(handed=0, max_passes_per_person=2)
    give(life, 1, somebody(life))
    assert reason(life) == YES
    block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, now=NOW)
    replace(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(), new_number=life.number(2), now=NOW)
    assert [reason(life, life.number(2)), reason(life, life.number(2))] == [YES, "person_ceiling"]


def test_a_ceiling_set_later_counts_what_was_used_before(live: Live) -> None:
    life = live(max_passes_per_session=2)
    assert [reason(life), reason(life)] == [YES, YES]
    update_rules(by=SYSTEM, programme=life.scheme.programme, max_passes_per_session=2, max_passes_per_person=2)
    assert reason(life, occurred_at=NOW + DAY, now=NOW + DAY) == "person_ceiling"
