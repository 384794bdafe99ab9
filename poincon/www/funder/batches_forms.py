from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from poincon.kernel.alphabet import Alphabetical
from poincon.organisations.models import Organisation
from poincon.passes.documents.content import LONGEST
from poincon.passes.enums import BlockReason
from poincon.programmes.models import Programme
from poincon.www.base.forms import DayInput, HouseForm

MOST_BOOKLETS = 100_000


class OrderForm(HouseForm):
    """A batch to order; what is left empty follows the rules of the programme."""

    quantity = forms.IntegerField(label=_("Nombre de chéquiers"), min_value=1, max_value=MOST_BOOKLETS)
    valid_from = forms.DateField(
        label=_("Valable à partir du"), widget=DayInput(), required=False, help_text=_("Vide : dès aujourd’hui.")
    )
    valid_until = forms.DateField(
        label=_("Valable jusqu’au"),
        widget=DayInput(),
        required=False,
        help_text=_("Vide : pendant la durée prévue par le dispositif."),
    )
    letter_text = forms.CharField(
        label=_("Texte de la lettre"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST["welcome_text"],
        required=False,
        help_text=_("Vide : le texte d’accueil du dispositif. Une ligne vide sépare les paragraphes."),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sizes = [(size, _("%(size)s pass") % {"size": size}) for size in programme.booklet_sizes]
        self.fields["size"] = forms.TypedChoiceField(
            label=_("Pass par chéquier"),
            coerce=int,
            choices=sizes,
            initial=sizes[-1][0] if sizes else None,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choisissez la taille des chéquiers.")},
        )
        first_stocks = Organisation.objects.filter(Q(pk=programme.owner_id) | Q(pk=programme.lead_network_id)).order_by(
            Alphabetical("name")
        )
        self.fields["stock_holder"] = forms.ModelChoiceField(
            label=_("Livré à"),
            queryset=first_stocks,
            required=False,
            empty_label=_("La tête de réseau, ou vous-même s’il n’y en a pas"),
        )
        self.order_fields(["quantity", "size", "valid_from", "valid_until", "stock_holder", "letter_text"])


class CancelBatchForm(HouseForm):
    reason = forms.CharField(label=_("Motif"), max_length=300, help_text=_("Il sera gardé dans le journal."))


class BlockForm(HouseForm):
    reason = forms.ChoiceField(label=_("Pourquoi"), choices=BlockReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Précisions"), max_length=300, required=False)
