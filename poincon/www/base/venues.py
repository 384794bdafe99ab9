"""A place as its operator, or whoever runs the network for it, opens and corrects it: the same form for both."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from poincon.mediation.models import Venue
from poincon.mediation.services.places import VenueChanges
from poincon.territories.models import Commune
from poincon.www.base.communes import CommuneField
from poincon.www.base.forms import HouseForm


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
