"""What a prescriber types about booklets in stock: cancel, lose, replace, return, ask."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from poincon.organisations.models import Organisation
from poincon.passes.enums import BlockReason
from poincon.passes.models import HandOver
from poincon.passes.services.ask import LONGEST_NOTE, MOST_ASKED
from poincon.www.base.forms import HouseForm
from poincon.www.prescriber.forms.fields import BookletNumberField, PersonalForm

ALL_OF_IT, A_PART = "tout", "partie"
OTHER = "autre"
WHY_CANCELLED = {
    "chequier": _("Ce n’est pas le bon chéquier"),
    "personne": _("Ce n’est pas la bonne personne"),
    "refus": _("La personne n’en veut plus"),
    OTHER: _("Autre raison"),
}


class CancelForm(PersonalForm):
    """Why a hand-over is undone."""

    motif = forms.ChoiceField(label=_("Pourquoi ?"), choices=list(WHY_CANCELLED.items()), widget=forms.RadioSelect)
    precision = forms.CharField(label=_("Précision"), max_length=250, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("motif") == OTHER and not cleaned.get("precision") and "precision" not in self.errors:
            self.add_error("precision", _("Dites la raison en quelques mots."))
        return cleaned

    @property
    def reason(self) -> str:
        chosen, more = self.cleaned_data["motif"], self.cleaned_data["precision"]
        told = [] if chosen == OTHER else [str(WHY_CANCELLED[chosen])]
        return " : ".join(filter(None, [*told, more]))


class LostForm(PersonalForm):
    """Why a booklet must not be used any more."""

    motif = forms.ChoiceField(
        label=_("Que s’est-il passé ?"),
        choices=[
            (BlockReason.LOST, _("Il est perdu")),
            (BlockReason.STOLEN, _("Il est volé")),
            (BlockReason.DAMAGED, _("Il est abîmé")),
            (BlockReason.ERROR, _("Il a été remis par erreur")),
        ],
        widget=forms.RadioSelect,
    )
    precision = forms.CharField(
        label=_("Précision"),
        help_text=_("Par exemple : perdu dans le bus. Ne nommez personne."),
        max_length=300,
        required=False,
    )


class ReplaceForm(HouseForm):
    """The booklet given instead of one that is blocked; which hand-over, where the booklet was shared."""

    remise = forms.ChoiceField(label=_("Pour qui"), widget=forms.RadioSelect)
    numero = BookletNumberField(label=_("Numéro du nouveau chéquier"))

    def __init__(self, *args: Any, hand_overs: Sequence[tuple[HandOver, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hand_overs = {str(given.pk): given for given, _label in hand_overs}
        chosen = self.fields["remise"]
        if len(hand_overs) < 2:
            del self.fields["remise"]
        elif isinstance(chosen, forms.ChoiceField):
            chosen.choices = [(str(given.pk), label) for given, label in hand_overs]

    @property
    def replaced(self) -> HandOver | None:
        if "remise" in self.fields:
            return self.hand_overs[self.cleaned_data["remise"]]
        return next(iter(self.hand_overs.values()), None)


class ReturnForm(HouseForm):
    """Which booklets go back, and to whom."""

    quoi = forms.ChoiceField(label=_("Vous rendez"), widget=forms.RadioSelect, initial=A_PART)
    premier = BookletNumberField(label=_("Du chéquier numéro"), required=False)
    dernier = BookletNumberField(
        label=_("Au chéquier numéro"),
        help_text=_("Le dernier de la pile. Laissez vide pour n’en rendre qu’un."),
        required=False,
    )
    a = forms.ChoiceField(label=_("À qui"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, receivers: Sequence[Organisation], untouched: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receivers = {str(one.pk): one for one in receivers}
        what, whom = self.fields["quoi"], self.fields["a"]
        if isinstance(what, forms.ChoiceField) and isinstance(whom, forms.ChoiceField):
            everything = _("tous ceux qui ne sont pas entamés (%(n)s)") % {"n": untouched}
            what.choices = [(A_PART, _("une partie, qui se suit dans la pile")), (ALL_OF_IT, everything)]
            whom.choices = [(key, one.name) for key, one in self.receivers.items()]
            whom.initial = next(iter(self.receivers), None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("quoi") == A_PART and not cleaned.get("premier") and "premier" not in self.errors:
            self.add_error("premier", _("Tapez le numéro du premier chéquier que vous rendez."))
        return cleaned

    @property
    def receiver(self) -> Organisation:
        return self.receivers[self.cleaned_data["a"]]


class RecallForm(PersonalForm):
    """Why a parcel that left is taken back."""

    motif = forms.CharField(
        label=_("Motif"),
        help_text=_("Par exemple : ce n’était pas la bonne pile. Le destinataire le lira."),
        max_length=300,
    )


class AskForm(PersonalForm):
    """How many booklets, and why."""

    nombre = forms.IntegerField(
        label=_("Nombre de chéquiers"),
        help_text=_("Ce que vous pensez remettre en trois mois."),
        min_value=1,
        max_value=MOST_ASKED,
        widget=forms.NumberInput(attrs={"class": "short-field", "inputmode": "numeric"}),
    )
    precision = forms.CharField(
        label=_("Précision"),
        help_text=_("Par exemple : une nouvelle permanence ouvre en avril."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
