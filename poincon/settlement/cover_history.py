"""The cover of a programme over time, computed again from its facts: what was received, what was engaged.

Nothing is stored: a fact recorded today about the past changes no curve, because each counts from the moment it was
recorded. The last point is the cover of now (``passes.cover``): a test says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from poincon.kernel.db import BitCount
from poincon.kernel.money import WHOLE_BP
from poincon.passes.enums import Custody, MovementKind, Validity
from poincon.passes.models import Batch, Booklet, Movement
from poincon.programmes.models import FundingReceipt, Programme
from poincon.settlement.enums import PaymentState, StatementState
from poincon.settlement.models import Payment, StatementLine

#: A moment and the cents that came, or went, then.
Step = tuple[datetime, int]


@dataclass(frozen=True)
class CoverPoint:
    """The cover at one moment, in cents. ``ratio_bp`` is None while nothing was engaged."""

    at: datetime
    received: int
    engaged: int

    @property
    def ratio_bp(self) -> int | None:
        return self.received * WHOLE_BP // self.engaged if self.engaged else None


def cover_history(programme: Programme, moments: Sequence[datetime]) -> list[CoverPoint]:
    """The cover at each of these moments, in their order. Seven statements, whatever the programme's size."""
    received = list(_received(programme.pk))
    engaged = [*_engaged(programme.pk), *_owed_back(programme)]
    return [CoverPoint(at, _until(received, at), _until(engaged, at)) for at in moments]


def month_ends(programme: Programme, now: datetime) -> list[datetime]:
    """The end of each month since the programme began, or since money was first recorded, then the present moment."""
    zone = ZoneInfo(programme.time_zone)
    first_receipt = FundingReceipt.objects.filter(programme=programme).order_by("recorded_at").first()
    known = now if first_receipt is None else min(first_receipt.recorded_at, now)
    month = min(known.astimezone(zone).date(), programme.starts_on).replace(day=1)
    ends = []
    while (end := _next_month(month)) <= now.astimezone(zone).date():
        ends.append(datetime.combine(end, time.min, tzinfo=zone) - timedelta(microseconds=1))
        month = end
    return [*ends, now]


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _until(steps: Iterable[Step], at: datetime) -> int:
    return sum(cents for moment, cents in steps if moment <= at)


def _received(programme_id: int) -> Iterator[Step]:
    # Cash that honours a commitment is not money more, nor is what corrects it money less.
    counted = FundingReceipt.objects.filter(programme=programme_id, realises=None).order_by()
    yield from counted.values_list("recorded_at", "amount")


def _engaged(programme_id: int) -> Iterator[Step]:
    """The value of usable passes comes when a batch is activated; what is left of it goes when a booklet stops.

    A pass used stays engaged, whether its booklet stops later or not.
    """
    batches = Batch.objects.filter(programme=programme_id, activated_at__isnull=False).in_bulk()
    for batch in batches.values():
        if batch.activated_at is not None:
            yield batch.activated_at, batch.quantity * batch.size * batch.unit_value
    for batch_id, stopped_at, passes in _stopped(programme_id):
        activated_at = batches[batch_id].activated_at
        if activated_at is not None:
            # What stopped while inert never counted.
            yield max(stopped_at, activated_at), -passes * batches[batch_id].unit_value


def _stopped(programme_id: int) -> Iterator[tuple[int, datetime, int]]:
    """(batch, when, passes never used) of the booklets of activated batches that are no longer usable."""
    booklets = Booklet.objects.filter(batch__programme=programme_id, batch__activated_at__isnull=False)
    # Inert in an activated batch: destroyed before.
    yield from _unused(booklets.filter(validity=Validity.INERT), "batch__activated_at")
    yield from _unused(booklets.filter(validity=Validity.EXPIRED), "batch__expired_at")
    yield from _unused(booklets.filter(validity=Validity.BLOCKED), "block__at")
    destruction = Movement.objects.filter(
        batch=OuterRef("batch"),
        kind=MovementKind.DESTROYED,
        first_rank__lte=OuterRef("rank"),
        last_rank__gte=OuterRef("rank"),
    ).order_by("pk")
    destroyed = booklets.filter(validity=Validity.ACTIVE, custody=Custody.DESTROYED)
    yield from _unused(destroyed.annotate(destroyed_at=Subquery(destruction.values("at")[:1])), "destroyed_at")


def _unused(booklets: QuerySet[Booklet], moment: str) -> Iterator[tuple[int, datetime, int]]:
    counted = booklets.order_by("batch_id").values_list("batch_id", moment)
    yield from counted.annotate(unused=Sum(F("size") - BitCount("used")))


def _owed_back(programme: Programme) -> Iterator[Step]:
    """What was paid for passes annulled since, until a statement takes it back: it covers nothing meanwhile."""
    back = StatementLine.objects.filter(redemption=OuterRef("redemption"), sign=-1, cancelled_at=None)
    paid = Payment.objects.filter(statement=OuterRef("statement"), state=PaymentState.PAID)
    rows = (
        StatementLine.objects.filter(
            statement__programme=programme,
            statement__state=StatementState.PAID,
            sign=1,
            cancelled_at=None,
            redemption__annulment__isnull=False,
        )
        .annotate(
            paid_on=Subquery(paid.order_by("-pk").values("decided_on")[:1]),
            back_at=Subquery(back.order_by("pk").values("statement__closed_at")[:1]),
        )
        .order_by("pk")
    )
    zone = ZoneInfo(programme.time_zone)
    for value, annulled_at, paid_on, back_at in rows.values_list(
        "value", "redemption__annulment__at", "paid_on", "back_at"
    ):
        since = max(annulled_at, datetime.combine(paid_on, time.min, tzinfo=zone)) if paid_on else annulled_at
        if back_at is None or back_at > since:
            yield since, value
            if back_at is not None:
                yield back_at, -value
