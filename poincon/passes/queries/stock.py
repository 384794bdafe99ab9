"""Who holds how many booklets."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Booklet, HandOver
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
        .order_by("-booklets", "holder__name")
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
