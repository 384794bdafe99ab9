"""Where the programme allows it, a venue that also prescribes hands passes of its own stock over by scanning them."""

from datetime import timedelta

import pytest

from poincon.passes.enums import Custody
from poincon.passes.models import Booklet, HandOver
from tests.factories import TODAY, make_agreement
from tests.lives import Life, Live
from tests.passes.refused import reason


@pytest.fixture
def life(live: Live) -> Life:
    """Three booklets in the stock of the operator, which is agreed as a prescriber."""
    life = live(handed=0, direct_use=True)
    to_the_operator(life)
    make_agreement(life.scheme.operator, life.scheme.programme)
    return life


def to_the_operator(life: Life) -> None:
    Booklet.objects.update(holder=life.scheme.operator)


def test_the_scan_hands_the_pass_over_first(life: Life) -> None:
    assert reason(life, life.code(position=3)) == "None"
    given = HandOver.objects.get()
    assert (given.passes, given.direct, given.prescriber) == (0b100, True, life.scheme.operator)
    booklet = life.booklet()
    assert (booklet.handed, booklet.used, booklet.custody) == (0b100, 0b100, Custody.STOCK)


def test_the_last_pass_takes_the_booklet_out_of_the_stock(life: Life) -> None:
    life.scan_all([life.request() for _ in range(10)])
    assert (life.booklet().custody, HandOver.objects.count()) == (Custody.PERSON, 10)


def test_only_what_was_not_handed_over_is(life: Life) -> None:
    Booklet.objects.filter(rank=1).update(handed=0)
    reason(life, life.code(position=1))
    assert reason(life, life.code(position=1)) == "already_used"
    assert HandOver.objects.count() == 1


def test_the_stock_of_somebody_else_is_not_used(live: Live) -> None:
    life = live(handed=0, direct_use=True)
    make_agreement(life.scheme.operator, life.scheme.programme)
    assert reason(life) == "not_handed_over"


def test_the_programme_must_allow_it(live: Live) -> None:
    life = live(handed=0)
    to_the_operator(life)
    make_agreement(life.scheme.operator, life.scheme.programme)
    assert reason(life) == "not_handed_over"


@pytest.mark.parametrize(
    "dates",
    [
        {"valid_from": TODAY + timedelta(days=1)},
        {"valid_from": TODAY - timedelta(days=9), "valid_until": TODAY - timedelta(days=1)},
    ],
)
def test_the_agreement_must_hold_that_day(live: Live, dates: dict[str, object]) -> None:
    life = live(handed=0, direct_use=True)
    to_the_operator(life)
    make_agreement(life.scheme.operator, life.scheme.programme, **dates)
    assert reason(life) == "not_handed_over"


def test_booklets_on_their_way_are_not_used(live: Live) -> None:
    life = live(handed=0, direct_use=True)
    make_agreement(life.scheme.operator, life.scheme.programme)
    Booklet.objects.update(custody=Custody.TRANSIT, holder=life.scheme.operator)
    assert reason(life) == "not_handed_over"
