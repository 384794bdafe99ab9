"""The booklets stopped in a programme (oppositions), and what replaced them."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery

from poincon.passes.models import Block, HandOver
from poincon.programmes.models import Programme

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Replaced(TypedDict):
    """The booklet from which the passes that were left were given again: its key and its number."""

    new_id: int | None
    new_number: int | None


def blocks_of(programme: Programme) -> QuerySet["WithAnnotations[Block, Replaced]"]:
    """Every booklet stopped in a programme, each with the one that replaced it, if any. One statement."""
    # From the booklet to what replaced it, never from all that was not cancelled: that takes minutes on SQLite.
    given = HandOver.objects.filter(booklet=OuterRef(OuterRef("booklet")))
    again = HandOver.objects.filter(replaces__in=given, cancellation=None).order_by("at", "pk")
    listed = Block.objects.filter(booklet__batch__programme=programme).annotate(
        new_id=Subquery(again.values("booklet_id")[:1]), new_number=Subquery(again.values("booklet__number")[:1])
    )
    return listed.select_related("booklet__holder").order_by("-at", "-pk")
