"""The lists of a prescriber: booklets, hand-overs, parcels, people."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from poincon.beneficiaries.models import CaseFile
from poincon.beneficiaries.queries import matching_cases
from poincon.kernel.documents.french import count
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Booklet, HandOver, Transfer
from poincon.www.base.booklets import SHORTEST_NUMBER, booklet_state, by_number, number_of
from poincon.www.base.listing import Column, Filters, Kind, Listing
from poincon.www.base.parts import Empty, Tag, Tone
from poincon.www.prescriber.people import name_of

# --- stock ------------------------------------------------------------------------------------------------------------

STOCK = Q(custody=Custody.STOCK)
#: A state of a booklet as its prescriber says it: which rows it keeps.
STATES = {
    "a-remettre": (_("à remettre"), STOCK & Q(validity=Validity.ACTIVE)),
    "entames": (_("entamés"), STOCK & Q(validity=Validity.ACTIVE) & ~Q(handed=0)),
    "inactifs": (_("pas encore activés"), STOCK & Q(validity=Validity.INERT)),
    "remis": (_("remis"), Q(custody=Custody.PERSON)),
    "en-chemin": (_("en chemin"), Q(custody=Custody.TRANSIT)),
    "arretes": (_("perdus ou en opposition"), Q(validity=Validity.BLOCKED) | Q(custody=Custody.LOST)),
    "expires": (_("expirés"), Q(validity=Validity.EXPIRED)),
}


class StockFilters(Filters):
    etat = forms.ChoiceField(
        label=_("État"), choices=[("", _("tous")), *((key, label) for key, (label, _rows) in STATES.items())]
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        self.is_valid()
        chosen = self.cleaned_data.get("etat")
        return rows.filter(STATES[chosen][1]) if chosen else rows


def _left(booklet: Booklet) -> str:
    """How many passes are still to hand over, and how many to use."""
    if booklet.custody == Custody.STOCK:
        free = booklet.size - booklet.handed.bit_count()
        return gettext("%(free)s à remettre sur %(size)s") % {"free": free, "size": booklet.size}
    used = booklet.used.bit_count()
    words = ngettext("%(used)s utilisé sur %(size)s", "%(used)s utilisés sur %(size)s", used)
    return words % {"used": used, "size": booklet.size}


def _place(booklet: Booklet) -> str:
    return gettext("lot %(batch)s, n° %(rank)s") % {"batch": booklet.batch.number, "rank": booklet.rank}


def _stock_said(total: int) -> str:
    return ngettext("%(n)s chéquier", "%(n)s chéquiers", total) % {"n": count(total)}


BOOKLETS = Listing[Booklet](
    name="stock",
    columns=(
        Column(
            "numero",
            _("Chéquier"),
            number_of,
            sort=("number",),
            link=lambda row: reverse("prescriber:booklet", args=[row.pk]),
        ),
        Column("etat", _("État"), booklet_state, kind=Kind.TAG, sort=("custody", "validity", "batch__number", "rank")),
        Column("pass", _("Pass"), _left, exported=False),
        Column("lot", _("Place dans la pile"), _place, sort=("batch__number", "rank"), exported=False),
        # What the page says in a sentence, a file says in numbers.
        Column("taille", _("Pass"), "size", kind=Kind.NUMBER, shown=False),
        Column("remis", _("Pass remis"), lambda row: row.handed.bit_count(), kind=Kind.NUMBER, shown=False),
        Column("utilises", _("Utilisés"), lambda row: row.used.bit_count(), kind=Kind.NUMBER, shown=False),
        Column("du-lot", _("Lot"), "batch.number", kind=Kind.NUMBER, shown=False),
        Column("rang", _("Rang"), "rank", kind=Kind.NUMBER, shown=False),
    ),
    # What is in hand first.
    order="etat",
    said=_stock_said,
    search=by_number,
    search_label=_("Chercher un numéro"),
    filters=StockFilters,
    empty=Empty(
        _("Vous n’avez encore aucun chéquier"),
        _("Ici s’affichent les chéquiers que vous avez reçus. Recevez un colis, ou demandez-en à la tête de réseau."),
        _("Demander des chéquiers"),
        reverse_lazy("prescriber:ask"),
    ),
)


def stock_list(last_days: dict[int, date]) -> Listing[Booklet]:
    """The list of booklets, with the last day of validity of each batch."""
    until = Column[Booklet](
        "jusqu-au",
        _("Valable jusqu’au"),
        lambda row: last_days[row.batch_id],
        kind=Kind.DAY,
        sort=("batch__valid_until",),
    )
    return replace(BOOKLETS, columns=(*BOOKLETS.columns, until))


# --- hand-overs -------------------------------------------------------------------------------------------------------


def given_to(given: HandOver) -> str:
    return name_of(given.case_file) if given.case_file else gettext("personne anonyme")


def hand_over_state(given: HandOver) -> Tag:
    """The state of a hand-over in a word."""
    if given.cancellation_id is not None:
        return Tag(_("annulée"), Tone.QUIET)
    if given.booklet.validity == Validity.BLOCKED:
        return Tag(_("en opposition"), Tone.BAD)
    used = (given.passes & given.booklet.used).bit_count()
    if not used:
        return Tag(_("pas encore utilisé"), Tone.CAREFUL)
    return Tag(_("utilisé en entier") if used == given.passes.bit_count() else _("entamé"), Tone.GOOD)


class HandOverFilters(Filters):
    etat = forms.ChoiceField(
        label=_("État"),
        choices=[
            ("", _("toutes")),
            ("pas-utilise", _("pas encore utilisées")),
            ("entame", _("au moins un pass utilisé")),
            ("annulee", _("annulées")),
        ],
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        self.is_valid()
        chosen = self.cleaned_data.get("etat", "")
        if chosen == "annulee":
            return rows.exclude(cancellation=None)
        used = F("booklet__used").bitand(F("passes"))  # type: ignore[arg-type]  # stubs know only integers
        live: QuerySet[Any] = rows.filter(cancellation=None).annotate(used_here=used)
        if chosen == "pas-utilise":
            return live.filter(used_here=0)
        return live.exclude(used_here=0) if chosen == "entame" else rows


def _search_given(rows: QuerySet[HandOver], typed: str) -> QuerySet[HandOver]:
    if sum(sign.isdigit() for sign in typed) >= SHORTEST_NUMBER:
        return by_number(rows, typed, field="booklet__number")
    cases = CaseFile.objects.filter(hand_overs__in=rows.order_by()).distinct()
    return rows.filter(case_file__in=list(matching_cases(cases, typed).values_list("pk", flat=True)))


def _hand_overs_said(total: int) -> str:
    return ngettext("%(n)s remise", "%(n)s remises", total) % {"n": count(total)}


HAND_OVERS = Listing[HandOver](
    name="remises",
    columns=(
        Column(
            "personne",
            _("Personne"),
            given_to,
            link=lambda row: reverse("prescriber:given", args=[row.pk]),
            sort=("case_file__beneficiary__last_name", "case_file__beneficiary__first_name"),
        ),
        Column("date", _("Remis le"), "at", kind=Kind.DAY, sort=("at",)),
        Column("numero", _("Chéquier"), lambda row: number_of(row.booklet), sort=("booklet__number",)),
        Column("pass", _("Pass remis"), lambda row: row.passes.bit_count(), kind=Kind.NUMBER),
        Column("utilises", _("Utilisés"), lambda row: (row.passes & row.booklet.used).bit_count(), kind=Kind.NUMBER),
        Column("etat", _("État"), hand_over_state, kind=Kind.TAG),
        Column("par", _("Par"), "by_label", sort=("by_label",)),
    ),
    order="-date",
    said=_hand_overs_said,
    search=_search_given,
    search_label=_("Chercher une personne ou un numéro"),
    filters=HandOverFilters,
    empty=Empty(
        _("Aucune remise"),
        _("Ici s’affichent les chéquiers que vous remettez, et ce que les personnes en font."),
        _("Remettre un chéquier"),
        reverse_lazy("prescriber:hand_over"),
    ),
)


# --- parcels ----------------------------------------------------------------------------------------------------------


def parcel_state(transfer: Transfer) -> Tag:
    """The state of a parcel in a word."""
    if transfer.recalled_at is not None:
        return Tag(_("rappelé"), Tone.QUIET)
    if transfer.received_at is None:
        return Tag(_("en route"), Tone.INFO)
    if transfer.resolved_at is not None:
        return Tag(_("reçu, écart clos"), Tone.QUIET)
    return Tag(_("reçu, écart"), Tone.CAREFUL) if transfer.discrepancy else Tag(_("reçu"), Tone.GOOD)


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
            link=lambda row: reverse("prescriber:parcel", args=[row.pk]),
        ),
        Column("etat", _("État"), parcel_state, kind=Kind.TAG),
        Column("de", _("De"), "sender.name", sort=("sender__name",)),
        Column("a", _("À"), "receiver.name", sort=("receiver__name",)),
        Column("chequiers", _("Chéquiers"), "booklets_sent", kind=Kind.NUMBER, sort=("booklets_sent",)),
        Column("envoye", _("Envoyé le"), "sent_at", kind=Kind.DAY, sort=("sent_at",)),
        Column("recu", _("Reçu le"), "received_at", kind=Kind.DAY, sort=("received_at",)),
    ),
    order="-envoye",
    said=_parcels_said,
    empty=Empty(
        _("Aucun colis"),
        _("Ici s’affichent les colis de chéquiers que vous recevez ou que vous rendez."),
        _("Demander des chéquiers"),
        reverse_lazy("prescriber:ask"),
    ),
)


# --- people -----------------------------------------------------------------------------------------------------------


def _given_passes(case: CaseFile) -> int:
    return sum(given.passes.bit_count() for given in case.hand_overs.all())


def _used_passes(case: CaseFile) -> int:
    return sum((given.passes & given.booklet.used).bit_count() for given in case.hand_overs.all())


def _people_said(total: int) -> str:
    return ngettext("%(n)s personne", "%(n)s personnes", total) % {"n": count(total)}


PEOPLE = Listing[CaseFile](
    name="personnes",
    columns=(
        Column(
            "nom",
            _("Personne"),
            name_of,
            sort=("beneficiary__last_name", "beneficiary__first_name"),
            link=lambda row: reverse("prescriber:person", args=[row.pk]),
        ),
        Column("telephone", _("Téléphone"), "beneficiary.phone"),
        Column("commune", _("Commune"), "beneficiary.commune.name", sort=("beneficiary__commune__name",)),
        Column("public", _("Public"), "public.label", sort=("public__label",)),
        Column("remis", _("Pass remis"), _given_passes, kind=Kind.NUMBER),
        Column("utilises", _("Utilisés"), _used_passes, kind=Kind.NUMBER),
        Column("depuis", _("Depuis le"), "opened_at", kind=Kind.DAY, sort=("opened_at",)),
    ),
    order="-depuis",
    said=_people_said,
    search=matching_cases,
    search_label=_("Chercher par nom, téléphone ou n° de dossier"),
    empty=Empty(
        _("Personne pour l’instant"),
        _("Ici s’affichent les personnes à qui vous avez remis un chéquier, et ce qu’elles en font."),
        _("Remettre un chéquier"),
        reverse_lazy("prescriber:hand_over"),
    ),
)
