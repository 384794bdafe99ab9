"""The booklets stopped (oppositions): why, when, by whom, and what replaced them."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from poincon.kernel.documents.french import count
from poincon.passes import codes
from poincon.passes.enums import BlockReason
from poincon.passes.permissions import SEE_BATCHES
from poincon.passes.positions import all_passes
from poincon.passes.queries.blocks import blocks_of
from poincon.programmes.models import Programme
from poincon.www.base.about import about_programme
from poincon.www.base.booklets import by_number, number_of
from poincon.www.base.forms import DayInput
from poincon.www.base.listing import Column, Filters, Kind, Listing
from poincon.www.base.parts import Empty


class BlockFilters(Filters):
    motif = forms.ChoiceField(label=_("Motif"), choices=[("", _("tous")), *BlockReason.choices])
    suite = forms.ChoiceField(
        label=_("Remplacement"),
        choices=[("", _("tous")), ("fait", _("remplacés")), ("non", _("pas remplacés"))],
    )
    depuis = forms.DateField(label=_("Depuis le"), widget=DayInput())

    lookups = {"motif": "reason", "depuis": "at__date__gte"}

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        kept = super().narrow(rows)
        then = self.cleaned_data.get("suite")
        return kept.filter(new_id__isnull=then == "non") if then else kept


def _stopped(row: Any) -> int:
    """How many passes nobody may use any more: those that were not used."""
    booklet = row.booklet
    return int((all_passes(booklet.size) & ~booklet.used).bit_count())


def _replaced_by(row: Any) -> str:
    return codes.written(row.new_number) if row.new_number else ""


def _said(total: int) -> str:
    return ngettext("%(total)s opposition", "%(total)s oppositions", total) % {"total": count(total)}


BLOCKS = Listing[Any](
    name="oppositions",
    columns=(
        Column(
            "numero",
            _("Chéquier"),
            lambda row: number_of(row.booklet),
            sort=("booklet__number",),
            link=lambda row: reverse("funder:booklet", args=[row.booklet_id]),
        ),
        Column("motif", _("Motif"), lambda row: row.get_reason_display(), sort=("reason", "-at")),
        Column("precision", _("Précision"), "note", shown=False),
        Column("date", _("Depuis le"), "at", kind=Kind.DAY, sort=("at",)),
        Column("par", _("Par"), "by_label", shown=False),
        Column("detenteur", _("Détenteur"), "booklet.holder.name", sort=("booklet__holder__name",)),
        Column("arretes", _("Pass arrêtés"), _stopped, kind=Kind.NUMBER),
        Column(
            "remplacant",
            _("Remplacé par"),
            _replaced_by,
            link=lambda row: reverse("funder:booklet", args=[row.new_id]) if row.new_id else "",
        ),
    ),
    order="-date",
    said=_said,
    search=lambda rows, typed: by_number(rows, typed, field="booklet__number"),
    search_label=_("Chercher un numéro de chéquier"),
    filters=BlockFilters,
    empty=Empty(
        _("Aucune opposition"),
        _("Un chéquier perdu, volé ou remis par erreur s’arrête ici. On voit ensuite par lequel il est remplacé."),
    ),
)


@require_safe
@about_programme(SEE_BATCHES)
def blocks(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """Every booklet stopped, and the one that replaced it."""
    return BLOCKS.answer(request, blocks_of(programme), "funder/blocks.html", {"programme": programme})
