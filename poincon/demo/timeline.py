"""The deeds of a story, in the order of time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import heappop, heappush

from django.db import transaction

from poincon.demo.world import StoryError
from poincon.kernel.refusals import Refusal

Act = Callable[[datetime], None]
Progress = Callable[[int, int], None]


@dataclass(order=True)
class Deed:
    """Something done at a moment. ``rank`` keeps the order in which deeds of one moment were planned."""

    at: datetime
    rank: int
    act: Act = field(compare=False)


class Timeline:
    """Deeds are planned in any order, some by earlier ones, and done in time; those after the end never."""

    def __init__(self) -> None:
        self._deeds: list[Deed] = []
        self._planned = 0

    def plan(self, at: datetime, act: Act) -> None:
        """Something to do at that moment."""
        self._planned += 1
        heappush(self._deeds, Deed(at, self._planned, act))

    def play(self, *, until: datetime, progress: Progress) -> int:
        """Do everything up to ``until``, included; returns how many deeds. One transaction a day: a story is long.

        Raises StoryError when a verb refuses what the file tells.
        """
        done = 0
        while self._deeds and self._deeds[0].at <= until:
            day = self._deeds[0].at.date()
            with transaction.atomic():
                while self._deeds and self._deeds[0].at <= until and self._deeds[0].at.date() == day:
                    _do(heappop(self._deeds), day)
                    done += 1
            progress(done, done + sum(deed.at <= until for deed in self._deeds))
        return done


def _do(deed: Deed, day: date) -> None:
    try:
        deed.act(deed.at)
    except Refusal as refusal:
        raise StoryError(f"on {day}: {refusal.code}: {refusal}") from refusal
