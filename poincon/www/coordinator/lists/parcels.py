"""Parcels, stocks and destructions of a network."""

from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from poincon.kernel.documents.french import count
from poincon.organisations.models import Organisation
from poincon.passes.enums import TransferKind
from poincon.passes.models import Destruction, Transfer
from poincon.passes.queries.holders import asleep
from poincon.passes.queries.parcels import ON_ITS_WAY, late
from poincon.passes.queries.waiting import BOOKLETS_SLEEP, DISCREPANCY_WAITS, PARCEL_IS_LATE
from poincon.www.base.forms import DayInput
from poincon.www.base.listing import Column, Filters, Kind, Listing, words_in
from poincon.www.base.parts import Empty, Tag, Tone


def parcel_state(transfer: Transfer) -> Tag:
    """The state of a parcel in a word."""
    if transfer.recalled_at is not None:
        return Tag(_("rappelé"), Tone.QUIET)
    if transfer.received_at is None:
        is_late = transfer.sent_at < timezone.now() - PARCEL_IS_LATE
        return Tag(_("en retard"), Tone.CAREFUL) if is_late else Tag(_("en route"), Tone.INFO)
    if transfer.resolved_at is not None:
        return Tag(_("reçu, écart clos"), Tone.QUIET)
    return Tag(_("reçu, écart"), Tone.BAD) if transfer.discrepancy else Tag(_("reçu"), Tone.GOOD)


class ParcelFilters(Filters):
    etat = forms.ChoiceField(
        label=_("État"),
        choices=[
            ("", _("tous")),
            ("chemin", _("en route")),
            ("retard", _("en route depuis plus de deux semaines")),
            ("recu", _("reçus")),
            ("ecart", _("reçus, écart à clore")),
            ("clos", _("reçus, écart clos")),
            ("rappele", _("rappelés")),
        ],
    )
    nature = forms.ChoiceField(label=_("Nature"), choices=[("", _("toutes")), *TransferKind.choices])
    depuis = forms.DateField(label=_("Expédiés depuis le"), widget=DayInput())

    lookups = {"nature": "kind", "depuis": "sent_at__date__gte"}

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        kept = super().narrow(rows)
        chosen = self.cleaned_data.get("etat", "")
        if chosen == "recu":
            return kept.exclude(received_at=None)
        if chosen == "ecart":
            return kept.filter(DISCREPANCY_WAITS)
        if chosen == "clos":
            return kept.exclude(resolved_at=None)
        if chosen == "rappele":
            return kept.exclude(recalled_at=None)
        waiting = {"chemin": ON_ITS_WAY, "retard": late(timezone.now())}.get(chosen)
        return kept.filter(waiting) if waiting else kept


def _parcels_said(total: int) -> str:
    return ngettext("%(n)s colis", "%(n)s colis", total) % {"n": count(total)}


PARCELS = Listing[Transfer](
    name="colis",
    columns=(
        Column(
            "bordereau",
            _("Bordereau"),
            "pk",
            kind=Kind.SERIAL,
            sort=("pk",),
            link=lambda row: reverse("coordinator:parcel", args=[row.pk]),
        ),
        Column("a", _("À"), "receiver.name", sort=("receiver__name",), template="coordinator/cells/ends.html"),
        Column("etat", _("État"), parcel_state, kind=Kind.TAG),
        Column(
            "chequiers",
            _("Chéquiers"),
            "booklets_sent",
            kind=Kind.NUMBER,
            sort=("booklets_sent",),
            template="coordinator/cells/arrived.html",
        ),
        Column("envoye", _("Envoyé le"), "sent_at", kind=Kind.DAY, sort=("sent_at",)),
        Column("recu", _("Reçu le"), "received_at", kind=Kind.DAY, sort=("received_at",)),
        # The page says it under the receiver: a column more would not fit.
        Column("de", _("De"), "sender.name", shown=False),
        Column("nature", _("Nature"), lambda row: row.get_kind_display(), shown=False),
        Column("arrives", _("Chéquiers reçus"), "booklets_received", kind=Kind.NUMBER, shown=False),
        Column("ecart", _("Écart"), "discrepancy", shown=False),
        Column("issue", _("Issue de l’écart"), lambda row: row.get_resolved_how_display(), shown=False),
        Column("suite", _("Ce qui s’est passé"), "resolved_note", shown=False),
        Column("motif", _("Motif du rappel"), "recall_reason", shown=False),
    ),
    order="-envoye",
    said=_parcels_said,
    search=words_in("receiver__name", "sender__name", "pk__exact"),
    search_label=_("Chercher un bordereau, un destinataire, un expéditeur"),
    filters=ParcelFilters,
    empty=Empty(
        _("Aucun colis"),
        _("Chaque envoi de chéquiers s’affiche ici, du départ à la réception, avec son bordereau."),
        _("Envoyer des chéquiers"),
        reverse_lazy("coordinator:send"),
    ),
)


# --- to whom one sends -----------------------------------------------------------------------------------------------


def _receivers_said(total: int) -> str:
    return ngettext("%(n)s destinataire possible", "%(n)s destinataires possibles", total) % {"n": count(total)}


RECEIVERS: Listing[Any] = Listing(
    name="destinataires",
    columns=(
        Column(
            "nom",
            _("À qui"),
            "name",
            sort=("name",),
            link=lambda row: reverse("coordinator:send_to", args=[row.pk]),
        ),
        Column("commune", _("Commune"), "commune.name", sort=("commune__name",)),
        Column("fait", _("Ce qu’elle fait"), lambda row: gettext("prescrit") if row.agreed else gettext("pilote")),
    ),
    order="nom",
    said=_receivers_said,
    search=words_in("name", "commune__name"),
    search_label=_("Chercher une organisation, une commune"),
    empty=Empty(
        _("Personne à qui envoyer"),
        _("On envoie des chéquiers aux prescripteurs conventionnés. Conventionnez d’abord une organisation."),
        _("Voir les organisations"),
        reverse_lazy("coordinator:organisations"),
    ),
)


# --- who holds how many -----------------------------------------------------------------------------------------------


def stock_state(holder: Any, *, own_id: int = 0) -> Tag:
    """What the stock of a holder calls for. The pile from which parcels leave does not sleep: it waits for them."""
    if not holder.ready:
        return Tag(_("rien à remettre"), Tone.QUIET)
    if holder.pk == own_id:
        return Tag(_("votre pile"), Tone.INFO)
    if holder.moved_at and holder.moved_at < timezone.now() - BOOKLETS_SLEEP:
        return Tag(_("dort"), Tone.CAREFUL)
    return Tag(_("bouge"), Tone.GOOD)


class StockFilters(Filters):
    dort = forms.BooleanField(label=_("Ils dorment"))
    stock = forms.BooleanField(label=_("A un stock"))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        self.is_valid()
        rows = rows.filter(asleep(timezone.now())) if self.cleaned_data.get("dort") else rows
        return rows.filter(stock__gt=0) if self.cleaned_data.get("stock") else rows


def _holders_said(total: int) -> str:
    return ngettext("%(n)s détenteur", "%(n)s détenteurs", total) % {"n": count(total)}


HOLDERS = Listing[Organisation](
    name="stock-par-detenteur",
    columns=(
        Column("detenteur", _("Détenteur"), "name", sort=("name",), template="coordinator/cells/holder.html"),
        Column("commune", _("Commune"), "commune.name", shown=False),
        Column("stock", _("En stock"), "stock", kind=Kind.NUMBER, sort=("stock",)),
        Column("a-remettre", _("À remettre"), "ready", kind=Kind.NUMBER, sort=("ready",)),
        Column("entames", _("Dont entamés"), "begun", kind=Kind.NUMBER, shown=False),
        Column("inactifs", _("Pas activés"), "inert", kind=Kind.NUMBER, shown=False),
        Column("arretes", _("Hors d’usage"), "stopped", kind=Kind.NUMBER, shown=False),
        Column("en-route", _("En route"), "arriving", kind=Kind.NUMBER, sort=("arriving",)),
        Column("remis", _("Remis"), "handed", kind=Kind.NUMBER, sort=("handed",)),
        Column("depuis", _("Dernier mouvement"), "moved_at", kind=Kind.DAY, sort=("moved_at",)),
    ),
    order="-stock",
    said=_holders_said,
    search=words_in("name", "commune__name"),
    search_label=_("Chercher un détenteur ou une commune"),
    filters=StockFilters,
    empty=Empty(
        _("Aucun chéquier imprimé"),
        _("Quand un lot sera imprimé et livré, vous verrez ici qui en a combien, et depuis quand ils dorment."),
    ),
)


def holders_list(own_id: int) -> Listing[Organisation]:
    """Who holds how many, seen by the organisation that sends them."""
    state = Column[Organisation](
        "etat", _("État"), partial(stock_state, own_id=own_id), template="coordinator/cells/stock.html"
    )
    return replace(HOLDERS, columns=(*HOLDERS.columns, state))


# --- destructions -----------------------------------------------------------------------------------------------------


def _destructions_said(total: int) -> str:
    return ngettext("%(n)s destruction", "%(n)s destructions", total) % {"n": count(total)}


DESTRUCTIONS = Listing[Destruction](
    name="destructions",
    columns=(
        Column(
            "numero",
            _("Procès-verbal"),
            "pk",
            kind=Kind.SERIAL,
            sort=("pk",),
            link=lambda row: reverse("coordinator:record", args=[row.pk]),
        ),
        Column("date", _("Détruits le"), "at", kind=Kind.DAY, sort=("at",)),
        Column("chequiers", _("Chéquiers"), "booklets", kind=Kind.NUMBER, sort=("booklets",)),
        Column("detenteur", _("Détenteur"), "holder.name", sort=("holder__name",)),
        Column("motif", _("Motif"), "reason"),
        Column("temoin", _("Témoin"), "witness"),
        Column("par", _("Par"), "by_label"),
    ),
    order="-date",
    said=_destructions_said,
    empty=Empty(
        _("Aucune destruction"),
        _("Les chéquiers rendus qui ne serviront plus se détruisent devant témoin ; le procès-verbal s’imprime ici."),
        _("Détruire des chéquiers"),
        reverse_lazy("coordinator:destroy"),
    ),
)
