"""Find a place where the passes are accepted, near a town."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from poincon.mediation.models import Venue
from poincon.mediation.queries import nearest_venues, read_offers
from poincon.passes.queries.batch import day_of
from poincon.passes.services.letters import distance_said
from poincon.programmes.models import Programme, Service
from poincon.territories.models import Commune
from poincon.www.base.communes import commune_written
from poincon.www.base.maps import Map, Place
from poincon.www.prescriber.forms.places import PlaceForm
from poincon.www.prescriber.reach import desk

SHOWN = 12


@dataclass(frozen=True)
class Found:
    """A place, with what one learns there (``venue.offers.all()``), and how far it is."""

    venue: Venue
    distance: str


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The places nearest to a town; to the prescriber's own, at first."""
    _worn, organisation, programme = desk(request)
    asked = request.GET if "commune" in request.GET else None
    form = PlaceForm(asked, initial={"commune": organisation.commune}, programme=programme)
    commune = organisation.commune if asked is None else None
    service = None
    if form.is_valid():
        commune, service = form.cleaned_data["commune"], form.cleaned_data["service"]
    found = _found(programme, commune, service) if programme and commune else []
    context = {
        "form": form,
        "programme": programme,
        "commune": commune,
        "found": found,
        "hat_programmes": _worn.programmes,
        "map": _map(found, commune) if found and commune else None,
        "written": commune_written(commune) if commune else "",
    }
    return render(request, "prescriber/places.html", context)


def _found(programme: Programme, commune: Commune, service: Service | None) -> list[Found]:
    day, service_id = day_of(programme, timezone.now()), service.pk if service else None
    near = nearest_venues(commune, programme_id=programme.pk, day=day, limit=SHOWN, service_id=service_id)
    read_offers([one.venue for one in near], programme.pk, day)
    return [Found(one.venue, distance_said(one.km)) for one in near]


def _map(found: list[Found], commune: Commune) -> Map:
    return Map(
        name="lieux",
        title=_("Les lieux trouvés"),
        heading=_("Lieu"),
        unit=_("Distance"),
        departements=[commune.departement_id],
        places=[
            Place(one.venue.name, one.venue.latitude, one.venue.longitude, detail=one.distance)
            for one in found
            if one.venue.latitude is not None and one.venue.longitude is not None
        ],
    )
