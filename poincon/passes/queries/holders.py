"""Who holds how many booklets, since when nothing moved there: for lists, which sort and filter in the database."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, DateTimeField, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.models import Message
from poincon.organisations.models import Organisation
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import HandOver, Transfer
from poincon.passes.notices import STOCK_SLEEPING, sleeping_subject
from poincon.passes.queries.waiting import BOOKLETS_SLEEP

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

AT, NUMBER = DateTimeField(), IntegerField()
#: Of the booklets that a holder is joined to.
IN_STOCK = Q(booklets__custody=Custody.STOCK)
READY = IN_STOCK & Q(booklets__validity=Validity.ACTIVE)


class Asleep(TypedDict):
    """Booklets ready to be handed over at one organisation, and when something last happened to them."""

    ready: int
    moved_at: datetime


class Held(TypedDict):
    """What one organisation has of a programme, in booklets. ``begun``, partly handed over, are among ``ready``."""

    stock: int
    ready: int
    inert: int
    begun: int
    stopped: int
    arriving: int
    handed: int
    #: When something last happened to what is ready; None when nothing is.
    moved_at: datetime | None


def holders_of(programme_id: int) -> QuerySet["WithAnnotations[Organisation, Held]"]:
    """The organisations that hold, or handed over, booklets of a programme. One statement.

    ``moved_at`` is the last time a booklet was handed over there, a parcel arrived, or a batch in stock was activated.
    """
    found: QuerySet[WithAnnotations[Organisation, Held]] = (
        _holding(programme_id, Custody.STOCK, Custody.PERSON)
        .select_related("commune")
        .annotate(
            stock=Count("booklets", filter=IN_STOCK),
            inert=Count("booklets", filter=IN_STOCK & Q(booklets__validity=Validity.INERT)),
            begun=Count("booklets", filter=READY & ~Q(booklets__handed=0)),
            stopped=Count("booklets", filter=IN_STOCK & Q(booklets__validity__in=[Validity.BLOCKED, Validity.EXPIRED])),
            handed=Count("booklets", filter=Q(booklets__custody=Custody.PERSON)),
            arriving=_arriving(programme_id),
        )
        .order_by(Alphabetical("name"), "pk")
    )
    return found


def sleepers_of(programme_id: int, now: datetime) -> QuerySet["WithAnnotations[Organisation, Asleep]"]:
    """Those of ``holders_of`` whose booklets have slept for two months, most booklets first. One statement."""
    found: QuerySet[WithAnnotations[Organisation, Asleep]] = _holding(programme_id, Custody.STOCK).filter(asleep(now))
    return found.order_by("-ready", Alphabetical("name"), "pk")


def asleep(now: datetime) -> Q:
    """The condition that the booklets of a holder of ``holders_of`` have slept for two months."""
    return Q(moved_at__lt=now - BOOKLETS_SLEEP, ready__gt=0)


def reminded_at(programme_id: int, holder_ids: list[int]) -> dict[int, datetime]:
    """When each of these holders was last reminded of its stock. One statement."""
    subjects = {sleeping_subject(programme_id, pk): pk for pk in holder_ids}
    sent = Message.objects.filter(template=STOCK_SLEEPING.code, subject_id__in=list(subjects)).order_by()
    last = sent.values_list("subject_id").annotate(last=Max("queued_at"))
    return {subjects[subject]: moment for subject, moment in last}


def _holding(programme_id: int, *custody: Custody) -> "QuerySet[Any, Any]":
    """The holders of booklets of a programme, joined to these booklets once, whatever is counted of them."""
    held = Q(booklets__batch__programme=programme_id, booklets__custody__in=custody)
    ready = Count("booklets", filter=READY)
    return Organisation.objects.filter(held).annotate(ready=ready, moved_at=_moved(programme_id))


def _arriving(programme_id: int) -> Coalesce:
    """Booklets of parcels sent to it that it has not received."""
    coming = Transfer.objects.filter(
        receiver=OuterRef("pk"), programme=programme_id, received_at=None, recalled_at=None
    ).order_by()
    counted = coming.values("receiver").annotate(n=Sum("booklets_sent")).values("n")
    # A zero that is an aggregate: parcels are counted once a holder, not once for each of its booklets.
    return Coalesce(Subquery(counted, output_field=NUMBER), Min(Value(0)))


def _moved(programme_id: int) -> Greatest:
    given = HandOver.objects.filter(
        prescriber=OuterRef("pk"), booklet__batch__programme=programme_id, cancellation=None
    )
    received = Transfer.objects.filter(receiver=OuterRef("pk"), programme=programme_id, received_at__isnull=False)
    activated = Max("booklets__batch__activated_at", filter=READY)
    # SQLite's greatest of a null is null; PostgreSQL's ignores it: neither is asked.
    return Greatest(
        activated, Coalesce(_last(given, "at"), activated), Coalesce(_last(received, "received_at"), activated)
    )


def _last(rows: "QuerySet[Any, Any]", field: str) -> Subquery:
    # The first one from the end of an index, not the greatest of all.
    return Subquery(rows.order_by(f"-{field}").values(field)[:1], output_field=AT)
