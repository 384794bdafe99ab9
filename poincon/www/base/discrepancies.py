"""What became of a discrepancy: the same words and the same form at a prescriber's and in the network."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from poincon.kernel.documents.french import count
from poincon.organisations.models import Organisation
from poincon.passes.models import Booklet, Movement, Transfer
from poincon.passes.queries.parcels import Listed, found_since, listed, missing_at_arrival
from poincon.passes.ranges import BookletRange, without
from poincon.passes.services.locking import inside
from poincon.passes.services.resolve import find_missing
from poincon.www.base.forms import HouseForm, refusals_in, typed
from poincon.www.base.parcels import MOST_BOXES, BoxesField, NumbersField
from poincon.www.base.parts import Fact, Tone
from poincon.www.base.request import actor_of

NAME_ONE = gettext_lazy("Dites lequel est retrouvé.")


@dataclass(frozen=True)
class Outcome:
    """What a parcel lacked at its arrival: what still is missing, what was found since."""

    missing: list[BookletRange] = field(default_factory=list)
    found: list[Movement] = field(default_factory=list)
    #: How many booklets it lacked at its arrival.
    lacked: int = 0

    @cached_property
    def left(self) -> int:
        return sum(map(len, self.missing))

    @cached_property
    def missing_lines(self) -> list[Listed]:
        return listed(self.missing)

    @cached_property
    def found_lines(self) -> list[Listed]:
        return listed([BookletRange(one.batch_id, one.first_rank, one.last_rank) for one in self.found])

    @property
    def found_at(self) -> list[tuple[Listed, Organisation | None]]:
        """What was found, each range with who has it."""
        return list(zip(self.found_lines, (one.to_holder for one in self.found), strict=True))


def outcome_of(transfer: Transfer) -> Outcome:
    """What became of the booklets that ``transfer`` lacked. No statement for a parcel as its slip says."""
    if not transfer.discrepancy:
        return Outcome()
    lacked = missing_at_arrival(transfer)
    found = found_since(transfer) if lacked else []
    places = [(one.batch_id, rank) for one in found for rank in range(one.first_rank, one.last_rank + 1)]
    return Outcome(without(lacked, places), found, sum(map(len, lacked)))


def discrepancy_facts(transfer: Transfer, outcome: Outcome) -> list[Fact]:
    """What was found, then how the matter ended, for the story of a parcel."""
    facts = [Fact(one.at, _found(one), by=one.by_label, tone=Tone.INFO) for one in outcome.found]
    if transfer.resolved_at is not None:
        said = _("Écart clos : %(how)s") % {"how": transfer.get_resolved_how_display()}
        detail = transfer.resolved_note
        facts.append(Fact(transfer.resolved_at, said, by=transfer.resolved_by_label, detail=detail, tone=Tone.GOOD))
    return facts


def _found(one: Movement) -> str:
    words = ngettext(
        "%(n)s chéquier retrouvé, rentré en stock chez %(holder)s",
        "%(n)s chéquiers retrouvés, rentrés en stock chez %(holder)s",
        one.booklets,
    )
    return words % {"n": count(one.booklets), "holder": one.to_holder}


class FoundForm(HouseForm):
    """Which of the booklets that were missing are found."""

    def __init__(self, *args: Any, booklets: Sequence[Booklet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("Lesquels sont retrouvés ?")
        self.fields["retrouves"] = (
            BoxesField(booklets, label=label, initial=[str(booklets[0].number)] if len(booklets) == 1 else [])
            if booklets
            else NumbersField(label=label)
        )

    def clean_retrouves(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["retrouves"]
        if not chosen:
            raise ValidationError(NAME_ONE, code="required")
        return chosen


def found_form(request: HttpRequest, outcome: Outcome) -> FoundForm:
    """The form that names what was found, in boxes when they are few enough to be read."""
    booklets: list[Booklet] = []
    if 0 < outcome.left <= MOST_BOXES:
        lacking = Q(*map(inside, outcome.missing), _connector=Q.OR)
        booklets = list(Booklet.objects.filter(lacking).order_by("batch_id", "rank"))
    return FoundForm(typed(request), booklets=booklets)


def entered_again(request: HttpRequest, transfer: Transfer, holder: Organisation, form: FoundForm) -> int:
    """Enter what was found in the stock of ``holder``; how many, none when the form is wrong or refused."""
    found: list[Booklet] = []
    if form.is_valid():
        with refusals_in(form, "retrouves"):
            found = find_missing(
                by=actor_of(request), transfer=transfer, holder=holder, numbers=form.cleaned_data["retrouves"]
            )
    return len(found)


def said_of_found(number: int) -> str:
    """What was just entered, and what to do with it."""
    words = ngettext(
        "%(n)s chéquier est rentré dans votre stock, hors d’usage.",
        "%(n)s chéquiers sont rentrés dans votre stock, hors d’usage.",
        number,
    )
    return str(words % {"n": count(number)})
