"""Where one punches and for what: chosen once, kept on this browser, found again from the last punch elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from poincon.mediation.models import ServiceOffer, Venue
from poincon.mediation.queries import offers_of_operator
from poincon.passes.queries.punches import last_punch
from poincon.programmes.models import Service
from poincon.www.operator.desk import Desk

KEPT = "punch_places"
#: The one in use, and those one goes back to in one gesture.
MOST_KEPT = 4


@dataclass(frozen=True)
class Place:
    """A service at a venue, with the prices in passes that the programmes give it."""

    venue: Venue
    service: Service
    prices: tuple[int, ...]

    @property
    def key(self) -> str:
        """What names it in a form and in the session."""
        return f"{self.venue.pk}:{self.service.code}"

    @property
    def dearest(self) -> int:
        return max(self.prices)


def places_of(desk: Desk, day: date) -> list[Place]:
    """The services that the structure gives on ``day``, by venue. One query."""
    offers = offers_of_operator(desk.operator.pk, day)
    return _grouped(offers.filter(programme=desk.only_id) if desk.only else offers)


def _grouped(offers: Iterable[ServiceOffer]) -> list[Place]:
    prices: dict[tuple[Venue, Service], set[int]] = {}
    for offer in offers:
        prices.setdefault((offer.venue, offer.service), set()).add(offer.price)
    return [Place(venue, service, tuple(sorted(asked))) for (venue, service), asked in prices.items()]


def recent_places(request: HttpRequest, desk: Desk, places: list[Place]) -> list[Place]:
    """Those used lately among ``places``, the last one first. The only one there is needs no choice."""
    by_key = {place.key: place for place in places}
    recent = [by_key[key] for key in _kept(request, desk) if key in by_key]
    if recent or not places:
        return recent
    last = _last(desk)
    return [by_key[last]] if last in by_key else places[:1] if len(places) == 1 else []


def remember_place(request: HttpRequest, desk: Desk, place: Place) -> None:
    """Begin with this place from now on, on this browser."""
    kept = request.session.get(KEPT, {})
    others = [key for key in _kept(request, desk) if key != place.key]
    request.session[KEPT] = kept | {str(desk.operator.pk): [place.key, *others][:MOST_KEPT]}


def _kept(request: HttpRequest, desk: Desk) -> list[str]:
    return list(request.session.get(KEPT, {}).get(str(desk.operator.pk), []))


def _last(desk: Desk) -> str:
    """Where this person punched last, on whatever device."""
    scan = last_punch(desk.operator.pk, desk.actor.user_id or 0)
    return f"{scan.venue_id}:{scan.service.code}" if scan is not None and scan.service is not None else ""
