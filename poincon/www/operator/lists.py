"""The lists of a structure: its punches, its devices, its statements."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.documents.french import count
from poincon.mediation.models import Venue
from poincon.organisations.models import Device, Membership
from poincon.passes import codes
from poincon.passes.models import Scan
from poincon.passes.queries.punches import person_of, value_of
from poincon.settlement.enums import StatementState
from poincon.settlement.models import Statement
from poincon.settlement.queries import payment_returned
from poincon.www.base.forms import DayInput
from poincon.www.base.listing import Column, Filters, Kind, Listing, words_in
from poincon.www.base.parts import Empty, Tag, Tone
from poincon.www.base.venues import VenueFilters, venue_state, venues_said
from poincon.www.operator.desk import Desk
from poincon.www.operator.rows import PunchRow, number_of, state_of, who_punched, why_of


class PunchFilters(Filters):
    """When, where, and what was answered."""

    du = forms.DateField(label=_("Du"), widget=DayInput())
    au = forms.DateField(label=_("Au"), widget=DayInput())
    lieu = forms.ModelChoiceField(label=_("Lieu"), queryset=Venue.objects.none())
    reponse = forms.ChoiceField(
        label=_("Réponse"),
        choices=[("", _("toutes")), ("oui", _("poinçonné")), ("annule", _("annulé")), ("non", _("refusé"))],
    )

    lookups = {"du": "occurred_at__date__gte", "au": "occurred_at__date__lte", "lieu": "venue"}

    def __init__(self, asked: QueryDict, *, desk: Desk) -> None:
        super().__init__(asked)
        venues = Venue.objects.filter(operator=desk.operator).select_related("commune")
        self.fields["lieu"].queryset = venues.order_by(Alphabetical("name"), "pk")  # type: ignore[attr-defined]  # of a ModelChoiceField

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().narrow(rows)
        wanted: dict[str, dict[str, Any]] = {
            "oui": {"accepted": True, "annulment": None},
            "annule": {"annulment__isnull": False},
            "non": {"accepted": False},
        }
        return rows.filter(**wanted.get(self.cleaned_data.get("reponse", ""), {}))


def punches_numbered(rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
    """The punches of the booklet with this number, or whose number begins so."""
    written = "".join(typed.split()).upper()
    digits = written[: codes.DIGITS]
    if not (digits.isascii() and digits.isdecimal()):
        return rows.none()
    first = int(digits.ljust(codes.DIGITS, "0"))
    return rows.filter(booklet__number__range=(first, int(digits.ljust(codes.DIGITS, "9"))))


def _punches_said(total: int) -> str:
    return ngettext("%(n)s poinçon", "%(n)s poinçons", total) % {"n": count(total)}


def _row(scan: Scan) -> PunchRow:
    return PunchRow(scan, undoable=False)


PUNCHES = Listing[Scan](
    name="poincons",
    columns=(
        # What the page shows.
        # In the order they arrived, which an index gives: what was punched off line stands where it came in.
        Column("quand", _("Quand"), "occurred_at", sort=("id",), template="operator/cells/when.html", exported=False),
        Column("qui", _("Personne"), _row, template="operator/cells/who.html", exported=False),
        Column("quoi", _("Service"), "service", template="operator/cells/service.html", exported=False),
        Column("pass", _("Pass"), "passes", kind=Kind.NUMBER),
        Column("reponse", _("Réponse"), _row, template="operator/cells/answer.html", exported=False),
        # What the files say.
        Column("moment", _("Quand"), "occurred_at", kind=Kind.MOMENT, shown=False),
        Column("etat", _("Réponse"), state_of, shown=False),
        Column("motif", _("Motif du refus"), why_of, shown=False),
        Column("personne", _("Personne"), person_of, shown=False),
        Column("chequier", _("Chéquier"), number_of, shown=False),
        Column("valeur", _("Valeur"), value_of, kind=Kind.EUROS, shown=False),
        Column("service", _("Service"), "service", shown=False),
        Column("lieu", _("Lieu"), "venue", shown=False),
        Column("mediateur", _("Par"), who_punched, shown=False),
        Column("dispositif", _("Dispositif"), "booklet.batch.programme", shown=False),
    ),
    order="-quand",
    said=_punches_said,
    search=punches_numbered,
    search_label=_("Chercher un numéro de chéquier"),
    empty=Empty(
        _("Aucun poinçon"),
        _("Ici s’affichent tous les pass poinçonnés par votre structure, et ceux qui ont été refusés."),
        _("Poinçonner"),
        reverse_lazy("operator:punch"),
    ),
)


class DeviceFilters(Filters):
    """Whether a device still punches."""

    etat = forms.ChoiceField(
        label=_("État"), choices=[("", _("tous")), ("service", _("en service")), ("retire", _("retirés"))]
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().narrow(rows)
        standing = {"service": True, "retire": False}.get(self.cleaned_data.get("etat", ""))
        return rows if standing is None else rows.filter(revoked_at__isnull=standing)


def devices_heard(devices: QuerySet[Device]) -> QuerySet[Device]:
    """Devices with ``heard``, by which they sort: one that was never heard is as old as its enrolment."""
    return devices.annotate(heard=Coalesce("last_contact_at", "enrolled_at")).select_related(
        "enrolled_by", "revoked_by"
    )


def _device_state(device: Device) -> Tag:
    return Tag(_("retiré"), Tone.QUIET) if device.revoked_at else Tag(_("en service"), Tone.GOOD)


DEVICES = Listing[Device](
    name="appareils",
    columns=(
        Column("nom", _("Appareil"), "label", sort=("label",)),
        Column("etat", _("État"), _device_state, kind=Kind.TAG),
        Column("personne", _("Ajouté par"), "enrolled_by", sort=("enrolled_by__full_name",)),
        Column("depuis", _("Ajouté le"), "enrolled_at", kind=Kind.DAY, sort=("enrolled_at",)),
        Column("contact", _("Dernier contact"), "last_contact_at", kind=Kind.DAY, sort=("heard",)),
        Column("retire", _("Retiré le"), "revoked_at", kind=Kind.DAY),
        Column("retire_par", _("Retiré par"), "revoked_by", shown=False),
        Column("actions", _("Retirer"), lambda _device: None, template="operator/cells/device.html", exported=False),
    ),
    order="-depuis",
    said=lambda n: ngettext("%(n)s appareil", "%(n)s appareils", n) % {"n": count(n)},
    search=words_in("label", "enrolled_by__full_name"),
    filters=DeviceFilters,
    empty=Empty(
        _("Aucun appareil"),
        _("Un téléphone ajouté ici poinçonne aussi sans réseau. Sur ce site, on poinçonne sans appareil."),
        _("Ajouter un appareil"),
        reverse_lazy("operator:enrol"),
    ),
)

STATES: dict[str, Tone] = {
    StatementState.PAYABLE: Tone.INFO,
    StatementState.IN_PAYMENT: Tone.INFO,
    StatementState.PAID: Tone.GOOD,
    StatementState.NOTHING_DUE: Tone.QUIET,
    StatementState.CANCELLED: Tone.CAREFUL,
}


def statement_tag(statement: Statement) -> Tag:
    if payment_returned(statement) is not None:
        return Tag(_("paiement revenu, à refaire"), Tone.BAD)
    return Tag(statement.get_state_display(), STATES[statement.state])


def _paid_on(statement: Statement) -> date | None:
    return next((payment.decided_on for payment in statement.payments.all() if payment.state == "paid"), None)


STATEMENTS = Listing[Statement](
    name="releves",
    columns=(
        Column(
            "mois",
            _("Mois"),
            "month",
            kind=Kind.MONTH,
            sort=("month",),
            link=lambda statement: reverse("operator:statement", args=[statement.pk]),
        ),
        Column("dispositif", _("Dispositif"), "programme.name"),
        Column("pass", _("Pass"), "passes", kind=Kind.NUMBER, sort=("passes",)),
        Column("total", _("Montant"), "total", kind=Kind.EUROS, sort=("total",)),
        Column("etat", _("État"), statement_tag, kind=Kind.TAG),
        Column("paye", _("Payé le"), _paid_on, kind=Kind.DAY),
        Column("numero", _("Relevé"), "number", shown=False),
    ),
    order="-mois",
    per_page=24,
    said=lambda n: ngettext("%(n)s relevé", "%(n)s relevés", n) % {"n": count(n)},
    empty=Empty(
        _("Aucun relevé"),
        _("Chaque mois, les pass poinçonnés sont relevés pour vous être payés : vous n’avez rien à envoyer."),
        _("Voir le mois en cours"),
        reverse_lazy("operator:month"),
    ),
)

VENUES = Listing[Venue](
    name="lieux",
    columns=(
        Column("nom", _("Lieu"), "name", sort=("name",), link=lambda venue: reverse("operator:venue", args=[venue.pk])),
        Column("commune", _("Commune"), "commune.name", sort=("commune__name",)),
        Column("telephone", _("Téléphone"), "phone"),
        Column("services", _("Services"), "services", kind=Kind.NUMBER, sort=("services",)),
        Column("etat", _("État"), venue_state, kind=Kind.TAG, sort=("is_closed", "name")),
        Column("adresse", _("Adresse"), "address", shown=False),
        Column("courriel", _("Courriel"), "email", shown=False),
        Column("itinerant", _("Itinérant"), "itinerant", kind=Kind.YES_NO, shown=False),
    ),
    order="etat",
    said=venues_said,
    search=words_in("name", "commune__name"),
    filters=VenueFilters,
    empty=Empty(
        _("Aucun lieu"),
        _("Ouvrez le premier lieu où vous accueillez : il paraîtra sur la carte et sur les courriers."),
        _("Ouvrir un lieu"),
        reverse_lazy("operator:new_venue"),
    ),
)

TEAM = Listing[Membership](
    name="equipe",
    columns=(
        Column("nom", _("Personne"), "user", sort=("user__full_name",)),
        Column("role", _("Rôle"), Membership.get_role_display, template="operator/cells/role.html", sort=("role",)),
        Column("dispositif", _("Dispositif"), "programme", shown=False),
        Column("courriel", _("Courriel"), "user.email", template="components/email_cell.html"),
        Column("depuis", _("Depuis"), "since", kind=Kind.DAY, sort=("since",)),
        Column("actions", _("Modifier"), lambda _member: None, template="operator/cells/member.html", exported=False),
    ),
    order="nom",
    said=lambda n: ngettext("%(n)s personne", "%(n)s personnes", n) % {"n": count(n)},
    search=words_in("user__full_name", "user__email"),
    empty=Empty(
        _("Personne encore"),
        _("Ici s’affichent les personnes qui poinçonnent et gèrent pour votre structure."),
        _("Inviter une personne"),
        reverse_lazy("operator:invite"),
    ),
)
