"""Ranges of booklets, as given on a remittance slip."""

from hypothesis import given
from hypothesis import strategies as st

from poincon.passes import codes
from poincon.passes.ranges import BookletRange, checked, find_booklet, range_between, read_number, without
from tests.factories import make_scheme
from tests.lives import Live, active_batch
from tests.refusing import refused


def test_a_range_goes_from_one_printed_number_to_another(live: Live) -> None:
    life = live()
    assert range_between(life.number(1), life.number(3)) == BookletRange(life.batch.pk, 1, 3)


def test_one_booklet_is_a_range(live: Live) -> None:
    life = live()
    assert range_between(life.number(2), life.number(2)) == BookletRange(life.batch.pk, 2, 2)


def test_a_range_the_wrong_way_round_is_refused(live: Live) -> None:
    life = live()
    with refused("range_backwards"):
        range_between(life.number(3), life.number(1))


def test_a_range_stays_in_one_batch(live: Live) -> None:
    life = live()
    other = active_batch(life.scheme).booklets.get(rank=1)
    with refused("range_in_two_batches"):
        range_between(life.number(1), codes.written(other.number))


def test_a_scanned_cover_names_its_booklet(live: Live) -> None:
    life = live()
    assert find_booklet(life.code(2)) == life.booklet(2)
    assert read_number(life.code(2)) == life.booklet(2).number


def test_an_unknown_number_is_refused(live: Live) -> None:
    live()
    unknown = next(number for number in range(1, 100) if codes.is_issuable(number))
    with refused("booklet_unknown", match="0000 0000"):
        find_booklet(codes.written(unknown))


def test_a_mistyped_number_is_refused(live: Live) -> None:
    with refused("booklet_number_wrong", match="n’importe quoi"):
        find_booklet("n’importe quoi")


def test_no_range_at_all_is_refused() -> None:
    with refused("no_booklets"):
        checked([])


def test_a_booklet_named_twice_is_refused() -> None:
    with refused("ranges_overlap"):
        checked([BookletRange(1, 4, 9), BookletRange(1, 1, 4)])


def test_ranges_come_back_in_order() -> None:
    given_ranges = [BookletRange(2, 1, 3), BookletRange(1, 5, 9), BookletRange(1, 1, 4)]
    assert checked(given_ranges) == sorted(given_ranges)


def test_booklets_of_two_programmes_may_have_the_same_ranks(db: None) -> None:
    first, second = active_batch(make_scheme()), active_batch(make_scheme())
    ranges = [BookletRange(first.pk, 1, 3), BookletRange(second.pk, 1, 3)]
    assert checked(ranges) == ranges


RANGES = st.lists(st.tuples(st.integers(1, 2), st.integers(0, 5), st.integers(1, 6)), max_size=4)


@given(RANGES, st.frozensets(st.tuples(st.integers(1, 2), st.integers(1, 40)), max_size=12))
def test_taking_booklets_out_leaves_the_others(
    sizes: list[tuple[int, int, int]], out: frozenset[tuple[int, int]]
) -> None:
    whole, next_rank = [], {1: 1, 2: 1}
    for batch, gap, length in sizes:
        first = next_rank[batch] + gap
        whole.append(BookletRange(batch, first, first + length - 1))
        next_rank[batch] = first + length
    members = {(item.batch_id, rank) for item in whole for rank in range(item.first_rank, item.last_rank + 1)}
    kept = without(whole, out)
    assert {(i.batch_id, rank) for i in kept for rank in range(i.first_rank, i.last_rank + 1)} == members - out
    assert sum(map(len, kept)) == len(members - out)
