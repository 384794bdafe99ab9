"""What waits for somebody in a programme: batches between two steps, parcels."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from poincon.passes.models import Batch, Transfer

#: Long enough for the post and for somebody's holidays.
PARCEL_IS_LATE = timedelta(days=14)
#: The condition that a parcel received did not hold what its slip says, and nobody said yet how that ended.
DISCREPANCY_WAITS = ~Q(discrepancy="") & Q(resolved_at=None)
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
    """Parcels on their way for too long, and those whose discrepancy waits for its end."""

    late: int
    in_discrepancy: int


def waiting_parcels(programme_id: int, now: datetime) -> WaitingParcels:
    """The parcels of a programme that somebody should look for. One statement."""
    counted = Transfer.objects.filter(programme=programme_id).aggregate(
        late=Count("pk", filter=Q(received_at=None, recalled_at=None, sent_at__lt=now - PARCEL_IS_LATE)),
        in_discrepancy=Count("pk", filter=DISCREPANCY_WAITS),
    )
    return WaitingParcels(**counted)
