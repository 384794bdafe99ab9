"""A scheme for those it is made for: what it is, where to ask, where to go. Simple words, the colours of its funder."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.documents.french import count
from poincon.mediation.models import Venue
from poincon.mediation.queries import (
    Nearby,
    NearVenue,
    open_venues,
    read_offers,
    services_given,
    venues_near,
)
from poincon.organisations.models import Organisation
from poincon.programmes.models import Programme, Public, Service
from poincon.programmes.queries import fundings_on
from poincon.territories.models import Commune, Departement
from poincon.www.base.limits import limited
from poincon.www.base.listing import PAGE, pages_around
from poincon.www.base.maps import MOST_PLACES, Map, Place, places_answer, places_title
from poincon.www.public.forms import NumberForm, PlaceForm, TownForm

#: A person who looks for a place changes her mind often; a robot is slower to copy all of them.
SEARCHES_PER_MINUTE = 60
#: What one reads on a telephone before looking for something nearer.
PLACES_PER_PAGE = 20
MOST_PRESCRIBERS = 30


@dataclass(frozen=True)
class FoundPlace:
    """A place, and how far it is from the town that was typed, as the crow flies (None: none was)."""

    venue: Venue
    km: float | None = None

    @property
    def far(self) -> str:
        """The distance as people say it."""
        if self.km is None:
            return ""
        return _("dans votre ville") if self.km < 1 else _("à %(km)s km") % {"km": count(round(self.km))}


def scheme_page(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The home of one scheme."""
    today = timezone.localdate()
    context = {
        "programme": programme,
        "themed_by": programme,
        "publics": list(_publics(programme, today)),
        "fundings": list(fundings_on(programme.pk, today)),
        "prescribers": list(_prescribers(programme, today)[:MOST_PRESCRIBERS]),
        "form": NumberForm(),
        "town_form": TownForm(),
        "is_over": today > programme.ends_on,
        "is_to_come": today < programme.starts_on,
    }
    return render(request, "public/scheme.html", context)


@require_safe
def scheme(request: HttpRequest, programme_code: str) -> HttpResponse:
    """The home of the scheme with this code."""
    return scheme_page(request, scheme_named(programme_code))


def scheme_named(code: str) -> Programme:
    """The scheme with this code, or not found."""
    return get_object_or_404(Programme.objects.select_related("owner"), code=code)


def _publics(programme: Programme, today: date) -> QuerySet[Public]:
    begun = Q(open_from=None) | Q(open_from__lte=today)
    not_over = Q(open_until=None) | Q(open_until__gte=today)
    return programme.publics.filter(begun, not_over).order_by("pk")


def _prescribers(programme: Programme, today: date) -> QuerySet[Organisation]:
    """Who hands booklets over today."""
    not_over = Q(agreements__valid_until=None) | Q(agreements__valid_until__gte=today)
    agreed = Organisation.objects.filter(not_over, agreements__programme=programme, agreements__valid_from__lte=today)
    return agreed.select_related("commune").order_by(Alphabetical("name"), "pk").distinct()


@require_safe
@limited("places", per_minute=SEARCHES_PER_MINUTE)
def places(request: HttpRequest, programme_code: str) -> HttpResponse:
    """The places of a scheme: near a town, for a service; on a map and as a list."""
    programme = scheme_named(programme_code)
    departements = _departements(programme)
    form = _place_form(request, programme, departements)
    town, service = _looked_for(form)
    found: Paginator[NearVenue | Venue] = Paginator(_found(programme, town, service), PLACES_PER_PAGE)
    page = found.get_page(request.GET.get(PAGE))
    context: dict[str, Any] = {
        "programme": programme,
        "themed_by": programme,
        "form": form,
        "town": town,
        "service": service,
        "total": found.count,
        "places": [_place_found(one) for one in page],
        "pages": pages_around(page, request.GET),
        "map": _map_of_all(request, programme, departements, found.count) if found.count else None,
    }
    return render(request, "public/places.html", context)


@require_safe
@limited("places_on_map", per_minute=SEARCHES_PER_MINUTE)
def places_on_map(request: HttpRequest, programme_code: str) -> HttpResponse:
    """The same places, for the map."""
    programme = scheme_named(programme_code)
    form = _place_form(request, programme, _departements(programme))
    found = _found(programme, *_looked_for(form))
    return places_answer(
        _pin(programme, one.venue) for one in map(_place_found, found[:MOST_PLACES]) if _is_placed(one.venue)
    )


def _place_form(request: HttpRequest, programme: Programme, departements: list[str]) -> PlaceForm:
    services = services_given(programme.pk, timezone.localdate())
    # Where to look first for a town of common name: the one département of the scheme.
    departement = departements[0] if len(departements) == 1 else None
    return PlaceForm(request.GET or None, services=services, departement=departement)


def _looked_for(form: PlaceForm) -> tuple[Commune | None, Service | None]:
    if not form.is_bound:
        return None, None
    form.is_valid()
    return form.cleaned_data.get("ville"), form.cleaned_data.get("service")


def _found(programme: Programme, town: Commune | None, service: Service | None) -> "Nearby | QuerySet[Venue]":
    """The open places, nearest first when a town is known, by name otherwise."""
    today, service_id = timezone.localdate(), service.pk if service else None
    if town is None:
        return open_venues(programme.pk, today, service_id=service_id)
    return venues_near(town, programme_id=programme.pk, day=today, service_id=service_id)


def _place_found(found: "NearVenue | Venue") -> FoundPlace:
    return FoundPlace(found) if isinstance(found, Venue) else FoundPlace(found.venue, found.km)


@require_safe
def place(request: HttpRequest, programme_code: str, venue_id: int) -> HttpResponse:
    """One place: what one learns there, whom to call, where it is."""
    programme, today = scheme_named(programme_code), timezone.localdate()
    venue = open_venues(programme.pk, today).filter(pk=venue_id).first()
    if venue is None:
        raise Http404
    read_offers([venue], programme.pk, today)
    context = {
        "programme": programme,
        "themed_by": programme,
        "venue": venue,
        "map": _map_of_one(programme, venue) if _is_placed(venue) else None,
    }
    return render(request, "public/place.html", context)


def _map_of_all(request: HttpRequest, programme: Programme, departements: list[str], total: int) -> Map:
    title = places_title(_("Les lieux sur la carte"), total)
    address = f"{reverse('places_on_map', args=[programme.code])}?{request.GET.urlencode()}"
    return Map("lieux", title, _("Lieu"), _("Téléphone"), departements, places_url=address)


def _map_of_one(programme: Programme, venue: Venue) -> Map:
    pins, departements = [_pin(programme, venue)], _departements(programme)
    return Map("lieux", _("Le lieu sur la carte"), _("Lieu"), _("Téléphone"), departements, places=pins)


def _is_placed(venue: Venue) -> bool:
    return venue.longitude is not None and venue.latitude is not None


def _pin(programme: Programme, venue: Venue) -> Place:
    return Place(
        venue.name,
        venue.latitude or 0.0,
        venue.longitude or 0.0,
        f"{venue.commune.name} {venue.phone}".strip(),
        reverse("place", args=[programme.code, venue.pk]),
    )


def _departements(programme: Programme) -> list[str]:
    """The départements of its territories, a few at most: a national scheme is drawn without outlines."""
    inside = Departement.objects.filter(communes__in=_communes(programme)).order_by("code").distinct()
    codes = list(inside.values_list("code", flat=True)[:9])
    return codes if len(codes) < 9 else []


def _communes(programme: Programme) -> QuerySet[Commune]:
    return Commune.objects.filter(pk__in=programme.territories.values("communes")).order_by()
