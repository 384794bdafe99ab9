"""The number of a booklet, and how many passes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from poincon.passes.codes import LONGEST_URL
from poincon.www.base.forms import HouseForm
from poincon.www.operator.places import Place


class PunchForm(HouseForm):
    """A number as people type or spell it. ``passes`` is asked only where a service costs several."""

    numero = forms.CharField(
        label=_("Numéro du chéquier"),
        help_text=_("Sous le carré imprimé. Pour un pass précis, ajoutez son rang, comme ceci : 4829 1570 364K-07"),
        max_length=LONGEST_URL,
        widget=forms.TextInput(
            attrs={
                "class": "number-field",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "enterkeyhint": "go",
            }
        ),
        error_messages={
            "required": _("Tapez le numéro du chéquier."),
            "max_length": _("Ce numéro est trop long : il compte douze signes."),
        },
    )
    passes = forms.TypedChoiceField(
        label=_("Nombre de pass"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = _choices(place)
        if choices:
            self.fields["passes"].choices = choices  # type: ignore[attr-defined]  # of a ChoiceField
            self.initial.setdefault("passes", "")
        else:
            del self.fields["passes"]


def _choices(place: Place) -> list[tuple[str, str]]:
    """The price of the service first, then fewer passes; nothing where a service costs one."""
    if place.dearest == 1:
        return []
    fewer = range(place.dearest - 1, 0, -1)
    return [("", _price(place)), *((str(number), _said(number)) for number in fewer)]


def _price(place: Place) -> str:
    if len(place.prices) > 1:
        return str(_("Le prix du service dans le dispositif du chéquier"))
    return str(_("%(passes)s, le prix du service")) % {"passes": _said(place.dearest)}


def _said(number: int) -> str:
    return ngettext("%(number)s pass", "%(number)s pass", number) % {"number": number}
