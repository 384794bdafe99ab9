import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poincon.kernel.money import NARROW_SPACE, NO_BREAK_SPACE, WHOLE_BP, euros, split


@st.composite
def shares(draw: st.DrawFn) -> list[int]:
    """Any list of shares that makes the whole."""
    cuts = sorted(draw(st.lists(st.integers(0, WHOLE_BP), max_size=6)))
    edges = [0, *cuts, WHOLE_BP]
    return [after - before for before, after in itertools.pairwise(edges)]


@given(amount=st.integers(-(10**12), 10**12), parts=shares())
def test_parts_add_up_to_the_cent(amount: int, parts: list[int]) -> None:
    assert sum(split(amount, parts)) == amount


@given(amount=st.integers(-(10**12), 10**12), parts=shares())
def test_each_part_is_within_a_cent_of_its_exact_share(amount: int, parts: list[int]) -> None:
    for share, part in zip(parts, split(amount, parts), strict=True):
        assert abs(part * WHOLE_BP - amount * share) < WHOLE_BP


@given(amount=st.integers(0, 10**12), parts=shares())
def test_taking_back_an_amount_undoes_its_split(amount: int, parts: list[int]) -> None:
    assert split(-amount, parts) == [-part for part in split(amount, parts)]


def test_the_first_programme_of_creuse_is_split_as_agreed() -> None:
    assert split(1_000, [6_000, 2_000, 2_000]) == [600, 200, 200]


def test_the_largest_remainder_gets_the_missing_cent() -> None:
    assert split(100, [3_333, 3_333, 3_334]) == [33, 33, 34]


def test_a_tie_goes_to_the_first_share() -> None:
    assert split(1, [5_000, 5_000]) == [1, 0]


@pytest.mark.parametrize("parts", [[], [9_999], [10_001], [5_000, 5_001], [-1, 10_001]])
def test_shares_that_do_not_make_the_whole_are_a_mistake(parts: list[int]) -> None:
    with pytest.raises(ValueError, match="10000 basis points"):
        split(100, parts)


@pytest.mark.parametrize(
    ("cents", "printed"),
    [
        (0, "0_€"),
        (5, "0,05_€"),
        (12_000, "120_€"),
        (123_450, "1~234,50_€"),
        (123_456_789_00, "123~456~789_€"),
        (-1_050, "-10,50_€"),
    ],
)
def test_amounts_are_printed_in_french(cents: int, printed: str) -> None:
    assert euros(cents) == printed.replace("~", NARROW_SPACE).replace("_", NO_BREAK_SPACE)
