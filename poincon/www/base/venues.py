"""Places as their operator, or whoever runs the network for it, lists, opens and corrects them: the same for both."""

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from poincon.kernel.documents.french import count
from poincon.mediation.models import Venue
from poincon.mediation.services.places import VenueChanges
from poincon.territories.models import Commune
from poincon.www.base.communes import CommuneField
from poincon.www.base.forms import HouseForm
from poincon.www.base.listing import Filters
from poincon.www.base.parts import Tag, Tone


class VenueForm(HouseForm):
    """A place, as the inhabitants know it."""

    nom = forms.CharField(label=_("Nom du lieu"), help_text=_("Celui que les habitants connaissent."), max_length=200)
    commune = CommuneField(label=_("Commune"))
    adresse = forms.CharField(label=_("Adresse"), help_text=_("Numéro et rue."), max_length=200, required=False)
    telephone = forms.CharField(
        label=_("Téléphone"), help_text=_("On y prend rendez-vous : il est imprimé et affiché."), max_length=20
    )
    courriel = forms.EmailField(label=_("Courriel"), required=False)
    itinerant = forms.BooleanField(
        label=_("Ce lieu se déplace (bus, permanences de village en village)"), required=False
    )

    def __init__(self, *args: Any, near: Commune | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Homonyms are many: the département of the structure is looked at first.
        self.fields["commune"].departement = near.departement_id if near else None  # type: ignore[attr-defined]

    @property
    def fields_of_venue(self) -> VenueChanges:
        """What was typed, as the verbs of places take it."""
        values = self.cleaned_data
        return {
            "name": values["nom"],
            "commune": values["commune"],
            "address": values["adresse"],
            "phone": values["telephone"],
            "email": values["courriel"],
            "itinerant": values["itinerant"],
        }

    def changes_of(self, venue: Venue) -> VenueChanges:
        """Without the commune when it is the same: the position of the place stays where it was put."""
        changes = self.fields_of_venue
        if changes["commune"] == venue.commune:
            del changes["commune"]
        return changes


def typed_for(venue: Venue) -> dict[str, object]:
    """What the form shows of a place at first."""
    return {
        "nom": venue.name,
        "commune": venue.commune,
        "adresse": venue.address,
        "telephone": venue.phone,
        "courriel": venue.email,
        "itinerant": venue.itinerant,
    }


def with_services(rows: QuerySet[Venue]) -> QuerySet[Any]:
    """Places with how many services stand today at each."""
    today = timezone.localdate()
    standing = Q(offers__starts_on__lte=today) & (Q(offers__ended_on=None) | Q(offers__ended_on__gt=today))
    return rows.annotate(services=Count("offers", filter=standing))


def venue_state(venue: Any) -> Tag:
    """Whether passes are accepted at a place: ``services`` counts the offers that stand today."""
    today = timezone.localdate()
    if venue.closed_on and venue.closed_on <= today:
        return Tag(_("fermé"), Tone.QUIET)
    if venue.closed_on:
        return Tag(_("ferme bientôt"), Tone.CAREFUL)
    return Tag(_("ouvert"), Tone.GOOD) if venue.services else Tag(_("aucun service"), Tone.CAREFUL)


class VenueFilters(Filters):
    """Whether a place is open, and whether it moves. For rows of ``with_services``."""

    etat = forms.ChoiceField(
        label=_("État"),
        choices=[
            ("", _("tous")),
            ("ouvert", _("ouverts, avec un service")),
            ("sans-service", _("ouverts, sans service")),
            ("ferme", _("fermés")),
        ],
    )
    itinerant = forms.BooleanField(label=_("Il se déplace"))

    lookups = {"itinerant": "itinerant"}

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        kept, today = super().narrow(rows), timezone.localdate()
        closed = Q(closed_on__lte=today)
        chosen = {
            "ouvert": ~closed & Q(services__gt=0),
            "sans-service": ~closed & Q(services=0),
            "ferme": closed,
        }.get(self.cleaned_data.get("etat", ""))
        return kept.filter(chosen) if chosen else kept


def venues_said(total: int) -> str:
    """How many places a list holds."""
    return ngettext("%(n)s lieu", "%(n)s lieux", total) % {"n": count(total)}
