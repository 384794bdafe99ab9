"""Which booklets leave; which are destroyed, and how."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from poincon.kernel.documents.french import count
from poincon.passes.enums import DiscrepancyEnding
from poincon.www.base.forms import HouseForm

PILE, RANGES, STOPPED = "pile", "plages", "arretes"
MOST_SENT = 20_000
LONGEST_TEXT = 20_000
EXAMPLE = _(
    "Une ligne par chéquier ou par plage. Par exemple « 4829 1570 363Q à 5120 4477 102B », ou « lot 3 : 21 à 40 »."
)


class RangesField(forms.CharField):
    """Booklets, by numbers or by ranks, as a person writes them down or as a reader of codes types them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Numéros ou plages"))
        kwargs.setdefault("help_text", EXAMPLE)
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", LONGEST_TEXT)
        attributes = {"rows": 4, "class": "ranges-field", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(widget=forms.Textarea(attrs=attributes), **kwargs)


class SendForm(HouseForm):
    """Which booklets leave: the next ones of the pile, or those named."""

    quoi = forms.ChoiceField(label=_("Lesquels"), widget=forms.RadioSelect, initial=PILE)
    nombre = forms.IntegerField(
        label=_("Nombre de chéquiers"),
        min_value=1,
        max_value=MOST_SENT,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short-field", "inputmode": "numeric"}),
    )
    plages = RangesField()

    def __init__(self, *args: Any, pile: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = self.fields["quoi"]
        if isinstance(what, forms.ChoiceField):
            next_ones = ngettext(
                "les premiers de ma pile (%(n)s chéquier intact)",
                "les premiers de ma pile (%(n)s chéquiers intacts)",
                pile,
            )
            what.choices = [(PILE, next_ones % {"n": count(pile)}), (RANGES, _("ceux que je désigne"))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("quoi") == PILE and not cleaned.get("nombre") and "nombre" not in self.errors:
            self.add_error("nombre", _("Dites combien de chéquiers vous envoyez."))
        if cleaned.get("quoi") == RANGES and not cleaned.get("plages") and "plages" not in self.errors:
            self.add_error("plages", _("Tapez ou scannez au moins un numéro."))
        return cleaned

    @property
    def by_count(self) -> bool:
        return bool(self.cleaned_data["quoi"] == PILE)


class DestroyForm(HouseForm):
    """What the record of a destruction asks."""

    quoi = forms.ChoiceField(label=_("Lesquels"), widget=forms.RadioSelect, initial=RANGES)
    plages = RangesField()
    lieu = forms.CharField(
        label=_("Lieu"), help_text=_("Où ils sont détruits : une adresse, une ville."), max_length=200
    )
    procede = forms.CharField(label=_("Procédé"), help_text=_("Par exemple : broyage."), max_length=200)
    temoin = forms.CharField(
        label=_("Témoin"), help_text=_("Une autre personne que vous, qui signera le procès-verbal."), max_length=200
    )
    motif = forms.CharField(
        label=_("Motif"), help_text=_("Par exemple : fin du dispositif, chéquiers abîmés."), max_length=300
    )

    def __init__(self, *args: Any, stopped: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = self.fields["quoi"]
        if not stopped:
            del self.fields["quoi"]
        elif isinstance(what, forms.ChoiceField):
            every = ngettext(
                "celui qui est expiré ou en opposition (%(n)s)",
                "tous ceux qui sont expirés ou en opposition (%(n)s)",
                stopped,
            )
            what.choices = [(STOPPED, every % {"n": count(stopped)}), (RANGES, _("ceux que je désigne"))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("quoi", RANGES) == RANGES and not cleaned.get("plages") and "plages" not in self.errors:
            self.add_error("plages", _("Tapez ou scannez au moins un numéro."))
        return cleaned

    @property
    def takes_stopped(self) -> bool:
        return bool(self.cleaned_data.get("quoi") == STOPPED)


class ReasonForm(HouseForm):
    motif = forms.CharField(label=_("Motif"), max_length=300)


#: How a discrepancy ended, as a person says it.
ENDINGS = {
    DiscrepancyEnding.FOUND: _("Les chéquiers manquants sont retrouvés, et rentrés en stock"),
    DiscrepancyEnding.LOST: _("Ceux qui manquent encore sont perdus : ils restent en opposition"),
    DiscrepancyEnding.CORRECTED: _("C’était une erreur de comptage ou de bordereau, corrigée depuis"),
    DiscrepancyEnding.OTHER: _("Autrement"),
}


class EndingForm(HouseForm):
    """How a discrepancy ended. What still is missing is neither found nor a mistake."""

    issue = forms.ChoiceField(label=_("Comment l’écart a-t-il fini ?"), widget=forms.RadioSelect)
    phrase = forms.CharField(
        label=_("Ce qui s’est passé"),
        help_text=_("Une phrase. Elle reste au bordereau, et le destinataire la lit aussi."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, lacked: int, left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = {
            DiscrepancyEnding.FOUND: lacked and not left,
            DiscrepancyEnding.LOST: left,
            DiscrepancyEnding.CORRECTED: not left,
            DiscrepancyEnding.OTHER: True,
        }
        chosen = self.fields["issue"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = [(how.value, words) for how, words in ENDINGS.items() if possible[how]]
