"""What happened to booklets, latest first: handed over, punched, annulled, blocked. For a page that tells a story."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from poincon.passes.models import Block, HandOver, Redemption
from poincon.passes.positions import mask_of


class Happened(Enum):
    HANDED = "handed over"
    CANCELLED = "hand-over cancelled"
    PUNCHED = "punched"
    ANNULLED = "punch annulled"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Event:
    """Something that happened to a booklet. ``passes`` is the mask of those it is about; 0: the whole booklet.

    ``where``: the name of a venue; ``why``: the service of a punch, the reason of the rest.
    """

    kind: Happened
    at: datetime
    booklet_id: int
    passes: int = 0
    by: str = ""
    where: str = ""
    why: str = ""
    #: Of a hand-over: it makes up for a blocked booklet.
    replaces: bool = False


def events_of(booklet_ids: Collection[int]) -> list[Event]:
    """What happened to these booklets, latest first. Three statements, whatever their number."""
    events = [*_handings(booklet_ids), *_punches(booklet_ids), *_blocks(booklet_ids)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _handings(booklet_ids: Collection[int]) -> Iterator[Event]:
    for given in HandOver.objects.filter(booklet__in=booklet_ids).select_related("cancellation").order_by("id"):
        yield Event(
            Happened.HANDED,
            given.at,
            given.booklet_id,
            given.passes,
            by=given.by_label,
            replaces=given.replaces_id is not None,
        )
        if given.cancellation is not None:
            undone = given.cancellation
            yield Event(
                Happened.CANCELLED, undone.at, given.booklet_id, given.passes, by=undone.by_label, why=undone.reason
            )


def _punches(booklet_ids: Collection[int]) -> Iterator[Event]:
    used = Redemption.objects.filter(booklet__in=booklet_ids).order_by("id")
    by_scan: dict[int, list[Redemption]] = {}
    for one in used.select_related("scan", "venue", "service", "annulment"):
        by_scan.setdefault(one.scan_id, []).append(one)
    for together in by_scan.values():
        one, passes = together[0], mask_of(redemption.position for redemption in together)
        yield Event(
            Happened.PUNCHED,
            one.scan.occurred_at,
            one.booklet_id,
            passes,
            where=one.venue.name,
            why=one.service.label,
        )
        if one.annulment is not None:
            undone = one.annulment
            yield Event(Happened.ANNULLED, undone.at, one.booklet_id, passes, by=undone.by_label, why=undone.reason)


def _blocks(booklet_ids: Collection[int]) -> Iterator[Event]:
    for block in Block.objects.filter(booklet__in=booklet_ids).order_by("id"):
        why = " : ".join(filter(None, [str(block.get_reason_display()), block.note]))
        yield Event(Happened.BLOCKED, block.at, block.booklet_id, by=block.by_label, why=why)
