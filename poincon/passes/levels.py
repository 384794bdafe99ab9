"""How high something stands over time, while what enters and leaves it is still being told."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime


class Levels:
    """The level at each moment, and the highest of a stretch of time.

    ``moments`` are all those at which something will ever change. A change, or a question, costs the logarithm of their
    number: a tree whose nodes hold the sum of the changes below them, and the highest that these sums reach.
    """

    def __init__(self, moments: Iterable[datetime]) -> None:
        self._moments = sorted(set(moments))
        self._width = 1 << max(0, len(self._moments) - 1).bit_length()
        self._sums = [0] * (2 * self._width)
        self._peaks = [0] * (2 * self._width)

    def knows(self, moment: datetime) -> bool:
        """Whether something may change at this moment."""
        rank = bisect_left(self._moments, moment)
        return rank < len(self._moments) and self._moments[rank] == moment

    def change(self, moment: datetime, by: int) -> None:
        """From this moment on, one that it ``knows``, the level is higher by so much; lower when negative."""
        node = self._width + bisect_left(self._moments, moment)
        self._sums[node] += by
        self._peaks[node] = self._sums[node]
        while node := node // 2:
            left, right = 2 * node, 2 * node + 1
            self._sums[node] = self._sums[left] + self._sums[right]
            self._peaks[node] = max(self._peaks[left], self._sums[left] + self._peaks[right])

    def highest(self, since: datetime, until: datetime) -> int:
        """The highest level from ``since`` included to ``until`` excluded; a level is never under 0."""
        # The change before ``since`` gives the level there.
        first = max(0, bisect_right(self._moments, since) - 1)
        last = bisect_left(self._moments, until)
        level, most = self._before(first), 0
        for node in self._covering(first, last):
            most = max(most, level + self._peaks[node])
            level += self._sums[node]
        return most

    def _before(self, rank: int) -> int:
        """The sum of the changes of smaller rank."""
        node, total = self._width + rank, 0
        while node > 1:
            if node % 2:
                total += self._sums[node - 1]
            node //= 2
        return total

    def _covering(self, first: int, last: int) -> Iterator[int]:
        """The fewest nodes that cover these ranks (``last`` excluded), in the order of time."""
        low, high, after = first + self._width, last + self._width, list[int]()
        while low < high:
            if low % 2:
                yield low
                low += 1
            if high % 2:
                high -= 1
                after.append(high)
            low, high = low // 2, high // 2
        yield from reversed(after)
