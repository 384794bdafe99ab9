"""What waits for somebody in a programme: batches between two steps, parcels, booklets that sleep."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Batch, Booklet, HandOver, Transfer

#: Long enough for the post and for somebody's holidays.
PARCEL_IS_LATE = timedelta(days=14)
#: A discrepancy is looked into at once, or it never is.
DISCREPANCY_IS_RECENT = timedelta(days=60)
BOOKLETS_SLEEP = timedelta(days=60)


@dataclass(frozen=True)
class WaitingBatches:
    """The batches of a programme that wait for a decision, oldest first."""

    to_approve: tuple[Batch, ...]
    to_print: tuple[Batch, ...]
    to_activate: tuple[Batch, ...]


def waiting_batches(programme_id: int) -> WaitingBatches:
    """The batches ordered that are not active yet, by what they wait for. One statement."""
    waiting = Batch.objects.filter(programme=programme_id, cancelled_at=None, activated_at=None, expired_at=None)
    batches = list(waiting.order_by("number"))
    return WaitingBatches(
        to_approve=tuple(one for one in batches if one.proof_approved_at is None and one.printed_at is None),
        to_print=tuple(one for one in batches if one.proof_approved_at is not None and one.printed_at is None),
        to_activate=tuple(one for one in batches if one.printed_at is not None),
    )


@dataclass(frozen=True)
class WaitingParcels:
    """Parcels on their way for too long, and those that did not hold what their slip says."""

    late: int
    in_discrepancy: int


def waiting_parcels(programme_id: int, now: datetime) -> WaitingParcels:
    """The parcels of a programme that somebody should look for. One statement."""
    counted = Transfer.objects.filter(programme=programme_id).aggregate(
        late=Count("pk", filter=Q(received_at=None, recalled_at=None, sent_at__lt=now - PARCEL_IS_LATE)),
        in_discrepancy=Count("pk", filter=~Q(discrepancy="") & Q(received_at__gte=now - DISCREPANCY_IS_RECENT)),
    )
    return WaitingParcels(**counted)


@dataclass(frozen=True)
class SleepingStock:
    """Booklets ready to be handed over at one holder, where nothing moved since that day."""

    holder_id: int
    holder: str
    booklets: int
    since: datetime


def sleeping_stock(programme_id: int, now: datetime) -> list[SleepingStock]:
    """The holders whose booklets have slept for two months, most booklets first. Three statements.

    A stock wakes when a booklet of it is handed over, when a parcel arrives, when a batch of it is activated.
    """
    held = (
        Booklet.objects.filter(batch__programme=programme_id, custody=Custody.STOCK, validity=Validity.ACTIVE)
        .order_by()
        .values_list("holder_id", "holder__name")
        .annotate(booklets=Count("pk"), activated=Max("batch__activated_at"))
    )
    given = HandOver.objects.filter(booklet__batch__programme=programme_id, cancellation=None).order_by()
    last_given = dict(given.values_list("prescriber_id").annotate(last=Max("at")))
    received = Transfer.objects.filter(programme=programme_id, received_at__isnull=False).order_by()
    last_received = dict(received.values_list("receiver_id").annotate(last=Max("received_at")))
    found = [
        SleepingStock(holder_id, name, booklets, _latest(activated, last_given, last_received, holder_id))
        for holder_id, name, booklets, activated in held
        if holder_id is not None
    ]
    asleep = [stock for stock in found if stock.since < now - BOOKLETS_SLEEP]
    return sorted(asleep, key=lambda stock: (-stock.booklets, stock.holder))


def _latest(activated: datetime, given: dict[int, datetime], received: dict[int, datetime], holder_id: int) -> datetime:
    return max(activated, given.get(holder_id, activated), received.get(holder_id, activated))
