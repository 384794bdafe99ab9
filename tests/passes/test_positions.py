from hypothesis import given
from hypothesis import strategies as st

from poincon.passes import positions
from poincon.programmes.models.programme import LARGEST_BOOKLET

SETS = st.frozensets(st.integers(1, LARGEST_BOOKLET))


@given(SETS)
def test_a_mask_keeps_its_positions(chosen: frozenset[int]) -> None:
    assert positions.positions_of(positions.mask_of(chosen)) == sorted(chosen)


@given(SETS)
def test_the_largest_booklet_fits_the_column(chosen: frozenset[int]) -> None:
    assert 0 <= positions.mask_of(chosen) < 2**63


@given(st.integers(1, LARGEST_BOOKLET))
def test_all_passes_are_all_the_positions(size: int) -> None:
    assert positions.positions_of(positions.all_passes(size)) == list(range(1, size + 1))


@given(SETS, st.integers(0, LARGEST_BOOKLET))
def test_first_passes_are_the_lowest(chosen: frozenset[int], count: int) -> None:
    assert positions.positions_of(positions.first_passes(positions.mask_of(chosen), count)) == sorted(chosen)[:count]
