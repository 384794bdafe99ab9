"""Finding places and offers. A bounded number of rows and one query each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import overload

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from poincon.kernel.alphabet import Alphabetical
from poincon.mediation.models import ServiceOffer, Venue
from poincon.network.models import Qualification
from poincon.network.queries import holding
from poincon.programmes.models import Programme, Service
from poincon.programmes.queries import commune_codes
from poincon.territories.models import Commune
from poincon.territories.rules import bounding_box, distance_km

#: Beyond an hour by road nobody comes (field facts, "Distribution in practice").
FARTHEST_KM = 60.0
MOST_VENUES = 50


@dataclass(frozen=True)
class NearVenue:
    """A place and its distance in kilometres, as the crow flies."""

    venue: Venue
    km: float


def live_offers(day: date) -> Q:
    """The condition that an offer stands on that day."""
    return Q(starts_on__lte=day) & not_over(day)


def not_over(day: date) -> Q:
    """The condition that an offer stands on that day, or is still to come."""
    return Q(ended_on=None) | Q(ended_on__gt=day)


def offers_of_operator(operator_id: int, day: date) -> QuerySet[ServiceOffer]:
    """The offers of an operator that stand on that day, with venue, commune and service."""
    return (
        ServiceOffer.objects.filter(live_offers(day), venue__operator=operator_id)
        .select_related("venue__commune", "service", "programme")
        .order_by(Alphabetical("venue__name"), "venue_id", Alphabetical("service__label"), "pk")
    )


def open_venues(programme_id: int, day: date, *, service_id: int | None = None) -> QuerySet[Venue]:
    """The places where passes of a programme can be used that day: open, with an offer, of a qualified operator.

    Those that give one service, if named.
    """
    offers = ServiceOffer.objects.filter(live_offers(day), venue=OuterRef("pk"), programme=programme_id)
    if service_id is not None:
        offers = offers.filter(service=service_id)
    qualified = Qualification.objects.filter(holding(day), operator=OuterRef("operator_id"), programme=programme_id)
    return (
        Venue.objects.filter(Q(closed_on=None) | Q(closed_on__gt=day), Exists(offers), Exists(qualified))
        .select_related("commune", "operator")
        .order_by(Alphabetical("name"), "pk")
    )


def read_offers(venues: Iterable[Venue], programme_id: int, day: date) -> None:
    """Put what each of ``venues`` gives that day in a programme into its ``offers.all()``. One query."""
    standing = ServiceOffer.objects.filter(live_offers(day), programme=programme_id).select_related("service")
    prefetch_related_objects(list(venues), Prefetch("offers", standing.order_by(Alphabetical("service__label"), "pk")))


def services_given(programme_id: int, day: date) -> QuerySet[Service]:
    """The services that at least one open place gives that day in a programme, by name."""
    offers = ServiceOffer.objects.filter(
        live_offers(day), programme=programme_id, venue__in=open_venues(programme_id, day).order_by()
    )
    return Service.objects.filter(pk__in=offers.order_by().values("service")).order_by(Alphabetical("label"), "pk")


def venues_of(programme: Programme) -> QuerySet[Venue]:
    """The places of the operators a programme qualified, closed ones and those without offer included, by name."""
    operators = Qualification.objects.filter(programme=programme).order_by().values("operator")
    return (
        Venue.objects.filter(operator__in=operators)
        .select_related("commune", "operator")
        .order_by(Alphabetical("name"), "pk")
    )


def venues_outside(programme: Programme) -> QuerySet[Venue]:
    """The open places with an offer still to end in a programme, outside its territories: its passes are refused there.

    None for a programme without territory, which has no limit.
    """
    offers = ServiceOffer.objects.filter(venue=OuterRef("pk"), programme=programme, ended_on=None)
    places = Venue.objects.filter(Exists(offers), closed_on=None).select_related("commune", "operator")
    communes = commune_codes(programme.pk)
    return (places.exclude(commune__in=communes) if communes else places.none()).order_by(Alphabetical("name"), "pk")


def venues_of_communes(programme: Programme, communes: Iterable[str]) -> QuerySet[Venue]:
    """The open places with an offer in a programme, in these communes (INSEE codes): losing them would stop it."""
    offers = ServiceOffer.objects.filter(venue=OuterRef("pk"), programme=programme, ended_on=None)
    places = Venue.objects.filter(Exists(offers), closed_on=None, commune__in=list(communes))
    return places.select_related("commune", "operator").order_by(Alphabetical("name"), "pk")


class Nearby(Sequence[NearVenue]):
    """The places around a town, nearest first. Only those looked at are read: one query for each slice."""

    def __init__(self, places: Iterable[tuple[float, int]]) -> None:
        #: Kilometres, and the key of the place.
        self._places = sorted(places)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, which: int) -> NearVenue: ...
    @overload
    def __getitem__(self, which: slice) -> list[NearVenue]: ...
    def __getitem__(self, which: int | slice) -> NearVenue | list[NearVenue]:
        if isinstance(which, int):
            return self[which : which + 1 or None][0]
        wanted = self._places[which]
        venues = Venue.objects.select_related("commune", "operator").in_bulk([key for _km, key in wanted])
        return [NearVenue(venues[key], km) for km, key in wanted]


def venues_near(
    commune: Commune,
    *,
    programme_id: int,
    day: date,
    within_km: float = FARTHEST_KM,
    service_id: int | None = None,
) -> Nearby:
    """All the open places around a commune's town hall, nearest first (great circle), 60 km away at most.

    Those that give one service, if named. Empty when the town hall has no known position.
    """
    if commune.longitude is None or commune.latitude is None:
        return Nearby([])
    centre, within_km = (commune.longitude, commune.latitude), min(within_km, FARTHEST_KM)
    west, south, east, north = bounding_box(*centre, within_km)
    inside = open_venues(programme_id, day, service_id=service_id).order_by()
    box = inside.filter(longitude__range=(west, east), latitude__range=(south, north))
    measured = (
        (distance_km(*centre, longitude, latitude), key)
        for key, longitude, latitude in box.values_list("pk", "longitude", "latitude")
        if longitude is not None and latitude is not None
    )
    return Nearby(place for place in measured if place[0] <= within_km)


def nearest_venues(
    commune: Commune,
    *,
    programme_id: int,
    day: date,
    limit: int = 10,
    within_km: float = FARTHEST_KM,
    service_id: int | None = None,
) -> list[NearVenue]:
    """The first of ``venues_near``: at most 50."""
    near = venues_near(commune, programme_id=programme_id, day=day, within_km=within_km, service_id=service_id)
    return near[: max(0, min(limit, MOST_VENUES))]
