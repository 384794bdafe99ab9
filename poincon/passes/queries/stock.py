"""Who holds how many booklets."""

from dataclasses import dataclass

from django.db.models import Count, Q

from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Booklet
from poincon.programmes.models import Programme


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
