"""Lists of batches and of booklets."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from poincon.kernel.documents.french import count
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Batch, Booklet
from poincon.passes.queries.funnel import at_stage
from poincon.www.base.booklets import booklet_state, by_number, number_of
from poincon.www.base.listing import Column, Filters, Kind, Listing, words_in
from poincon.www.base.parts import Empty, Tag, Tone


def batch_state(batch: Batch) -> Tag:
    """How far a batch is, in a word."""
    states = (
        (batch.cancelled_at, _("annulé"), Tone.QUIET),
        (batch.expired_at, _("expiré"), Tone.QUIET),
        (batch.activated_at, _("actif"), Tone.GOOD),
        (batch.printed_at, _("à activer"), Tone.CAREFUL),
        (batch.proof_approved_at, _("à imprimer"), Tone.CAREFUL),
    )
    for moment, label, tone in states:
        if moment:
            return Tag(label, tone)
    return Tag(_("à valider"), Tone.CAREFUL)


def face_value(batch: Batch) -> int:
    """What the passes of a batch are worth together, in cents."""
    return batch.quantity * batch.size * batch.unit_value


def _batches_said(total: int) -> str:
    return ngettext("%(total)s lot", "%(total)s lots", total) % {"total": count(total)}


BATCHES = Listing[Batch](
    name="lots",
    columns=(
        Column(
            "lot",
            _("Lot"),
            lambda batch: gettext("Lot %(number)s") % {"number": batch.number},
            sort=("number",),
            link=lambda batch: reverse("funder:batch", args=[batch.pk]),
            exported=False,
        ),
        Column("numero", _("Lot"), "number", kind=Kind.NUMBER, shown=False),
        Column("etat", _("État"), batch_state, kind=Kind.TAG),
        Column("chequiers", _("Chéquiers"), "quantity", kind=Kind.NUMBER, sort=("quantity",)),
        Column("pass", _("Pass par chéquier"), "size", kind=Kind.NUMBER, sort=("size",)),
        Column("valeur", _("Valeur faciale"), face_value, kind=Kind.EUROS),
        Column("commande", _("Commandé le"), "ordered_at", kind=Kind.DAY, sort=("ordered_at",)),
        Column("valable", _("Valable jusqu’au"), "valid_until", kind=Kind.DAY, sort=("valid_until",)),
    ),
    order="-lot",
    said=_batches_said,
    empty=Empty(
        _("Aucun lot"),
        _("Un lot, ce sont des chéquiers commandés et imprimés ensemble. Ils ne paient rien avant leur activation."),
        _("Commander un lot"),
        reverse_lazy("funder:order"),
    ),
)


#: Stages of the funnel of the home, in the words of the address and of the list.
STAGES = {
    "imprimes": _("imprimés"),
    "livres": _("livrés"),
    "remis": _("remis"),
    "entames": _("entamés"),
    "termines": _("terminés"),
}
_COUNTED = {
    "imprimes": "printed",
    "livres": "delivered",
    "remis": "handed",
    "entames": "started",
    "termines": "used_up",
}


_HELD_BY = words_in("holder__name")


class BookletFilters(Filters):
    """Narrow the booklets of a programme. Holders and batches are typed: there may be hundreds."""

    etape = forms.ChoiceField(label=_("Étape"), choices=[("", _("toutes")), *STAGES.items()])
    validite = forms.ChoiceField(label=_("Validité"), choices=[("", _("toutes")), *Validity.choices])
    garde = forms.ChoiceField(label=_("Garde"), choices=[("", _("toutes")), *Custody.choices])
    lot = forms.IntegerField(label=_("Lot"), min_value=1)
    detenteur = forms.CharField(label=_("Détenteur"), max_length=100)

    lookups = {
        "validite": "validity",
        "garde": "custody",
        "lot": "batch__number",
    }

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        kept = _HELD_BY(super().narrow(rows), self.cleaned_data.get("detenteur", ""))
        stage = self.cleaned_data.get("etape")
        return at_stage(kept, _COUNTED[stage]) if stage else kept


def _booklets_said(total: int) -> str:
    return ngettext("%(total)s chéquier", "%(total)s chéquiers", total) % {"total": count(total)}


BOOKLETS = Listing[Booklet](
    name="chequiers",
    columns=(
        Column(
            "numero",
            _("Numéro"),
            number_of,
            sort=("number",),
            link=lambda booklet: reverse("funder:booklet", args=[booklet.pk]),
        ),
        Column("lot", _("Lot"), "batch.number", kind=Kind.NUMBER, sort=("batch_id", "rank")),
        Column("rang", _("Rang"), "rank", kind=Kind.NUMBER),
        Column("etat", _("État"), booklet_state, kind=Kind.TAG),
        Column("detenteur", _("Détenteur"), "holder.name", sort=("holder__name",)),
        Column("utilises", _("Pass utilisés"), lambda one: one.used.bit_count(), kind=Kind.NUMBER),
        Column("taille", _("Sur"), "size", kind=Kind.NUMBER),
    ),
    order="lot",
    said=_booklets_said,
    search=by_number,
    search_label=_("Chercher un numéro de chéquier"),
    filters=BookletFilters,
    empty=Empty(
        _("Aucun chéquier"),
        _("Les chéquiers apparaissent dès qu’un lot est commandé : où ils sont, ce qu’ils valent encore."),
        _("Commander un lot"),
        reverse_lazy("funder:order"),
    ),
)
