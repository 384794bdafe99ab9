"""The days of a story: told in the months it is about, played in the months before today."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SATURDAY = 5
Span = tuple[date, date]


@dataclass(frozen=True)
class Calendar:
    """``today`` is the day the story is played, ``told_in`` the month in which the file tells it."""

    today: date
    told_in: date
    zone: ZoneInfo

    def moved(self, value: Any) -> Any:
        """``value`` with every date in it moved by whole months, so that the told month becomes this one."""
        if isinstance(value, dict):
            return {key: self.moved(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.moved(item) for item in value)
        return self.day(value) if isinstance(value, date) else value

    def day(self, told: date) -> date:
        """The day that ``told`` becomes; the last of a month stays the last of a month."""
        return month_later(told, months_between(self.told_in, self.today))

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment of ``day`` where the story takes place."""
        return datetime.combine(day, time(hour, minute), self.zone)


def months_between(first: date, last: date) -> int:
    """How many months from the month of ``first`` to the month of ``last``."""
    return (last.year - first.year) * 12 + last.month - first.month


def month_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    length = monthrange(day.year + years, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(day.year + years, month + 1, length if is_last else min(day.day, length))


def first_of_next_month(day: date) -> date:
    """The first day of the month after ``day``."""
    return month_later(day.replace(day=1), 1)


def months_of(first: date, last: date) -> list[date]:
    """The first day of each month from ``first`` to ``last``."""
    return [month_later(first.replace(day=1), rank) for rank in range(months_between(first, last) + 1)]


def working_day(day: date, closed: Sequence[Span] = ()) -> date:
    """``day``, or the next one when places are open: from Monday to Friday, outside ``closed`` spans."""
    while True:
        over = next((last for first, last in closed if first <= day <= last), None)
        if over is not None:
            day = over + timedelta(days=1)
        elif day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        else:
            return day
