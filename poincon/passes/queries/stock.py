"""Who holds how many booklets."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from poincon.kernel.alphabet import Alphabetical
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Booklet, HandOver, Transfer
from poincon.programmes.models import Programme

#: A blocked or expired booklet waits for nobody.
IN_USE = (Validity.INERT, Validity.ACTIVE)


@dataclass(frozen=True)
class HolderStock:
    """Booklets in stock at one organisation, untouched or begun (some passes handed over)."""

    holder_id: int
    holder: str
    booklets: int
    inert: int
    begun: int


def stock_by_holder(programme: Programme) -> list[HolderStock]:
    """The stock of each organisation in a programme, largest first. One statement."""
    rows = (
        Booklet.objects.filter(batch__programme=programme, custody=Custody.STOCK, holder__isnull=False)
        .values_list("holder_id", "holder__name")
        .annotate(
            booklets=Count("pk"),
            inert=Count("pk", filter=Q(validity=Validity.INERT)),
            begun=Count("pk", filter=~Q(handed=0)),
        )
        .order_by("-booklets", Alphabetical("holder__name"))
    )
    return [HolderStock(*row) for row in rows]


def stock_of(programme_id: int, holder_id: int) -> int:
    """How many booklets of a programme one organisation has in stock, begun ones included."""
    return Booklet.objects.filter(
        batch__programme=programme_id, custody=Custody.STOCK, holder=holder_id, validity__in=IN_USE
    ).count()


def last_hand_over(programme_id: int, prescriber_id: int) -> datetime | None:
    """When this prescriber last handed over a booklet of the programme."""
    given = HandOver.objects.filter(prescriber=prescriber_id, booklet__batch__programme=programme_id, cancellation=None)
    return given.order_by("-at").values_list("at", flat=True).first()


@dataclass(frozen=True)
class Glance:
    """What one holder has of a programme, in booklets. ``begun``, some passes handed over, are among ``to_hand``."""

    to_hand: int
    begun: int
    inert: int
    leaving: int
    handed: int


def glance(programme_id: int, holder_id: int) -> Glance:
    """The stock of one holder in a programme, in one statement."""
    in_stock = Q(custody=Custody.STOCK)
    counted = Booklet.objects.filter(batch__programme=programme_id, holder=holder_id).aggregate(
        to_hand=Count("pk", filter=in_stock & Q(validity=Validity.ACTIVE)),
        begun=Count("pk", filter=in_stock & Q(validity=Validity.ACTIVE) & ~Q(handed=0)),
        inert=Count("pk", filter=in_stock & Q(validity=Validity.INERT)),
        leaving=Count("pk", filter=Q(custody=Custody.TRANSIT)),
        handed=Count("pk", filter=Q(custody=Custody.PERSON)),
    )
    return Glance(**counted)


def to_hand(programme_id: int, holder_id: int) -> QuerySet[Booklet]:
    """The booklets that a holder may hand over, in the order of its pile (batch, then rank)."""
    return (
        Booklet.objects.filter(
            batch__programme=programme_id, holder=holder_id, custody=Custody.STOCK, validity=Validity.ACTIVE
        )
        .select_related("batch")
        .order_by("batch_id", "rank")
    )


def untouched(programme_id: int, holder_id: int) -> QuerySet[Booklet]:
    """The booklets in stock of which nothing was handed over: those that may be sent back, by batch and rank."""
    return Booklet.objects.filter(
        batch__programme=programme_id, holder=holder_id, custody=Custody.STOCK, handed=0
    ).order_by("batch_id", "rank")


def last_arrival(programme_id: int, holder_id: int) -> datetime | None:
    """When this holder last received a parcel of the programme."""
    received = Transfer.objects.filter(programme=programme_id, receiver=holder_id).order_by()
    found: datetime | None = received.aggregate(last=Max("received_at"))["last"]
    return found
