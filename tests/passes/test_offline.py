"""A device off line may hold as many passes as its programme allows: counted afterwards, from the dates of scans."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poincon.passes.levels import Levels
from poincon.passes.offline import OfflineQueue
from poincon.passes.refusals import OFFLINE_QUEUE_FULL
from tests.factories import NOW

HOUR = timedelta(hours=1)
PROGRAMME, OTHER = 1, 2


def accepts(queue: OfflineQueue, since: float, until: float, passes: int = 1, most: int = 10) -> bool:
    """Whether passes held between these hours are accepted; they are then counted."""
    occurred_at, now = NOW + since * HOUR, NOW + until * HOUR
    fault = queue.fault(PROGRAMME, occurred_at, now, passes=passes, most=most)
    assert fault is None or fault.code == OFFLINE_QUEUE_FULL.code
    if fault is None:
        queue.hold(PROGRAMME, occurred_at, now, passes)
    return fault is None


def test_the_limit_itself_is_accepted_one_more_is_not() -> None:
    queue = OfflineQueue()
    assert [accepts(queue, minute / 60, 5) for minute in range(11)] == [True] * 10 + [False]


def test_what_was_sent_leaves_the_queue() -> None:
    queue = OfflineQueue()
    assert accepts(queue, 0, 5, 10)
    assert accepts(queue, 5, 10, 10)
    assert not accepts(queue, 4, 10, 1)


def test_a_queue_sent_in_several_requests_is_still_one() -> None:
    queue = OfflineQueue()
    assert accepts(queue, 0, 5, 6)
    assert not accepts(queue, 1, 5.1, 5)
    assert accepts(queue, 1, 5.1, 4)


def test_the_order_of_arrival_changes_nothing() -> None:
    queue = OfflineQueue()
    assert [accepts(queue, 4 - hour, 5, 4) for hour in range(3)] == [True, True, False]


def test_a_scan_forgotten_for_days_does_not_add_the_queues_that_came_and_went() -> None:
    queue = OfflineQueue()
    for day in range(3):
        assert accepts(queue, 24 * day, 24 * day + 8, 9)
    assert accepts(queue, 1, 80)


def test_a_scan_on_line_is_not_in_the_queue() -> None:
    queue = OfflineQueue()
    assert accepts(queue, 0, 5, 10)
    assert queue.fault(PROGRAMME, NOW + 5 * HOUR - timedelta(minutes=10), NOW + 5 * HOUR, passes=5, most=10) is None


def test_each_programme_has_its_limit() -> None:
    queue = OfflineQueue()
    queue.hold(OTHER, NOW, NOW + HOUR, 10)
    assert accepts(queue, 0, 1, 10)


def test_nothing_may_be_queued_where_the_limit_is_zero() -> None:
    assert not accepts(OfflineQueue(), 0, 1, 1, most=0)


def test_the_sentence_says_the_limit() -> None:
    fault = OfflineQueue().fault(PROGRAMME, NOW, NOW + HOUR, passes=11, most=10)
    assert fault is not None
    assert "les 10 pass" in str(fault.sentence)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3)), min_size=1, max_size=40), st.randoms())
def test_a_device_that_respects_the_limit_is_never_refused(steps: list[tuple[int, int]], chance: Random) -> None:
    """Scans one after the other, a sync now and then, what is left for later too: the device counts what it holds."""
    queue, waiting, most = OfflineQueue(), list[tuple[int, int]](), 8
    for hour, (choice, passes) in enumerate(steps):
        if choice and sum(held for _, held in waiting) + passes <= most:
            waiting.append((hour, passes))
        elif waiting:
            kept = chance.randrange(len(waiting))
            chance.shuffle(waiting)
            sent, waiting = waiting[kept:], waiting[:kept]
            assert all(accepts(queue, since, hour + 0.5, held, most) for since, held in sent)
    assert all(accepts(queue, since, len(steps) + 0.5, held, most) for since, held in waiting)


@pytest.mark.parametrize("excess", [1, 5])
def test_a_device_that_ignores_it_is_refused_the_excess(excess: int) -> None:
    queue = OfflineQueue()
    assert sum(accepts(queue, minute / 60, 5) for minute in range(10 + excess)) == 10


#: Whole hours: many scans begin or leave at the same moment.
LAST_HOUR = 12
STRETCHES = st.integers(0, LAST_HOUR - 1).flatmap(
    lambda since: st.tuples(st.just(since), st.integers(since + 1, LAST_HOUR), st.integers(1, 4))
)


def plainly(held: list[tuple[int, int, int]], since: int, until: int) -> int:
    """The most held at one moment, looked for at each half hour."""
    halves = [hour / 2 for hour in range(2 * since, 2 * until)]
    return max(sum(passes for begin, end, passes in held if begin <= half < end) for half in halves)


@given(st.lists(STRETCHES, max_size=30), st.lists(STRETCHES, max_size=30), st.booleans())
def test_each_scan_is_answered_as_if_the_whole_queue_were_counted_again(
    before: list[tuple[int, int, int]], sent: list[tuple[int, int, int]], announced: bool
) -> None:
    rows = [(PROGRAMME, NOW + since * HOUR, NOW + until * HOUR, passes) for since, until, passes in before]
    moments = [NOW + hour * HOUR for since, until, _ in sent for hour in (since, until)] if announced else []
    queue, held, most = OfflineQueue(rows, moments=moments), list(before), 8
    for since, until, passes in sent:
        expected = plainly(held, since, until) + passes <= most
        assert accepts(queue, since, until, passes, most) == expected
        if expected:
            held.append((since, until, passes))


def test_a_long_queue_beyond_the_limit_is_not_counted_again_for_each_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    measured, whole = list[int](), OfflineQueue._measured

    def counted(queue: OfflineQueue, programme_id: int) -> Levels:
        measured.append(programme_id)
        return whole(queue, programme_id)

    monkeypatch.setattr(OfflineQueue, "_measured", counted)
    hours = [minute / 60 for minute in range(1_000)]
    queue = OfflineQueue(moments=[NOW + hour * HOUR for hour in (*hours, 20)])
    assert sum(accepts(queue, hour, 20, most=900) for hour in hours) == 900
    assert measured == [PROGRAMME]
