"""Parcels of a programme, and what a list of ranges holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.db import chunks
from poincon.kernel.models import Message
from poincon.network.models import PrescriberAgreement
from poincon.organisations.models import Organisation
from poincon.passes import codes
from poincon.passes.enums import MovementKind, Validity
from poincon.passes.models import Batch, Booklet, Movement, Transfer
from poincon.passes.notices import PARCEL_SENT
from poincon.passes.queries.stock import untouched
from poincon.passes.queries.waiting import DISCREPANCY_WAITS, PARCEL_IS_LATE
from poincon.passes.ranges import BookletRange, ranges_of, without
from poincon.programmes.models import Programme

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

#: A parcel that is on its way: neither received nor recalled.
ON_ITS_WAY = Q(received_at=None, recalled_at=None)
ENDS_AT_ONCE = 400


def transfers_of(programme_id: int) -> QuerySet[Transfer]:
    """Every parcel of a programme, with both sides."""
    return Transfer.objects.filter(programme=programme_id).select_related("sender", "receiver")


def late(now: datetime) -> Q:
    """The condition that a parcel is on its way for too long."""
    return ON_ITS_WAY & Q(sent_at__lt=now - PARCEL_IS_LATE)


class FoundSince(TypedDict):
    """How many of the booklets it lacked are in stock since; how many parcels wait like it, all told."""

    found: int
    in_all: int


def waiting_discrepancies(programme_id: int) -> QuerySet["WithAnnotations[Transfer, FoundSince]"]:
    """The parcels whose discrepancy waits for its end, latest received first. One statement, which counts them too."""
    length = F("last_rank") - F("first_rank") + 1
    found = Movement.objects.filter(transfer=OuterRef("pk"), kind=MovementKind.FOUND).order_by().values("transfer")
    waiting = transfers_of(programme_id).filter(DISCREPANCY_WAITS).order_by("-received_at", "-pk")
    waiting = waiting.annotate(in_all=Window(Count("pk")))
    return waiting.annotate(found=Coalesce(Subquery(found.annotate(moved=Sum(length)).values("moved")), 0))


@dataclass(frozen=True)
class Listed:
    """A range as a slip lists it: the batch, the ranks and the numbers on the first and last covers."""

    batch: Batch
    first_rank: int
    last_rank: int
    first: str
    last: str

    @property
    def booklets(self) -> int:
        return self.last_rank - self.first_rank + 1

    @property
    def passes(self) -> int:
        return self.booklets * self.batch.size

    @property
    def value(self) -> int:
        """What its passes are worth, in cents."""
        return self.passes * self.batch.unit_value


def listed(ranges: Sequence[BookletRange]) -> list[Listed]:
    """These ranges as a slip lists them. Two statements for some hundred ranges."""
    batches = Batch.objects.in_bulk({one.batch_id for one in ranges})
    numbers = _ends(ranges)
    return [
        Listed(
            batches[one.batch_id],
            one.first_rank,
            one.last_rank,
            codes.written(numbers[one.batch_id, one.first_rank]),
            codes.written(numbers[one.batch_id, one.last_rank]),
        )
        for one in ranges
    ]


def _ends(ranges: Iterable[BookletRange]) -> dict[tuple[int, int], int]:
    numbers: dict[tuple[int, int], int] = {}
    for some in chunks(ranges, ENDS_AT_ONCE):
        ends = [Q(batch=one.batch_id, rank__in=[one.first_rank, one.last_rank]) for one in some]
        rows = (
            Booklet.objects.filter(Q(*ends, _connector=Q.OR)).order_by("id").values_list("batch_id", "rank", "number")
        )
        numbers |= {(batch_id, rank): number for batch_id, rank, number in rows}
    return numbers


class Agreed(TypedDict):
    """Whether an organisation is a prescriber under agreement; it may be the funder or the lead network instead."""

    agreed: bool


def receivers_of(programme: Programme, day: date) -> QuerySet["WithAnnotations[Organisation, Agreed]"]:
    """Whom booklets of a programme may be sent to: its prescribers under agreement, its funder, its lead network."""
    agreed = PrescriberAgreement.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day), prescriber=OuterRef("pk"), programme=programme
    )
    steering = Q(pk__in=[one for one in (programme.owner_id, programme.lead_network_id) if one is not None])
    found = Organisation.objects.filter(Q(Exists(agreed)) | steering).select_related("commune")
    return found.annotate(agreed=Exists(agreed)).order_by(Alphabetical("name"), "pk")


def mails_of(transfer: Transfer) -> list[datetime]:
    """When the receiver of a parcel was written to."""
    sent = Message.objects.filter(template=PARCEL_SENT.code, subject_id=str(transfer.pk)).order_by("queued_at")
    return sorted({one.queued_at for one in sent})


def stopped_in_stock(programme_id: int, holder_id: int) -> QuerySet[Booklet]:
    """The booklets in stock at a holder that nobody may use any more, none of whose passes was handed over."""
    stopped = [Validity.BLOCKED, Validity.EXPIRED]
    return untouched(programme_id, holder_id).filter(validity__in=stopped)


def missing_at_arrival(transfer: Transfer) -> list[BookletRange]:
    """What the slip of a parcel lists and that did not arrive with it. One statement."""
    return ranges_of(_places(transfer, MovementKind.MISSING))


def found_since(transfer: Transfer) -> list[Movement]:
    """What the parcel lacked and is in stock since: where, when, by whom, oldest first. One statement."""
    found = transfer.movements.filter(kind=MovementKind.FOUND).select_related("to_holder")
    return list(found.order_by("at", "id"))


def still_missing(transfer: Transfer) -> list[BookletRange]:
    """What the parcel lacked and nobody has found yet. Two statements."""
    return without(missing_at_arrival(transfer), _places(transfer, MovementKind.FOUND))


def _places(transfer: Transfer, kind: MovementKind) -> list[tuple[int, int]]:
    moved = transfer.movements.filter(kind=kind).order_by("id").values_list("batch_id", "first_rank", "last_rank")
    return [(batch_id, rank) for batch_id, first, last in moved for rank in range(first, last + 1)]
