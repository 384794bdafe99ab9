"""Ranges of booklets as a person writes them down: one a line, by numbers read on the covers or by ranks in a batch."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal, Text
from poincon.passes.models import Batch
from poincon.passes.queries.stock import untouched
from poincon.passes.ranges import EMPTY, BookletRange, checked, range_between, ranges_of
from poincon.programmes.models import Programme

#: A parcel is listed by hand, not by program.
MOST_LINES = 200
#: « lot 3 : 21 à 40 », « lot 3 n° 21 ».
_BY_RANK = re.compile(r"lot\s*(\d{1,9})\D+?(\d{1,9})(?:\s*(?:à|au|a|-|–|jusqu.au)\s*(\d{1,9}))?\.?", re.IGNORECASE)
#: Between two scanned codes, or two numbers of which one is wrong; a number itself is written with spaces.
_TO = re.compile(r"\s+(?:à|au|a|jusqu.au)\s+|\s*[;\t→]\s*", re.IGNORECASE)
_NUMBER = r"\d{4}[\s.]?\d{4}[\s.]?\d{3}[0-9A-Za-z]"
_TWO_NUMBERS = re.compile(rf"({_NUMBER})\s*(?:à|au|a|jusqu.au|[-–/,;→])?\s*({_NUMBER})", re.IGNORECASE)

LINE_WRONG = Refusal("range_line_wrong", "%(place)s : %(sentence)s", "%(next_step)s")
TOO_MANY_LINES = Refusal(
    "too_many_ranges",
    _("Chéquiers : plus de %(most)s lignes."),
    _("Faites plusieurs envois, ou désignez-les par plages plutôt qu’un par un."),
)
BATCH_UNKNOWN = Refusal(
    "batch_unknown",
    _("Ce dispositif n’a pas de lot %(number)s."),
    _("Le numéro de lot est écrit sur la couverture, à côté du rang."),
)
RANK_UNKNOWN = Refusal(
    "rank_unknown",
    _("Le lot %(number)s compte %(quantity)s chéquiers : le rang %(rank)s n’existe pas."),
    _("Relisez le rang écrit sur la couverture."),
)
RANKS_BACKWARDS = Refusal(
    "range_backwards", _("Le rang %(last)s vient avant le rang %(first)s."), _("Inversez les deux.")
)
NOT_ENOUGH = Refusal(
    "not_enough_in_stock",
    _("Nombre de chéquiers : vous en demandez %(asked)s, il en reste %(left)s d’intacts en stock."),
    _("Envoyez-en moins, ou attendez la prochaine livraison."),
)


def read_ranges(typed: str, programme: Programme) -> list[BookletRange]:
    """The ranges that a text names, one a line, in the order of the register.

    ``4829 1570 363Q``, ``4829 1570 363Q à 5120 4477 102B``, ``lot 3 : 21 à 40``, or the code of a cover as a reader of
    codes types it. Raises Refusal: ``range_line_wrong`` (which line, and why), ``too_many_ranges``, ``no_booklets``,
    ``ranges_overlap``.
    """
    lines = [(number, line.strip()) for number, line in enumerate(typed.splitlines(), 1) if line.strip()]
    if not lines:
        raise EMPTY.filled()
    if len(lines) > MOST_LINES:
        raise TOO_MANY_LINES.filled(most=MOST_LINES)
    return _joined(checked(list(_read(lines, programme))))


def first_of_the_pile(programme: Programme, holder_id: int, count: int) -> list[BookletRange]:
    """The first ``count`` untouched booklets in stock at a holder, by batch and rank. Raises a refusal when too few."""
    places = list(untouched(programme.pk, holder_id).values_list("batch_id", "rank")[:count])
    if len(places) < count:
        raise NOT_ENOUGH.filled(asked=count, left=len(places))
    return ranges_of(places)


def _read(lines: list[tuple[int, str]], programme: Programme) -> Iterator[BookletRange]:
    for number, line in lines:
        try:
            yield _range(line, programme)
        except Refusal as refusal:
            place: Text = _("Ligne %(number)s") % {"number": number}
            raise LINE_WRONG.filled(place=place, sentence=refusal.sentence, next_step=refusal.next_step) from None


def _range(line: str, programme: Programme) -> BookletRange:
    by_rank = _BY_RANK.fullmatch(line)
    if by_rank:
        return _by_rank(programme, *by_rank.groups())
    two = _TWO_NUMBERS.fullmatch(line)
    ends = two.groups() if two else _TO.split(line)
    return range_between(ends[0], ends[-1])


def _by_rank(programme: Programme, batch_number: str, first: str, last: str | None) -> BookletRange:
    batch = Batch.objects.filter(programme=programme, number=int(batch_number)).first()
    if batch is None:
        raise BATCH_UNKNOWN.filled(number=int(batch_number))
    start, end = int(first), int(last or first)
    for rank in (start, end):
        if not 1 <= rank <= batch.quantity:
            raise RANK_UNKNOWN.filled(number=batch.number, quantity=batch.quantity, rank=rank)
    if end < start:
        raise RANKS_BACKWARDS.filled(first=start, last=end)
    return BookletRange(batch.pk, start, end)


def _joined(ranges: list[BookletRange]) -> list[BookletRange]:
    """Ranges that follow each other, made one: booklets scanned one by one are often a pile."""
    joined: list[BookletRange] = []
    for one in ranges:
        last = joined[-1] if joined else None
        if last is not None and (last.batch_id, last.last_rank + 1) == (one.batch_id, one.first_rank):
            joined[-1] = BookletRange(last.batch_id, last.first_rank, one.last_rank)
        else:
            joined.append(one)
    return joined
