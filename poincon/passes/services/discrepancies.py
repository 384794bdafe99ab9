"""What a parcel did not hold as its slip says: booklets missing, damaged, or that nobody announced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for
from poincon.organisations.actors import Actor
from poincon.passes import codes
from poincon.passes.enums import BlockReason, Validity
from poincon.passes.models import Block, Booklet, Transfer
from poincon.passes.ranges import UNKNOWN_NUMBER, BookletRange

NOT_IN_TRANSFER = Refusal(
    "booklet_not_in_transfer",
    _("Le chéquier %(number)s ne fait pas partie de ce bordereau."),
    _("Relisez le numéro : seuls les chéquiers du bordereau peuvent manquer ou être abîmés."),
)
MISSING_AND_DAMAGED = Refusal(
    "booklet_missing_and_damaged",
    _("Le chéquier %(number)s est dit manquant et abîmé à la fois."),
    _("Choisissez : s’il n’est pas dans le colis, il est manquant."),
)
NOT_EXTRA = Refusal(
    "booklet_not_extra",
    _("Le chéquier %(number)s est bien sur ce bordereau : il n’est pas en trop."),
    _("Retirez-le de la liste des chéquiers en trop."),
)


@dataclass(frozen=True)
class Discrepancy:
    """What differs from the slip. ``extra``: numbers of booklets found in the parcel though it does not list them."""

    missing: Sequence[Booklet]
    damaged: Sequence[Booklet]
    extra: Sequence[int]

    def told(self, note: str) -> str:
        """In one sentence, as the slip keeps it; with the numbers of the booklets when they fit."""
        for with_numbers in (True, False):
            text = " ; ".join(filter(None, [*self._parts(with_numbers), note.strip()]))
            if len(text) <= LONGEST_TOLD:
                return text
        return text_for(Transfer, "discrepancy", text)

    def _parts(self, with_numbers: bool) -> list[str]:
        missing, damaged, extra = len(self.missing), len(self.damaged), len(self.extra)
        said = [
            # The slip already lists, in a table of its own, the booklets that are missing.
            (missing, ngettext("%(n)s chéquier manquant", "%(n)s chéquiers manquants", missing), []),
            (
                damaged,
                ngettext("%(n)s chéquier abîmé", "%(n)s chéquiers abîmés", damaged),
                [booklet.number for booklet in self.damaged],
            ),
            (extra, ngettext("%(n)s chéquier en trop", "%(n)s chéquiers en trop", extra), self.extra),
        ]
        return [
            words % {"n": count} + (_numbers(numbers) if with_numbers else "")
            for count, words, numbers in said
            if count
        ]


LONGEST_TOLD = 300


def _numbers(numbers: Iterable[int]) -> str:
    written = ", ".join(codes.written(number) for number in numbers)
    return f" ({written})" if written else ""


def read_discrepancy(
    sent: Sequence[BookletRange], *, missing: Iterable[int], damaged: Iterable[int], extra: Iterable[int]
) -> Discrepancy:
    """What was counted, against what the slip lists. Raises Refusal ``booklet_not_in_transfer`` and others."""
    lost, spoilt = _listed(sent, set(missing)), _listed(sent, set(damaged))
    both = {booklet.pk for booklet in lost} & {booklet.pk for booklet in spoilt}
    for booklet in lost:
        if booklet.pk in both:
            raise MISSING_AND_DAMAGED.filled(number=codes.written(booklet.number))
    return Discrepancy(lost, spoilt, _unlisted(sent, set(extra)))


def stop_booklets(booklets: Sequence[Booklet], reason: BlockReason, *, by: Actor, now: datetime) -> None:
    """Block booklets found missing or damaged.

    One declared stolen while on its way keeps its first block; an expired one is in a statement already signed.
    """
    stopped = [booklet for booklet in booklets if booklet.validity in (Validity.INERT, Validity.ACTIVE)]
    Booklet.objects.filter(pk__in=[booklet.pk for booklet in stopped]).update(validity=Validity.BLOCKED)
    Block.objects.bulk_create(Block(booklet=booklet, reason=reason, at=now, by_label=by.label) for booklet in stopped)


def _listed(sent: Sequence[BookletRange], numbers: set[int]) -> list[Booklet]:
    found = _known(numbers)
    for number in sorted(numbers):
        if number not in found or not _is_in(sent, found[number]):
            raise NOT_IN_TRANSFER.filled(number=codes.written(number))
    return [found[number] for number in sorted(numbers)]


def _unlisted(sent: Sequence[BookletRange], numbers: set[int]) -> list[int]:
    found = _known(numbers)
    for number in sorted(numbers):
        if number not in found:
            raise UNKNOWN_NUMBER.filled(number=codes.written(number))
        if _is_in(sent, found[number]):
            raise NOT_EXTRA.filled(number=codes.written(number))
    return sorted(numbers)


def _known(numbers: set[int]) -> dict[int, Booklet]:
    if not numbers:
        return {}
    return {booklet.number: booklet for booklet in Booklet.objects.filter(number__in=numbers).order_by("id")}


def _is_in(ranges: Sequence[BookletRange], booklet: Booklet) -> bool:
    return any(one.batch_id == booklet.batch_id and one.first_rank <= booklet.rank <= one.last_rank for one in ranges)
