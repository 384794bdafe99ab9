"""A prescriber gives a booklet to a person, whole or in part, and may take the gesture back while nothing is used."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from poincon.network.enums import TrainingKind
from poincon.network.services import agree_prescriber, record_training
from poincon.organisations.enums import Role
from poincon.passes.enums import BlockReason, Custody
from poincon.passes.models import HandOver
from poincon.passes.services.annul import annul
from poincon.passes.services.block import block
from poincon.passes.services.hand_over import cancel_hand_over, hand_over
from poincon.programmes.enums import IdentityLevel
from tests.factories import NOW, SYSTEM, TODAY, make_case_file, make_membership, make_organisation, make_scheme
from tests.lives import Life, Live
from tests.refusing import refused


def give(life: Life, rank: int = 1, **asked: Any) -> HandOver:
    facts: dict[str, Any] = {
        "by": SYSTEM,
        "prescriber": life.scheme.prescriber,
        "number": life.number(rank),
        "now": NOW,
    }
    return hand_over(**(facts | asked))


@pytest.fixture
def life(live: Live) -> Life:
    """Three booklets of ten passes in the stock of the prescriber."""
    return live(handed=0)


def test_a_whole_booklet_is_in_somebody_s_hands(life: Life) -> None:
    given = give(life)
    assert given.passes == 2**10 - 1
    booklet = life.booklet()
    assert (booklet.handed, booklet.custody, booklet.holder) == (2**10 - 1, Custody.PERSON, life.scheme.prescriber)


def test_some_passes_are_given_and_the_rest_stays_in_stock(life: Life) -> None:
    give(life, passes=3)
    assert (life.booklet().handed, life.booklet().custody) == (0b111, Custody.STOCK)


def test_the_next_passes_go_to_the_next_person(life: Life) -> None:
    give(life, passes=3)
    assert give(life, passes=2).passes == 0b11000
    assert give(life).passes == 0b1111100000
    assert life.booklet().custody == Custody.PERSON


def test_a_scanned_cover_is_a_number_too(life: Life) -> None:
    assert give(life, number=life.code()).booklet == life.booklet()


def test_a_person_s_case_file_is_kept(life: Life) -> None:
    case_file = make_case_file(life.scheme.programme, life.scheme.prescriber)
    assert give(life, case_file=case_file).case_file == case_file


@pytest.mark.parametrize("passes", [0, -1, 11])
def test_a_number_of_passes_that_is_not_there_is_refused(life: Life, passes: int) -> None:
    with refused("too_few_passes"):
        give(life, passes=passes)
    assert life.booklet().handed == 0


def test_a_booklet_in_somebody_s_hands_is_not_given_again(life: Life) -> None:
    give(life)
    with refused("booklet_not_in_your_stock"):
        give(life)


def test_an_unknown_number_is_refused(life: Life) -> None:
    with refused("booklet_number_wrong"):
        give(life, number="12 34")


def test_another_prescriber_does_not_give_it(life: Life) -> None:
    other = make_organisation(is_prescriber=True)
    agree_prescriber(by=SYSTEM, prescriber=other, programme=life.scheme.programme, valid_from=TODAY)
    with refused("booklet_not_in_your_stock"):
        give(life, prescriber=other)


def test_an_inert_booklet_is_not_given(life: Life) -> None:
    life.batch.booklets.update(validity=0)
    with refused("booklet_not_usable", match="inerte"):
        give(life)


def test_a_blocked_booklet_is_not_given(life: Life) -> None:
    block(by=SYSTEM, number=life.number(), reason=BlockReason.ERROR, now=NOW)
    with refused("booklet_not_usable", match="opposition"):
        give(life)


def test_the_last_day_of_validity_is_a_day_to_give(life: Life) -> None:
    last = NOW + (life.batch.valid_until - TODAY)
    assert give(life, now=last)
    with refused("booklet_out_of_date", match="3 mars 2027"):
        give(life, 2, now=last + timedelta(days=1))


def test_days_are_those_of_the_programme(life: Life) -> None:
    programme = life.scheme.programme
    programme.time_zone = "Pacific/Noumea"
    programme.save()
    day = life.batch.valid_until
    # In Nouméa it is already the next day.
    with refused("booklet_out_of_date"):
        give(life, now=datetime(day.year, day.month, day.day, 20, tzinfo=UTC))


def test_without_an_agreement_nothing_is_given(life: Life) -> None:
    agree_prescriber(
        by=SYSTEM,
        prescriber=life.scheme.prescriber,
        programme=life.scheme.programme,
        valid_from=TODAY - timedelta(days=30),
        valid_until=TODAY - timedelta(days=1),
    )
    with refused("prescriber_without_agreement"):
        give(life)


def test_a_training_may_be_asked_first(live: Live) -> None:
    life = live(handed=0, prescriber_training_required=True)
    actor = life.scheme.actor(Role.PRESCRIBER)
    with refused("prescriber_not_trained"):
        give(life, by=actor)
    assert actor.user is not None
    record_training(
        by=SYSTEM,
        user=actor.user,
        programme=life.scheme.programme,
        kind=TrainingKind.PRESCRIBER,
        done_on=TODAY,
        now=NOW,
    )
    assert give(life, by=actor)


def test_a_mediator_s_training_is_not_a_prescriber_s(live: Live) -> None:
    life = live(handed=0, prescriber_training_required=True)
    actor = life.scheme.actor(Role.PRESCRIBER)
    assert actor.user is not None
    record_training(
        by=SYSTEM, user=actor.user, programme=life.scheme.programme, kind=TrainingKind.MEDIATOR, done_on=TODAY, now=NOW
    )
    with refused("prescriber_not_trained"):
        give(life, by=actor)


@pytest.mark.parametrize("level", [IdentityLevel.CONTACT, IdentityLevel.IDENTIFIED])
def test_a_programme_may_ask_to_whom(live: Live, level: IdentityLevel) -> None:
    life = live(handed=0, identity_level=level)
    with refused("case_file_needed"):
        give(life)
    assert give(life, case_file=make_case_file(life.scheme.programme, life.scheme.prescriber))


def test_a_case_file_of_another_prescriber_is_refused(life: Life) -> None:
    case_file = make_case_file(life.scheme.programme, make_organisation(is_prescriber=True))
    with refused("case_file_of_another"):
        give(life, case_file=case_file)


def test_a_case_file_of_another_programme_is_refused(life: Life) -> None:
    case_file = make_case_file(make_scheme().programme, life.scheme.prescriber)
    with refused("case_file_of_another"):
        give(life, case_file=case_file)


# --- cancel -----------------------------------------------------------------------------------------------------------


def cancel(given: HandOver, **asked: Any) -> HandOver:
    facts: dict[str, Any] = {"by": SYSTEM, "hand_over": given, "reason": "mauvaise personne", "now": NOW}
    return cancel_hand_over(**(facts | asked))


def test_a_cancelled_booklet_is_back_in_stock(life: Life) -> None:
    given = cancel(give(life))
    assert (life.booklet().handed, life.booklet().custody) == (0, Custody.STOCK)
    assert given.cancellation is not None
    assert given.cancellation.reason == "mauvaise personne"


def test_cancelling_one_part_leaves_the_other(life: Life) -> None:
    first = give(life, passes=3)
    give(life)
    cancel(first)
    assert (life.booklet().handed, life.booklet().custody) == (0b1111111000, Custody.STOCK)


def test_passes_taken_back_are_given_again(life: Life) -> None:
    cancel(give(life, passes=3))
    assert give(life, passes=2).passes == 0b11


def test_a_hand_over_is_cancelled_once(life: Life) -> None:
    given = cancel(give(life))
    with refused("hand_over_already_cancelled"):
        cancel(given)


def test_a_hand_over_that_served_stands(life: Life) -> None:
    given = give(life)
    life.scan()
    with refused("hand_over_used"):
        cancel(given)


def test_the_use_of_another_s_passes_does_not_hold_it(life: Life) -> None:
    give(life, passes=1)
    second = give(life, passes=1)
    life.scan()
    assert cancel(second).cancellation is not None


def test_once_its_use_is_annulled_it_may_be_cancelled(life: Life) -> None:
    given = give(life)
    verdict = life.scan()
    annul(by=SYSTEM, uuid=verdict["id"], reason="erreur", now=NOW)
    assert cancel(given).cancellation is not None


def test_a_lost_booklet_does_not_come_back_to_the_stock(life: Life) -> None:
    given = give(life)
    block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, now=NOW)
    cancel(given)
    assert life.booklet().custody == Custody.LOST


def test_the_prescriber_who_gave_cancels(life: Life) -> None:
    given = give(life)
    other = make_organisation(is_prescriber=True)
    stranger = life.scheme.actor(Role.COORDINATOR)
    with refused("right_missing"):
        cancel(given, by=stranger)
    make_membership(Role.PRESCRIBER, other, user=stranger.user)
    assert cancel(given, by=life.scheme.actor(Role.PRESCRIBER)).cancellation is not None
