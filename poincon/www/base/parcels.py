"""A parcel counted by whoever it arrives at: the same form and the same verb at a prescriber's and in the network."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from poincon.kernel.refusals import Refusal
from poincon.passes import codes
from poincon.passes.models import Booklet, Transfer
from poincon.passes.queries.parcels import ON_ITS_WAY
from poincon.passes.ranges import read_number
from poincon.passes.services.locking import inside
from poincon.passes.services.move import receive, sent_ranges
from poincon.www.base.forms import HouseForm, refusals_in, typed
from poincon.www.base.request import actor_of

#: A parcel with more booklets has its differences typed: boxes to tick would fill pages.
MOST_BOXES = 120


class NumbersField(forms.CharField):
    """Numbers of booklets, one to a line; cleans to the list of their numbers."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}))
        kwargs.setdefault("help_text", _("Un numéro par ligne."))
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 10_000)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[int]:
        numbers = []
        for line in filter(None, map(str.strip, super().clean(value).splitlines())):
            try:
                numbers.append(read_number(line))
            except Refusal as refusal:
                raise ValidationError(str(refusal), code="number") from None
        return numbers


class BoxesField(forms.MultipleChoiceField):
    """Booklets ticked in the list of the parcel; cleans to the list of their numbers."""

    def __init__(self, booklets: Sequence[Booklet], **kwargs: Any) -> None:
        labels = [(str(one.number), f"{codes.written(one.number)}") for one in booklets]
        super().__init__(choices=labels, widget=forms.CheckboxSelectMultiple, required=False, **kwargs)

    def clean(self, value: Any) -> list[int]:
        return [int(number) for number in super().clean(value)]


def _all_of(booklets: Sequence[Booklet]) -> str:
    """How many there are to tick: those below are out of sight."""
    words = ngettext(
        "Cochez-le dans le bordereau, qui en liste %(n)s.", "Cochez-les parmi les %(n)s du bordereau.", len(booklets)
    )
    return words % {"n": len(booklets)}


class ReceiveForm(HouseForm):
    """What was counted in a parcel, and how it differs from its slip."""

    compte = forms.IntegerField(
        label=_("Combien de chéquiers y a-t-il dans le colis ?"),
        help_text=_("Comptez-les tous, abîmés et en trop compris."),
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"class": "short-field", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, sent: int, booklets: Sequence[Booklet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sent = sent
        for name, label in (("manquants", _("Il en manque : lesquels ?")), ("abimes", _("Abîmés : lesquels ?"))):
            self.fields[name] = (
                BoxesField(booklets, label=label, help_text=_all_of(booklets))
                if booklets
                else NumbersField(label=label)
            )
        self.fields["en_trop"] = NumbersField(
            label=_("En trop : lesquels ?"), help_text=_("Ceux que le bordereau n’annonce pas. Un numéro par ligne.")
        )
        self.fields["note"] = forms.CharField(label=_("Remarque"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        expected = self.sent - len(set(cleaned["manquants"])) + len(set(cleaned["en_trop"]))
        if cleaned["compte"] != expected:
            told = {"sent": self.sent, "expected": expected, "counted": cleaned["compte"]}
            self.add_error("compte", f"{self._what_differs(expected) % told} {self._what_to_do(expected)}")
        return cleaned

    def _what_differs(self, expected: int) -> str:
        if expected == self.sent:
            return str(_("Le bordereau en annonce %(sent)s, et vous en comptez %(counted)s."))
        return str(_("Avec ce que vous signalez, il y en aurait %(expected)s, et vous en comptez %(counted)s."))

    def _what_to_do(self, expected: int) -> str:
        if self.cleaned_data["compte"] < expected:
            return str(_("Recomptez, ou dites lesquels manquent."))
        return str(_("Recomptez, ou dites lesquels sont en trop."))


def receive_form(request: HttpRequest, transfer: Transfer) -> ReceiveForm:
    """The form that counts ``transfer``, its booklets to tick when they are few enough to be read."""
    booklets: list[Booklet] = []
    if transfer.booklets_sent <= MOST_BOXES:
        inside_it = Q(*map(inside, sent_ranges(transfer)), _connector=Q.OR)
        booklets = list(Booklet.objects.filter(inside_it).order_by("batch_id", "rank"))
    return ReceiveForm(typed(request), sent=transfer.booklets_sent, booklets=booklets)


def came_in_meanwhile(transfer: Transfer) -> bool:
    """Whether it was received or recalled while this page was open: a colleague, another tab, a second press."""
    return not Transfer.objects.filter(ON_ITS_WAY, pk=transfer.pk).exists()


def receive_counted(request: HttpRequest, transfer: Transfer, form: ReceiveForm) -> Transfer | None:
    """Receive ``transfer`` as it was counted; None when the form is wrong or refused, which it then says."""
    received = None
    if form.is_valid():
        with refusals_in(form):
            received = receive(
                by=actor_of(request),
                transfer=transfer,
                missing=form.cleaned_data["manquants"],
                damaged=form.cleaned_data["abimes"],
                extra=form.cleaned_data["en_trop"],
                note=form.cleaned_data["note"],
            )
    return received
