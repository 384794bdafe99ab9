"""Dates and money of a programme. No database."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from poincon.kernel.money import split
from poincon.programmes.enums import ChangeKind


class Change(Protocol):
    """What the dates need to know of an extension or a suspension (a ``ProgrammeChange``)."""

    @property
    def kind(self) -> str: ...
    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date: ...
    @property
    def moves_validity(self) -> bool: ...
    @property
    def decided_at(self) -> datetime: ...


class Share(Protocol):
    """What a split needs to know of a funding, in basis points."""

    @property
    def share_bp(self) -> int: ...


AnyShare = TypeVar("AnyShare", bound=Share)


def months_from(first: date, months: int) -> date:
    """The last day of ``months`` months that begin on ``first``: twelve from 1 January end on 31 December."""
    years, month = divmod(first.month - 1 + months, 12)
    begins = date(first.year + years, month + 1, 1)
    same = begins + timedelta(days=first.day - 1)
    # The 31st of a shorter month is the first of the next: a programme never loses a day.
    after = same if same.month == begins.month else _end_of_month(begins) + timedelta(days=1)
    return after - timedelta(days=1)


def as_long_from(first: date, *, as_from: date, until: date) -> date:
    """The last day of what begins on ``first`` and lasts as long as from ``as_from`` until ``until``, in months.

    Whole months stay whole, an end of month stays one; what fits no month goes to the end of the month it reaches.
    """
    after = until + timedelta(days=1)
    if after.day == as_from.day:
        return months_from(first, _months_between(as_from, after))
    if after.day == 1:
        month = months_from(first.replace(day=1), _months_between(as_from, until))
        return _end_of_month(month + timedelta(days=1))
    return _end_of_month(first + (until - as_from))


def _months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def validity_end(
    valid_until: date,
    changes: Iterable[Change],
    *,
    valid_from: date | None = None,
    ordered_at: datetime | None = None,
) -> date:
    """The last day a pass is valid, given the decisions about its programme, in the order they were taken.

    An extension that moves validity gives at least its last day. A suspension that moves validity gives back, after
    it, the days it took from the validity (from ``valid_from`` on, when it is given); those that overlap count once.
    An extension was decided knowing the suspensions before it, so they add nothing on top of it. Passes ordered after
    it (``ordered_at``, when it is given) were sold with their own end: it does not move them.
    """
    end, suspensions = valid_until, list[Change]()
    for change in changes:
        if not change.moves_validity or _came_before(change, ordered_at):
            continue
        if change.kind == ChangeKind.EXTENSION:
            end, suspensions = max(_given_back(end, suspensions, valid_from), change.last_day), []
        else:
            suspensions.append(change)
    return _given_back(end, suspensions, valid_from)


def _came_before(change: Change, ordered_at: datetime | None) -> bool:
    """A suspension decided before still takes its days, so it still gives them back."""
    return change.kind == ChangeKind.EXTENSION and ordered_at is not None and change.decided_at < ordered_at


def _given_back(end: date, suspensions: list[Change], valid_from: date | None) -> date:
    counted_until = valid_from - timedelta(days=1) if valid_from else date.min
    for suspension in sorted(suspensions, key=lambda change: change.first_day):
        first = max(suspension.first_day, counted_until + timedelta(days=1))
        if first > end or suspension.last_day < first:
            continue
        taken = (min(suspension.last_day, end) - first).days + 1
        end = max(end, suspension.last_day) + timedelta(days=taken)
        counted_until = suspension.last_day
    return end


def is_suspended(day: date, changes: Iterable[Change]) -> bool:
    """Whether the programme is suspended on that day."""
    return any(
        change.kind == ChangeKind.SUSPENSION and change.first_day <= day <= change.last_day for change in changes
    )


def shares(amount: int, fundings: Sequence[AnyShare]) -> list[tuple[AnyShare, int]]:
    """What each funder pays of ``amount`` (cents); the parts add up to the cent (largest remainder)."""
    parts = split(amount, [funding.share_bp for funding in fundings])
    return list(zip(fundings, parts, strict=True))
