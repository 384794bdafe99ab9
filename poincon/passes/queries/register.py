"""The register of valeurs inactives: what came in, what went out, what remains, on any day.

Made of movements and hand-overs alone, which are facts: asking for a past day always gives the same answer.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, QuerySet, Sum

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.db import adapted
from poincon.organisations.models import Organisation
from poincon.passes.enums import MovementKind
from poincon.passes.models import Batch, Movement
from poincon.programmes.models import Programme

ENTERS = frozenset({MovementKind.PRINTED, MovementKind.RECEIVED, MovementKind.RECALLED, MovementKind.FOUND})
LEAVES = frozenset({MovementKind.SENT, MovementKind.DESTROYED})


@dataclass(frozen=True)
class BatchBalance:
    """Booklets of one batch at the end of a day. What remains is in stock or on its way."""

    batch: Batch
    printed: int
    handed: int
    destroyed: int
    missing: int
    on_the_way: int

    @property
    def remaining(self) -> int:
        return self.printed - self.handed - self.destroyed - self.missing

    @property
    def in_stock(self) -> int:
        return self.remaining - self.on_the_way

    @property
    def face_value(self) -> int:
        """What the passes that remain are worth on their face, in cents."""
        return self.remaining * self.batch.size * self.batch.unit_value


@dataclass(frozen=True)
class HolderBalance:
    holder: Organisation
    in_stock: int


@dataclass(frozen=True)
class Register:
    """The register of a programme at the end of ``day``, where the programme is."""

    programme: Programme
    day: date
    batches: list[BatchBalance]
    holders: list[HolderBalance]

    @property
    def remaining(self) -> int:
        return sum(batch.remaining for batch in self.batches)

    @property
    def face_value(self) -> int:
        return sum(batch.face_value for batch in self.batches)


def register_on(programme: Programme, day: date) -> Register:
    """The balances of every batch and every holder at the end of ``day``. Four statements, whatever the booklets."""
    end = _end_of(day, programme)
    moved = _moved(programme, end)
    handed = _handed(programme, end)
    by_batch: dict[int, Counter[str]] = {}
    by_holder: Counter[int] = Counter()
    for batch_id, kind, from_id, to_id, booklets in moved:
        by_batch.setdefault(batch_id, Counter())[kind] += booklets
        if kind in ENTERS:
            by_holder[to_id] += booklets
        if kind in LEAVES:
            by_holder[from_id] -= booklets
    for batch_id, holder_id, booklets in handed:
        by_batch.setdefault(batch_id, Counter())["handed"] += booklets
        by_holder[holder_id] -= booklets
    batches = Batch.objects.filter(pk__in=by_batch).order_by("number")
    return Register(programme, day, [_balance(batch, by_batch[batch.pk]) for batch in batches], _holders(by_holder))


def movements_of(programme: Programme) -> QuerySet[Movement]:
    """Every movement of a programme, latest first, with what names it."""
    return (
        Movement.objects.filter(batch__programme=programme)
        .select_related("batch", "from_holder", "to_holder", "transfer", "destruction")
        .annotate(moved=F("last_rank") - F("first_rank") + 1)
        .order_by("-at", "-pk")
    )


def _end_of(day: date, programme: Programme) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(programme.time_zone))


def _moved(programme: Programme, end: datetime) -> list[tuple[int, str, int, int, int]]:
    rows = Movement.objects.filter(batch__programme=programme, at__lt=end).order_by()
    counted = rows.values_list("batch_id", "kind", "from_holder_id", "to_holder_id").annotate(
        moved=Sum(F("last_rank") - F("first_rank") + 1)
    )
    return [(*row[:4], int(row[4])) for row in counted]


# The passes of two hand-overs never overlap: their masks add up to the whole booklet.
WHOLLY_HANDED = """
    SELECT batch_id, holder_id, COUNT(*) FROM (
        SELECT b.batch_id, b.holder_id FROM passes_handover h
        JOIN passes_booklet b ON b.id = h.booklet_id JOIN passes_batch t ON t.id = b.batch_id
        LEFT JOIN passes_handovercancellation c ON c.id = h.cancellation_id
        WHERE t.programme_id = %s AND h.at < %s AND (c.id IS NULL OR c.at >= %s)
        GROUP BY b.id, b.batch_id, b.holder_id, b.size
        HAVING SUM(h.passes) = (CAST(1 AS bigint) << b.size) - 1
    ) given GROUP BY batch_id, holder_id
"""


def _handed(programme: Programme, end: datetime) -> list[tuple[int, int, int]]:
    """Booklets wholly handed over: (batch, who held them, how many)."""
    with connection.cursor() as cursor:
        cursor.execute(WHOLLY_HANDED, adapted([programme.pk, end, end]))
        return [(batch_id, holder_id, int(booklets)) for batch_id, holder_id, booklets in cursor.fetchall()]


def _balance(batch: Batch, counted: "Counter[str]") -> BatchBalance:
    arrived = counted[MovementKind.RECEIVED] + counted[MovementKind.RECALLED] + counted[MovementKind.MISSING]
    return BatchBalance(
        batch,
        printed=counted[MovementKind.PRINTED],
        handed=counted["handed"],
        destroyed=counted[MovementKind.DESTROYED],
        missing=counted[MovementKind.MISSING] - counted[MovementKind.FOUND],
        on_the_way=counted[MovementKind.SENT] - arrived,
    )


def _holders(booklets: "Counter[int]") -> list[HolderBalance]:
    held = {holder_id: left for holder_id, left in booklets.items() if left}
    found = Organisation.objects.filter(pk__in=held).order_by(Alphabetical("name"))
    return sorted((HolderBalance(one, held[one.pk]) for one in found), key=lambda balance: -balance.in_stock)
