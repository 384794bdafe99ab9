"""What one types of money received."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import Funding, Programme
from poincon.programmes.queries import fundings_on
from poincon.www.base.about import today_of
from poincon.www.base.forms import DayInput, HouseForm
from poincon.www.funder.fields import EurosField

KINDS = [
    (ReceiptKind.CASH.value, _("Un versement : l’argent est arrivé sur le compte")),
    (ReceiptKind.COMMITMENT.value, _("Un engagement : une décision budgétaire le promet, il n’est pas arrivé")),
]


class _FundingChoice(forms.ModelChoiceField[Funding]):
    def label_from_instance(self, funding: Funding) -> str:
        return funding.funder.name


class CashForm(HouseForm):
    """Money that has arrived."""

    montant = EurosField(label=_("Montant"), help_text=_("En euros, par exemple 12 500 ou 12 500,50."), lowest=1)
    recu = forms.DateField(label=_("Reçu le"), help_text=_("La date du virement ou de la décision."), widget=DayInput())
    reference = forms.CharField(
        label=_("Référence"),
        help_text=_("Le numéro du virement, du titre de recette ou de la délibération : une fois par dispositif."),
        max_length=100,
    )


class ReceiptForm(CashForm):
    """Money, or the promise of it, and whose it is."""

    nature = forms.ChoiceField(label=_("Ce que vous enregistrez"), choices=KINDS, widget=forms.RadioSelect)
    financeur = _FundingChoice(
        label=_("Financeur"),
        help_text=_("Laissez vide si cet argent n’est pas celui d’un cofinanceur en particulier."),
        queryset=Funding.objects.none(),
        required=False,
        empty_label=_("Aucun en particulier"),
    )

    field_order = ["nature", "montant", "recu", "reference", "financeur"]

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = max(today_of(programme), programme.starts_on)
        self.fields["financeur"].queryset = fundings_on(programme.pk, day)  # type: ignore[attr-defined]


class CorrectionForm(HouseForm):
    motif = forms.CharField(
        label=_("Motif"),
        help_text=_("Il reste écrit à côté du versement, par exemple « versé à un autre dispositif »."),
        max_length=100,
    )
