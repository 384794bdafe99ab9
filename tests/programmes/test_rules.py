from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poincon.programmes.enums import ChangeKind
from poincon.programmes.rules import as_long_from, is_suspended, months_from, shares, validity_end

UNTIL = date(2020, 6, 30)


@dataclass(frozen=True)
class Decision:
    kind: str
    first_day: date
    last_day: date
    moves_validity: bool = True
    decided_at: datetime = datetime(2020, 5, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Part:
    share_bp: int


def suspension(first: date, last: date, *, moves: bool = True) -> Decision:
    return Decision(ChangeKind.SUSPENSION, first, last, moves)


def extension(last: date, *, moves: bool = True) -> Decision:
    return Decision(ChangeKind.EXTENSION, UNTIL, last, moves)


def test_without_decision_nothing_moves() -> None:
    assert validity_end(UNTIL, []) == UNTIL


def test_a_suspension_gives_its_days_back() -> None:
    spring = suspension(date(2020, 3, 17), date(2020, 5, 10))
    assert validity_end(UNTIL, [spring]) == date(2020, 8, 24)


def test_decisions_that_do_not_move_validity_are_left_out() -> None:
    changes = [suspension(date(2020, 3, 17), date(2020, 5, 10), moves=False), extension(date(2021, 1, 1), moves=False)]
    assert validity_end(UNTIL, changes) == UNTIL


def test_a_suspension_past_the_end_gives_back_only_what_it_took_and_after_it() -> None:
    assert validity_end(UNTIL, [suspension(date(2020, 6, 21), date(2020, 8, 31))]) == date(2020, 9, 10)


def test_a_suspension_outside_the_validity_gives_nothing() -> None:
    before, after = suspension(date(2020, 1, 1), date(2020, 1, 31)), suspension(date(2020, 7, 1), date(2020, 7, 31))
    assert validity_end(UNTIL, [before, after], valid_from=date(2020, 2, 1)) == UNTIL


def test_an_extension_gives_at_least_its_last_day() -> None:
    assert validity_end(UNTIL, [extension(date(2020, 12, 31))]) == date(2020, 12, 31)
    assert validity_end(UNTIL, [extension(date(2020, 1, 31))]) == UNTIL


def test_an_extension_already_counts_the_suspensions_before_it() -> None:
    spring = suspension(date(2020, 3, 17), date(2020, 5, 10))
    assert validity_end(UNTIL, [spring, extension(date(2020, 12, 31))]) == date(2020, 12, 31)


def test_a_suspension_decided_later_adds_to_an_extension() -> None:
    november = suspension(date(2020, 11, 1), date(2020, 11, 30))
    assert validity_end(UNTIL, [extension(date(2020, 12, 31)), november]) == date(2021, 1, 30)


def test_an_extension_moves_only_the_batches_ordered_before_it() -> None:
    longer = extension(date(2020, 12, 31))
    before, after = longer.decided_at - timedelta(seconds=1), longer.decided_at + timedelta(seconds=1)
    assert validity_end(UNTIL, [longer], ordered_at=before) == date(2020, 12, 31)
    assert validity_end(UNTIL, [longer], ordered_at=after) == UNTIL


def test_a_suspension_to_come_moves_a_batch_ordered_after_it_was_decided() -> None:
    june = suspension(date(2020, 6, 1), date(2020, 6, 10))
    after = june.decided_at + timedelta(days=1)
    assert validity_end(UNTIL, [june, extension(date(2020, 12, 31))], ordered_at=after) == date(2020, 7, 10)


FROM = date(2020, 1, 1)
DAYS = st.integers(-30, 300).map(lambda days: FROM + timedelta(days=days))
SUSPENSIONS = st.lists(
    st.tuples(DAYS, st.integers(0, 60)).map(lambda pair: suspension(pair[0], pair[0] + timedelta(days=pair[1]))),
    max_size=5,
)


def usable_days(first: date, last: date, suspensions: list[Decision]) -> int:
    days = (first + timedelta(days=rank) for rank in range((last - first).days + 1))
    return sum(not is_suspended(day, suspensions) for day in days)


@given(SUSPENSIONS, st.integers(0, 200))
def test_a_pass_stays_usable_as_many_days_as_it_was_sold_for(suspensions: list[Decision], length: int) -> None:
    until = FROM + timedelta(days=length)
    end = validity_end(until, suspensions, valid_from=FROM)
    assert usable_days(FROM, end, suspensions) == length + 1


@given(SUSPENSIONS, DAYS, DAYS)
def test_validity_never_shrinks(suspensions: list[Decision], until: date, last: date) -> None:
    end = validity_end(until, suspensions)
    assert end >= until
    assert validity_end(until, [*suspensions, extension(last)]) == max(end, last)


def test_both_ends_of_a_suspension_are_suspended() -> None:
    changes = [suspension(date(2020, 3, 17), date(2020, 5, 10)), extension(date(2020, 12, 31))]
    days = [date(2020, 3, 16), date(2020, 3, 17), date(2020, 5, 10), date(2020, 5, 11), date(2020, 12, 31)]
    assert [is_suspended(day, changes) for day in days] == [False, True, True, False, False]


@st.composite
def fundings(draw: st.DrawFn) -> list[Part]:
    cuts = sorted(draw(st.sets(st.integers(1, 9_999), max_size=6)))
    return [Part(high - low) for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]


@given(st.integers(-(10**11), 10**11), fundings())
def test_shares_add_up_to_the_cent_and_are_fair_to_one_cent(amount: int, parts: list[Part]) -> None:
    split = shares(amount, parts)
    assert sum(cents for _, cents in split) == amount
    assert [part for part, _ in split] == parts
    assert all(abs(cents * 10_000 - amount * part.share_bp) < 10_000 for part, cents in split)


def test_the_first_creuse_programme_is_split_60_20_20() -> None:
    split = shares(1_001, [Part(6_000), Part(2_000), Part(2_000)])
    assert [cents for _, cents in split] == [601, 200, 200]


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2026, 9, 15), 6, date(2027, 3, 14)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
    ids=str,
)
def test_months_end_on_the_eve_of_the_day_they_began(first: date, months: int, last: date) -> None:
    assert months_from(first, months) == last


@pytest.mark.parametrize(
    ("as_from", "until", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31)),
        (date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31)),
        (date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 1), date(2025, 12, 31)),
        (date(2025, 9, 1), date(2026, 2, 28), date(2026, 3, 1), date(2026, 8, 31)),
        (date(2025, 3, 15), date(2026, 3, 14), date(2026, 3, 15), date(2027, 3, 14)),
        (date(2025, 3, 15), date(2025, 12, 31), date(2026, 1, 1), date(2026, 10, 31)),
        (date(2025, 3, 10), date(2025, 6, 27), date(2025, 7, 1), date(2025, 10, 31)),
        (date(2025, 3, 15), date(2025, 4, 30), date(2026, 12, 31), date(2027, 1, 31)),
    ],
    ids=str,
)
def test_what_is_done_again_lasts_as_many_months(as_from: date, until: date, first: date, last: date) -> None:
    assert as_long_from(first, as_from=as_from, until=until) == last
