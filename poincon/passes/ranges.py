"""Ranges of booklets of one batch: what a parcel, a remittance slip or a destruction is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.passes import codes
from poincon.passes.models import Booklet

UNKNOWN_NUMBER = Refusal(
    "booklet_unknown",
    _("Aucun chéquier ne porte le numéro « %(number)s »."),
    _("Relisez le numéro imprimé sur la couverture."),
)
WRONG_NUMBER = Refusal(
    "booklet_number_wrong",
    _("Le numéro « %(number)s » contient une erreur."),
    _("Relisez le numéro imprimé sur la couverture : onze chiffres puis un caractère de contrôle."),
)
TWO_BATCHES = Refusal(
    "range_in_two_batches",
    _("Les chéquiers « %(first)s » et « %(last)s » ne sont pas du même lot."),
    _("Donnez une plage par lot."),
)
BACKWARDS = Refusal(
    "range_backwards",
    _("Le chéquier « %(last)s » vient avant « %(first)s » dans le lot."),
    _("Inversez les deux numéros."),
)
EMPTY = Refusal("no_booklets", _("Aucun chéquier n’est désigné."), _("Donnez au moins un numéro."))
OVERLAP = Refusal(
    "ranges_overlap", _("Un chéquier figure deux fois dans les plages données."), _("Corrigez les plages.")
)


@dataclass(frozen=True, order=True)
class BookletRange:
    """The booklets of one batch from one rank to another, both included."""

    batch_id: int
    first_rank: int
    last_rank: int

    def __len__(self) -> int:
        return self.last_rank - self.first_rank + 1


def read_number(typed: str) -> int:
    """The booklet number in what was typed or scanned. Raises Refusal ``booklet_number_wrong``."""
    try:
        code = codes.read(typed)
    except (codes.UnreadableCodeError, codes.WrongCheckCharacterError):
        raise WRONG_NUMBER.filled(number=typed) from None
    return code.payload.number if isinstance(code, codes.SignedCode) else code.number


def find_booklet(typed: str) -> Booklet:
    """The booklet that carries this number. Raises Refusal ``booklet_number_wrong`` or ``booklet_unknown``."""
    booklet = Booklet.objects.select_related("batch__programme").filter(number=read_number(typed)).first()
    if booklet is None:
        raise UNKNOWN_NUMBER.filled(number=typed)
    return booklet


def range_between(first: str, last: str) -> BookletRange:
    """From the booklet numbered ``first`` to the one numbered ``last``, in the order they were printed.

    Numbers are random; the order is the rank in the batch, printed on the cover. Raises Refusal when the numbers are
    wrong, of two batches, or the wrong way round.
    """
    start, end = find_booklet(first), find_booklet(last)
    if start.batch_id != end.batch_id:
        raise TWO_BATCHES.filled(first=first, last=last)
    if end.rank < start.rank:
        raise BACKWARDS.filled(first=first, last=last)
    return BookletRange(start.batch_id, start.rank, end.rank)


def ranges_of(places: Iterable[tuple[int, int]]) -> list[BookletRange]:
    """The fewest ranges that hold these booklets, given as (batch, rank)."""
    ranges: list[BookletRange] = []
    for batch_id, rank in sorted(set(places)):
        last = ranges[-1] if ranges else None
        if last is not None and (last.batch_id, last.last_rank + 1) == (batch_id, rank):
            ranges[-1] = BookletRange(batch_id, last.first_rank, rank)
        else:
            ranges.append(BookletRange(batch_id, rank, rank))
    return ranges


def whole_batch(batch_id: int, quantity: int) -> BookletRange:
    """All the booklets of a batch."""
    return BookletRange(batch_id, 1, quantity)


def without(ranges: Iterable[BookletRange], taken_out: Iterable[tuple[int, int]]) -> list[BookletRange]:
    """The ranges less some booklets, given as (batch, rank)."""
    kept: list[BookletRange] = []
    out = sorted(set(taken_out))
    for whole in ranges:
        start = whole.first_rank
        for batch_id, rank in out:
            if batch_id == whole.batch_id and whole.first_rank <= rank <= whole.last_rank:
                if start < rank:
                    kept.append(BookletRange(whole.batch_id, start, rank - 1))
                start = rank + 1
        if start <= whole.last_rank:
            kept.append(BookletRange(whole.batch_id, start, whole.last_rank))
    return kept


def checked(ranges: Sequence[BookletRange]) -> list[BookletRange]:
    """The ranges in order. Raises Refusal ``no_booklets`` or ``ranges_overlap``."""
    ordered = sorted(ranges)
    if not ordered:
        raise EMPTY.filled()
    for before, after in pairwise(ordered):
        if before.batch_id == after.batch_id and after.first_rank <= before.last_rank:
            raise OVERLAP.filled()
    return ordered
