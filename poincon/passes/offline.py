"""What a device holds while it is off line, and the limit that a programme sets on it (section "Offline").

The server learns of a queue only afterwards, from two dates of each scan: when it happened and when it arrived. Between
them the passes were in the queue of the device. A device that respects the limit is never refused, in whatever order
and in however many requests its scans arrive; one that ignores it is refused what it held beyond.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from poincon.kernel.db import Statement, adapted
from poincon.kernel.refusals import Refusal
from poincon.organisations.devices import Scanner
from poincon.passes.levels import Levels
from poincon.passes.refusals import OFFLINE_QUEUE_FULL

#: A scan that arrives sooner was not queued: it took its time on a slow network, from a clock that runs behind.
ON_LINE = timedelta(minutes=10)


def was_queued(occurred_at: datetime, received_at: datetime) -> bool:
    """Whether a scan waited on its device before it reached the server."""
    return received_at - occurred_at > ON_LINE


def queue_statements(scanner: Scanner, occurred: Iterable[datetime], now: datetime) -> list[Statement]:
    """What was in the queue of this device while scans that ``occurred`` were: no statement when none of them waited.

    Without a device (a mediator signed in), those of the mediator at this operator. Annulled ones were queued as well.
    """
    late = [moment for moment in occurred if was_queued(moment, now)]
    if not late:
        return []
    device = "s.device_id = %s" if scanner.device_id else "s.device_id IS NULL AND s.mediator_id = %s"
    sql = (
        "SELECT t.programme_id, s.occurred_at, s.received_at, s.passes FROM passes_scan s "
        "JOIN passes_booklet b ON b.id = s.booklet_id JOIN passes_batch t ON t.id = b.batch_id "
        f"WHERE s.operator_id = %s AND {device} AND s.accepted AND s.received_at > %s"
    )
    return [Statement(sql, adapted([scanner.operator_id, scanner.device_id or scanner.user_id, min(late)]))]


@dataclass(frozen=True, slots=True)
class _Held:
    since: datetime
    until: datetime
    passes: int


class OfflineQueue:
    """The passes that one device held off line at each moment, by programme; grows as scans are accepted.

    ``moments``: when the scans that may still be counted happened and arrived. Left out, the answers are the same, only
    slower once the limit is near.
    """

    def __init__(self, rows: Iterable[tuple[Any, ...]] = (), *, moments: Iterable[datetime] = ()) -> None:
        self._held: dict[int, list[_Held]] = {}
        self._totals: dict[int, int] = {}
        self._levels: dict[int, Levels] = {}
        self._moments = frozenset(moments)
        for programme_id, occurred_at, received_at, passes in rows:
            self.hold(programme_id, _moment(occurred_at), _moment(received_at), passes)

    def hold(self, programme_id: int, occurred_at: datetime, received_at: datetime, passes: int) -> None:
        """Count a scan that was accepted, if it was queued."""
        if not was_queued(occurred_at, received_at):
            return
        held = _Held(occurred_at, received_at, passes)
        self._held.setdefault(programme_id, []).append(held)
        self._totals[programme_id] = self._totals.get(programme_id, 0) + passes
        levels = self._levels.pop(programme_id, None)
        if levels is not None and levels.knows(occurred_at) and levels.knows(received_at):
            _enter(held, levels)
            self._levels[programme_id] = levels

    def fault(
        self, programme_id: int, occurred_at: datetime, now: datetime, *, passes: int, most: int
    ) -> Refusal | None:
        """Why ``passes`` more, queued from ``occurred_at`` until ``now``, exceed the ``most`` a device may hold."""
        if not was_queued(occurred_at, now):
            return None
        # Nearly always all of them together stay under the limit, and no moment need be looked at.
        if self._totals.get(programme_id, 0) + passes <= most:
            return None
        if self._peak(programme_id, occurred_at, now) + passes <= most:
            return None
        return OFFLINE_QUEUE_FULL.filled(most=most)

    def _peak(self, programme_id: int, since: datetime, until: datetime) -> int:
        """The most that was held at one moment between these two."""
        if programme_id not in self._levels:
            self._levels[programme_id] = self._measured(programme_id)
        return self._levels[programme_id].highest(since, until)

    def _measured(self, programme_id: int) -> Levels:
        held = self._held.get(programme_id, [])
        levels = Levels({*self._moments, *(one.since for one in held), *(one.until for one in held)})
        for one in held:
            _enter(one, levels)
        return levels


def _enter(held: _Held, levels: Levels) -> None:
    # What leaves at a moment has left when something else enters at it: there, only their sum is seen.
    levels.change(held.since, held.passes)
    levels.change(held.until, -held.passes)


def _moment(value: datetime | str) -> datetime:
    """A moment as read by a raw statement (SQLite keeps it without its zone, which is UTC)."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
