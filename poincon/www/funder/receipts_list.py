"""The list of what was received for a programme."""

from functools import partial
from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.documents.french import count
from poincon.kernel.money import euros
from poincon.organisations.models import Organisation
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import FundingReceipt, Programme
from poincon.www.base.forms import DayInput
from poincon.www.base.listing import Column, Filters, Kind, Listing, words_in
from poincon.www.base.parts import Empty, Tag, Tone


def receipts_of(programme: Programme) -> QuerySet[FundingReceipt]:
    """The receipts of a programme, each with ``honoured``: the cents of cash that answered a commitment."""
    answers = FundingReceipt.objects.filter(realises=OuterRef("pk")).order_by().values("realises")
    honoured = Subquery(answers.annotate(total=Sum("amount")).values("total"))
    return (
        FundingReceipt.objects.filter(programme=programme)
        .select_related("funding__funder", "corrects", "correction", "realises")
        .annotate(honoured=Coalesce(honoured, 0))
    )


def kind_tag(receipt: FundingReceipt) -> Tag:
    """A correction, cash, or a commitment: never mistaken for one another."""
    if receipt.corrects_id is not None:
        return Tag(_("correction"), Tone.BAD)
    if receipt.kind == ReceiptKind.COMMITMENT:
        return Tag(_("engagement"), Tone.INFO)
    return Tag(_("versement"), Tone.GOOD)


def standing(receipt: Any) -> str:
    """What became of a receipt, in a few words; nothing when it simply counts."""
    if receipt.corrects is not None:
        return _("corrige « %(reference)s »") % {"reference": receipt.corrects.reference}
    if is_corrected(receipt):
        return str(_("corrigé : ne compte plus"))
    if receipt.realises is not None:
        return _("honore « %(reference)s »") % {"reference": receipt.realises.reference}
    if receipt.kind == ReceiptKind.COMMITMENT:
        left = receipt.amount - receipt.honoured
        return _("reste à venir : %(left)s") % {"left": euros(left)} if left else str(_("honoré en entier"))
    return ""


def is_corrected(receipt: FundingReceipt) -> bool:
    return hasattr(receipt, "correction")


def funder_of(receipt: FundingReceipt) -> str:
    return receipt.funding.funder.name if receipt.funding else ""


class ReceiptFilters(Filters):
    nature = forms.ChoiceField(
        label=_("Nature"), choices=[("", _("Toutes")), ("cash", _("Versements")), ("commitment", _("Engagements"))]
    )
    financeur = forms.ModelChoiceField(
        label=_("Financeur"), queryset=Organisation.objects.none(), empty_label=_("Tous")
    )
    depuis = forms.DateField(label=_("Reçus depuis le"), widget=DayInput())
    avant = forms.DateField(label=_("Reçus jusqu’au"), widget=DayInput())

    lookups = {
        "nature": "kind",
        "financeur": "funding__funder",
        "depuis": "received_on__gte",
        "avant": "received_on__lte",
    }

    def __init__(self, asked: QueryDict, *, programme: Programme) -> None:
        super().__init__(asked)
        funders = Organisation.objects.filter(fundings__programme=programme).distinct().order_by(Alphabetical("name"))
        self.fields["financeur"].queryset = funders  # type: ignore[attr-defined]  # a choice of models


def filters_of(programme: Programme) -> partial[ReceiptFilters]:
    return partial(ReceiptFilters, programme=programme)


def _said(total: int) -> str:
    return ngettext("%(n)s ligne", "%(n)s lignes", total) % {"n": count(total)}


RECEIPTS = Listing[FundingReceipt](
    name="versements",
    columns=(
        Column(
            "reference",
            _("Référence"),
            "reference",
            sort=("reference",),
            link=lambda receipt: reverse("funder:receipt", args=[receipt.pk]),
        ),
        Column("nature", _("Nature"), kind_tag, kind=Kind.TAG),
        Column("financeur", _("Financeur"), funder_of, sort=("funding__funder__name",)),
        Column("recu", _("Reçu le"), "received_on", kind=Kind.DAY, sort=("received_on",)),
        Column("montant", _("Montant"), "amount", kind=Kind.EUROS, sort=("amount",)),
        Column("etat", _("Ce qu’il en est"), standing),
        Column("enregistre", _("Enregistré le"), "recorded_at", kind=Kind.MOMENT, sort=("recorded_at",), shown=False),
        Column("par", _("Enregistré par"), "recorded_by_label", shown=False),
    ),
    order="-recu",
    said=_said,
    search=words_in("reference", "funding__funder__name"),
    empty=Empty(
        _("Aucun argent n’est encore enregistré"),
        _("Ici s’inscrit l’argent reçu ou promis pour le dispositif. Sans lui, aucun lot ne peut être activé."),
        _("Enregistrer un versement"),
        reverse_lazy("funder:record_receipt"),
    ),
)
