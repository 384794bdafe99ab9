"""Booklets locked before many of them change: always in the order of their ids, as a scan of several locks them."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q, QuerySet

from poincon.passes.models import Booklet
from poincon.passes.ranges import BookletRange


def lock_all(booklets: QuerySet[Booklet]) -> None:
    """Lock these rows until the end of the transaction, in the order of their ids; the server sends none of them.

    An UPDATE locks rows as it meets them: beside a scan of several booklets, each could end up waiting for the other.
    """
    # SQLite has one writer at a time.
    if not connection.features.has_select_for_update:
        return
    locked = booklets.select_for_update(of=("self",), no_key=True).order_by("pk").values("pk")
    sql, parameters = locked.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql}) locked", parameters)


def lock_ranges(ranges: Iterable[BookletRange]) -> None:
    """Lock the booklets of these ranges in one statement, however many: parts would each have an order of their own."""
    lock_all(Booklet.objects.filter(Q(*map(inside, ranges), _connector=Q.OR)))


def inside(item: BookletRange) -> Q:
    """The condition that a booklet is of this range."""
    return Q(batch_id=item.batch_id, rank__range=(item.first_rank, item.last_rank))
