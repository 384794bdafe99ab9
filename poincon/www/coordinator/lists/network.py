"""Organisations, places, people and trainings of a network."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from poincon.kernel.documents.french import count
from poincon.mediation.models import Venue
from poincon.network.enums import TrainingKind
from poincon.network.models import TrainingRecord
from poincon.organisations.enums import Role
from poincon.organisations.models import Invitation, Membership, Organisation
from poincon.www.base.listing import Column, Filters, Kind, Listing, words_in
from poincon.www.base.parts import Empty, Tag, Tone
from poincon.www.base.venues import VenueFilters, venue_state, venues_said
from poincon.www.coordinator.offering import Gestures


def does(organisation: Organisation) -> str:
    """What an organisation does, in words."""
    said = {
        "is_funder": _("finance"),
        "is_coordinator": _("coordonne"),
        "is_prescriber": _("prescrit"),
        "is_operator": _("opère"),
    }
    return ", ".join(str(word) for kind, word in said.items() if getattr(organisation, kind))


def standing(row: Any) -> Tag | None:
    """Where an organisation stands: ``row`` comes from ``listed_organisations``."""
    if row.agreed or row.qualified:
        both = row.agreed and row.qualified
        one = _("conventionnée") if row.agreed else _("qualifiée")
        return Tag(_("conventionnée et qualifiée") if both else one, Tone.GOOD)
    if row.decided:
        return Tag(_("plus en cours"), Tone.QUIET)
    return Tag(_("à décider"), Tone.CAREFUL) if row.is_prescriber or row.is_operator else None


class OrganisationFilters(Filters):
    fait = forms.ChoiceField(
        label=_("Ce qu’elle fait"),
        choices=[
            ("", _("tout")),
            ("prescrit", _("prescrit")),
            ("opere", _("opère")),
            ("autre", _("finance, coordonne")),
        ],
    )
    etat = forms.ChoiceField(
        label=_("État"),
        choices=[
            ("", _("tous")),
            ("conventionnee", _("convention en cours")),
            ("qualifiee", _("qualification en cours")),
            ("a-decider", _("à décider")),
            ("finie", _("plus en cours")),
        ],
    )
    seules = forms.BooleanField(label=_("Personne n’y a de compte"))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        self.is_valid()
        for chosen in (DOES.get(self.cleaned_data.get("fait", "")), STATES.get(self.cleaned_data.get("etat", ""))):
            rows = rows.filter(chosen) if chosen else rows
        return rows.filter(people=0) if self.cleaned_data.get("seules") else rows


DOES = {
    "prescrit": Q(is_prescriber=True),
    "opere": Q(is_operator=True),
    "autre": Q(is_funder=True) | Q(is_coordinator=True),
}
STATES = {
    "conventionnee": Q(agreed=True),
    "qualifiee": Q(qualified=True),
    "a-decider": Q(decided=False) & (Q(is_prescriber=True) | Q(is_operator=True)),
    "finie": Q(decided=True, agreed=False, qualified=False),
}


def _organisations_said(total: int) -> str:
    return ngettext("%(n)s organisation", "%(n)s organisations", total) % {"n": count(total)}


ORGANISATIONS = Listing[Organisation](
    name="organisations",
    columns=(
        Column(
            "nom",
            _("Organisation"),
            "name",
            sort=("name",),
            link=lambda row: reverse("coordinator:organisation", args=[row.pk]),
        ),
        Column("fait", _("Ce qu’elle fait"), does),
        Column("commune", _("Commune"), "commune.name", sort=("commune__name",)),
        Column("etat", _("État"), standing, template="coordinator/cells/standing.html"),
        Column("convention", _("Convention jusqu’au"), "agreed_until", kind=Kind.DAY, shown=False),
        Column("qualification", _("Qualification jusqu’au"), "qualified_until", kind=Kind.DAY, shown=False),
        Column("personnes", _("Personnes"), "people", kind=Kind.NUMBER, sort=("people",)),
        Column("siret", _("SIRET"), "siret", shown=False),
        Column("rna", _("RNA"), "rna", shown=False),
        Column("telephone", _("Téléphone"), "phone", shown=False),
        Column("courriel", _("Courriel"), "email", shown=False),
        Column("adresse", _("Adresse"), "address", shown=False),
    ),
    order="nom",
    said=_organisations_said,
    search=words_in("name", "siret__startswith", "rna__startswith", "commune__name"),
    search_label=_("Chercher un nom, un SIRET, une commune"),
    filters=OrganisationFilters,
    empty=Empty(
        _("Aucune organisation"),
        _("Les prescripteurs et les opérateurs du dispositif s’affichent ici."),
        _("Ajouter une organisation"),
        reverse_lazy("coordinator:find"),
    ),
)


# --- places -----------------------------------------------------------------------------------------------------------


VENUES = Listing[Venue](
    name="lieux",
    columns=(
        Column("nom", _("Lieu"), "name", sort=("name",), link=lambda row: reverse("coordinator:venue", args=[row.pk])),
        Column("commune", _("Commune"), "commune.name", sort=("commune__name",)),
        Column("operateur", _("Opérateur"), "operator.name", sort=("operator__name",)),
        Column("etat", _("État"), venue_state, kind=Kind.TAG),
        Column("services", _("Services"), "services", kind=Kind.NUMBER, shown=False),
        Column("telephone", _("Téléphone"), "phone"),
        Column("adresse", _("Adresse"), "address", shown=False),
        Column("courriel", _("Courriel"), "email", shown=False),
        Column("itinerant", _("Itinérant"), "itinerant", kind=Kind.YES_NO, shown=False),
        Column("latitude", _("Latitude"), "latitude", kind=Kind.DEGREES, shown=False),
        Column("longitude", _("Longitude"), "longitude", kind=Kind.DEGREES, shown=False),
    ),
    order="nom",
    said=venues_said,
    search=words_in("name", "commune__name", "operator__name"),
    search_label=_("Chercher un lieu, une commune, un opérateur"),
    filters=VenueFilters,
    empty=Empty(
        _("Aucun lieu"),
        _("Les lieux où l’on utilise les pass s’affichent ici, sur une carte et en liste."),
        _("Ouvrir un lieu"),
        reverse_lazy("coordinator:choose_operator"),
    ),
)


OPERATORS = Listing[Organisation](
    name="operateurs",
    columns=(
        Column(
            "nom",
            _("Opérateur"),
            "name",
            sort=("name",),
            link=lambda row: reverse("coordinator:new_venue", args=[row.pk]),
        ),
        Column("commune", _("Commune"), "commune.name", sort=("commune__name",)),
    ),
    order="nom",
    said=lambda total: ngettext("%(n)s opérateur", "%(n)s opérateurs", total) % {"n": count(total)},
    search=words_in("name", "commune__name"),
    search_label=_("Chercher un opérateur, une commune"),
    empty=Empty(
        _("Aucun opérateur"),
        _("Un lieu est toujours celui d’un opérateur de médiation. Ajoutez d’abord l’organisation."),
        _("Ajouter une organisation"),
        reverse_lazy("coordinator:find"),
    ),
)


# --- people -----------------------------------------------------------------------------------------------------------


class PeopleFilters(Filters):
    role = forms.ChoiceField(label=_("Rôle"), choices=[("", _("tous")), *Role.choices])

    lookups = {"role": "role"}


def _people_said(total: int) -> str:
    return ngettext("%(n)s rôle", "%(n)s rôles", total) % {"n": count(total)}


PEOPLE = Listing[Membership](
    name="personnes",
    columns=(
        Column("nom", _("Personne"), "user", sort=("user__full_name",)),
        Column("role", _("Rôle"), lambda row: row.get_role_display(), sort=("role", "user__full_name")),
        Column("organisation", _("Organisation"), "organisation.name", sort=("organisation__name",)),
        Column("courriel", _("Courriel"), "user.email", template="components/email_cell.html"),
        Column("telephone", _("Téléphone"), "user.phone", shown=False),
        Column("depuis", _("Depuis"), "since", kind=Kind.DAY, sort=("since",)),
    ),
    order="nom",
    said=_people_said,
    search=words_in("user__full_name", "user__email", "organisation__name"),
    search_label=_("Chercher un nom, un courriel, une organisation"),
    filters=PeopleFilters,
    empty=Empty(
        _("Personne pour l’instant"),
        _("Les personnes du réseau s’affichent ici. Invitez-les depuis la page de leur organisation."),
        _("Voir les organisations"),
        reverse_lazy("coordinator:organisations"),
    ),
)


def people_list(gestures: Callable[[Membership], Gestures]) -> Listing[Membership]:
    """The list of people, with what the person who asks may do about each."""
    manage = Column[Membership](
        "actions", _("Gérer"), gestures, template="coordinator/cells/person.html", exported=False
    )
    return replace(PEOPLE, columns=(*PEOPLE.columns, manage))


# --- invitations ------------------------------------------------------------------------------------------------------


class InvitationFilters(Filters):
    role = forms.ChoiceField(label=_("Rôle"), choices=[("", _("tous")), *Role.choices])
    etat = forms.ChoiceField(
        label=_("État"), choices=[("", _("tous")), ("en-cours", _("en cours")), ("perimee", _("périmée"))]
    )

    lookups = {"role": "role"}

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().narrow(rows)
        now = timezone.now()
        kept = {"en-cours": Q(expires_at__gt=now), "perimee": Q(expires_at__lte=now)}
        return rows.filter(kept.get(self.cleaned_data.get("etat", ""), Q()))


def _invitations_said(total: int) -> str:
    return ngettext("%(n)s invitation sans réponse", "%(n)s invitations sans réponse", total) % {"n": count(total)}


def _invitation_state(row: Invitation) -> Tag:
    if row.expires_at <= timezone.now():
        return Tag(_("périmée"), Tone.CAREFUL)
    return Tag(_("en cours"), Tone.GOOD)


INVITATIONS = Listing[Invitation](
    name="invitations",
    columns=(
        Column(
            "nom",
            _("Invitée"),
            lambda row: row.full_name or row.email,
            sort=("full_name", "email"),
            template="coordinator/cells/invited.html",
        ),
        Column("courriel", _("Courriel"), "email", shown=False),
        Column(
            "role",
            _("Rôle"),
            lambda row: row.get_role_display(),
            sort=("role", "organisation__name"),
            template="coordinator/cells/offered.html",
        ),
        Column("organisation", _("Organisation"), "organisation.name", shown=False),
        Column("envoyee", _("Envoyée le"), "sent_at", kind=Kind.DAY, sort=("sent_at",)),
        Column("etat", _("État"), _invitation_state, kind=Kind.TAG, sort=("expires_at",)),
    ),
    order="envoyee",
    said=_invitations_said,
    search=words_in("full_name", "email", "organisation__name"),
    search_label=_("Chercher un nom, un courriel, une organisation"),
    filters=InvitationFilters,
    empty=Empty(
        _("Aucune invitation sans réponse"),
        _("Toutes les personnes invitées ont répondu. Invitez-en d’autres depuis la page de leur organisation."),
        _("Voir les organisations"),
        reverse_lazy("coordinator:organisations"),
    ),
)


def invitation_list(is_managed: Callable[[Invitation], bool]) -> Listing[Invitation]:
    """The list of invitations without answer, with what the person who asks may do about each."""
    manage = Column[Invitation](
        "actions", _("Gérer"), is_managed, template="coordinator/cells/invitation.html", exported=False
    )
    return replace(INVITATIONS, columns=(*INVITATIONS.columns, manage))


# --- trainings --------------------------------------------------------------------------------------------------------


class TrainingFilters(Filters):
    formation = forms.ChoiceField(label=_("Formation"), choices=[("", _("toutes")), *TrainingKind.choices])

    lookups = {"formation": "kind"}


def _trainings_said(total: int) -> str:
    return ngettext("%(n)s formation suivie", "%(n)s formations suivies", total) % {"n": count(total)}


TRAININGS = Listing[TrainingRecord](
    name="formations",
    columns=(
        Column("nom", _("Personne"), "user", sort=("user__full_name",)),
        Column("formation", _("Formation"), lambda row: row.get_kind_display(), sort=("kind", "-done_on")),
        Column("date", _("Suivie le"), "done_on", kind=Kind.DAY, sort=("done_on",)),
    ),
    order="-date",
    said=_trainings_said,
    search=words_in("user__full_name"),
    search_label=_("Chercher une personne"),
    filters=TrainingFilters,
    empty=Empty(
        _("Aucune formation"),
        _("Certains dispositifs demandent une formation avant de prescrire ou d’animer. Notez ici qui l’a suivie."),
        _("Noter une formation"),
        reverse_lazy("coordinator:record_training"),
    ),
)
