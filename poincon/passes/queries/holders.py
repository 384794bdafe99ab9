"""Who holds how many booklets, since when nothing moved there: for lists, which sort and filter in the database."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, DateTimeField, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

from poincon.kernel.models import Message
from poincon.organisations.models import Organisation
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Booklet, HandOver, Transfer
from poincon.passes.notices import STOCK_SLEEPING, sleeping_subject
from poincon.passes.queries.waiting import BOOKLETS_SLEEP

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

AT, NUMBER = DateTimeField(), IntegerField()
IN_STOCK = Q(custody=Custody.STOCK)


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
    mine = Booklet.objects.filter(holder=OuterRef("pk"), batch__programme=programme_id)
    held = Booklet.objects.filter(batch__programme=programme_id, custody__in=[Custody.STOCK, Custody.PERSON])
    ready = mine.filter(IN_STOCK, validity=Validity.ACTIVE)
    return (
        Organisation.objects.filter(pk__in=held.order_by().values("holder"))
        .select_related("commune")
        .annotate(
            stock=_number(mine.filter(IN_STOCK)),
            ready=_number(ready),
            inert=_number(mine.filter(IN_STOCK, validity=Validity.INERT)),
            begun=_number(ready.exclude(handed=0)),
            stopped=_number(mine.filter(IN_STOCK, validity__in=[Validity.BLOCKED, Validity.EXPIRED])),
            handed=_number(mine.filter(custody=Custody.PERSON)),
            arriving=_arriving(programme_id),
            moved_at=_moved(programme_id, ready),
        )
        .order_by("name", "pk")
    )


def asleep(now: datetime) -> Q:
    """The condition that the booklets of a holder of ``holders_of`` have slept for two months."""
    return Q(moved_at__lt=now - BOOKLETS_SLEEP, ready__gt=0)


def reminded_at(programme_id: int, holder_ids: list[int]) -> dict[int, datetime]:
    """When each of these holders was last reminded of its stock. One statement."""
    subjects = {sleeping_subject(programme_id, pk): pk for pk in holder_ids}
    sent = Message.objects.filter(template=STOCK_SLEEPING.code, subject_id__in=list(subjects)).order_by()
    last = sent.values_list("subject_id").annotate(last=Max("queued_at"))
    return {subjects[subject]: moment for subject, moment in last}


def _number(booklets: QuerySet[Booklet]) -> Coalesce:
    counted = booklets.order_by().values("holder").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=NUMBER), 0)


def _arriving(programme_id: int) -> Coalesce:
    """Booklets of parcels sent to it that it has not received."""
    coming = Transfer.objects.filter(
        receiver=OuterRef("pk"), programme=programme_id, received_at=None, recalled_at=None
    ).order_by()
    return Coalesce(
        Subquery(coming.values("receiver").annotate(n=Sum("booklets_sent")).values("n"), output_field=NUMBER), 0
    )


def _moved(programme_id: int, ready: QuerySet[Booklet]) -> Greatest:
    given = HandOver.objects.filter(
        prescriber=OuterRef("pk"), booklet__batch__programme=programme_id, cancellation=None
    ).order_by()
    received = Transfer.objects.filter(receiver=OuterRef("pk"), programme=programme_id).order_by()
    activated = _last(ready.order_by().values("holder"), "batch__activated_at")
    # SQLite's greatest of a null is null; PostgreSQL's ignores it: neither is asked.
    return Greatest(
        activated,
        Coalesce(_last(given.values("prescriber"), "at"), activated),
        Coalesce(_last(received.values("receiver"), "received_at"), activated),
    )


def _last(rows: "QuerySet[Any, Any]", field: str) -> Subquery:
    return Subquery(rows.annotate(last=Max(field)).values("last"), output_field=AT)
