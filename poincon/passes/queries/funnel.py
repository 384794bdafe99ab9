"""Ordered → printed → delivered → handed → first use → used up: where the passes of a programme are."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Q, QuerySet

from poincon.kernel.db import BitCount, bit_count_sql
from poincon.passes.enums import Custody
from poincon.passes.models import Booklet


@dataclass(frozen=True)
class Funnel:
    """Booklets at each stage; each stage is counted inside the one before. ``passes_*`` count passes."""

    ordered: int
    printed: int
    delivered: int
    handed: int
    started: int
    used_up: int
    passes_printed: int
    passes_handed: int
    passes_used: int


def funnel(programme_id: int) -> Funnel:
    """The funnel of a programme, in one statement: what was ordered, less the batches cancelled before printing.

    "Delivered" is held by another organisation than the first stock.
    """
    used, handed = bit_count_sql("b.used"), bit_count_sql("b.handed")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), "
            "COUNT(CASE WHEN b.custody <> %s THEN 1 END), "
            "COUNT(CASE WHEN b.handed <> 0 OR (b.holder_id <> t.stock_holder_id AND b.custody <> %s) THEN 1 END), "
            "COUNT(CASE WHEN b.handed <> 0 THEN 1 END), "
            "COUNT(CASE WHEN b.used <> 0 THEN 1 END), "
            f"COUNT(CASE WHEN {used} = b.size THEN 1 END), "
            "COALESCE(SUM(CASE WHEN b.custody <> %s THEN b.size END), 0), "
            f"COALESCE(SUM({handed}), 0), COALESCE(SUM({used}), 0) "
            "FROM passes_booklet b JOIN passes_batch t ON t.id = b.batch_id "
            "WHERE t.programme_id = %s AND t.cancelled_at IS NULL",
            [Custody.ORDERED, Custody.TRANSIT, Custody.ORDERED, programme_id],
        )
        return Funnel(*map(int, cursor.fetchone()))


#: The condition of each stage, as the funnel counts it: the list behind a figure holds as many rows as it says.
STAGES: dict[str, Q] = {
    "ordered": Q(),
    "printed": ~Q(custody=Custody.ORDERED),
    "delivered": ~Q(handed=0)
    | Q(holder__isnull=False) & ~Q(holder=F("batch__stock_holder")) & ~Q(custody=Custody.TRANSIT),
    "handed": ~Q(handed=0),
    "started": ~Q(used=0),
    "used_up": Q(used_passes=F("size")),
}


def at_stage(booklets: QuerySet[Booklet], stage: str) -> QuerySet[Booklet]:
    """Those of ``booklets`` that the funnel counts at a stage (a field of ``Funnel``). Raises KeyError otherwise."""
    counted = booklets.filter(batch__cancelled_at=None)
    if stage == "used_up":
        counted = counted.annotate(used_passes=BitCount("used"))
    return counted.filter(STAGES[stage])
