from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from poincon.kernel.refusals import Refusal
from poincon.mediation.models import ServiceOffer, Venue
from poincon.mediation.queries import nearest_venues, offers_of_operator
from poincon.mediation.services import close_venue, end_offer, offer_service, open_venue, reopen_venue, update_venue
from poincon.network.services import withdraw_qualification
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.programmes.enums import Catalogue
from tests.factories import (
    AUBUSSON,
    LIMOGES,
    NOW,
    SYSTEM,
    TODAY,
    Scheme,
    make_actor,
    make_commune,
    make_offer,
    make_organisation,
    make_programme,
    make_qualification,
    make_scheme,
    make_service,
    make_venue,
)

pytestmark = pytest.mark.django_db

EVE = date(2026, 3, 3)


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == f"mediation.{code}")


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


def opened(scheme: Scheme, **fields: Any) -> Venue:
    values: dict[str, Any] = {"by": SYSTEM, "name": "Médiathèque", "commune": make_commune(AUBUSSON)} | fields
    return open_venue(operator=scheme.operator, **values)


def offer(scheme: Scheme, **fields: Any) -> ServiceOffer:
    values: dict[str, Any] = {"by": SYSTEM, "programme": scheme.programme, "service": make_service(), "now": NOW}
    values |= fields
    values.setdefault("venue", scheme.venue)
    return offer_service(**values)


def test_a_venue_stands_at_its_town_hall_unless_told_otherwise(scheme: Scheme) -> None:
    here = make_commune(AUBUSSON)
    venue = opened(scheme, phone="0555000000")
    assert (venue.longitude, venue.latitude, venue.phone) == (here.longitude, here.latitude, "05 55 00 00 00")
    placed = opened(scheme, name="Bus", itinerant=True, longitude=2.1, latitude=46.0)
    assert (placed.longitude, placed.latitude, placed.itinerant) == (2.1, 46.0, True)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "venue_name_missing"),
        ({"longitude": 2.0}, "position_wrong"),
        ({"longitude": 2.0, "latitude": 91.0}, "position_wrong"),
        ({"longitude": float("nan"), "latitude": 46.0}, "position_wrong"),
    ],
)
def test_a_wrong_venue_is_refused_by_field(scheme: Scheme, fields: dict[str, Any], code: str) -> None:
    with refused(code):
        opened(scheme, **fields)


def test_a_venue_is_opened_once_and_by_an_operator(scheme: Scheme) -> None:
    opened(scheme)
    with refused("venue_twice"):
        opened(scheme)
    with refused("not_an_operator"):
        open_venue(by=SYSTEM, operator=scheme.prescriber, name="A", commune=make_commune())


def test_a_venue_that_moves_takes_its_new_town_hall(scheme: Scheme) -> None:
    venue = opened(scheme)
    limoges = make_commune(LIMOGES)
    moved = update_venue(by=SYSTEM, venue=venue, commune=limoges)
    assert (moved.longitude, moved.latitude) == (limoges.longitude, limoges.latitude)
    kept = update_venue(by=SYSTEM, venue=venue, name="Autre nom")
    assert (kept.commune, kept.name) == (limoges, "Autre nom")


def test_a_closed_venue_offers_nothing_more(scheme: Scheme) -> None:
    closed = close_venue(by=SYSTEM, venue=scheme.venue, on=TODAY)
    assert closed.closed_on == TODAY
    assert close_venue(by=SYSTEM, venue=scheme.venue, on=EVE).closed_on == TODAY
    scheme.offer.refresh_from_db()
    assert scheme.offer.ended_on == TODAY
    with refused("venue_closed"):
        offer(scheme)


def test_an_offer_has_a_price_and_a_length(scheme: Scheme) -> None:
    made = offer(scheme, price=2, minutes=90)
    assert (made.price, made.minutes, made.venue) == (2, 90, scheme.venue)
    for fields, code in [
        ({"price": 0}, "price_wrong"),
        ({"price": 61}, "price_wrong"),
        ({"minutes": 4}, "minutes_wrong"),
    ]:
        with refused(code):
            offer(scheme, **fields)


def test_a_price_stays_under_the_ceiling_of_a_session() -> None:
    scheme = make_scheme(max_passes_per_session=2)
    assert offer(scheme, price=2).pk
    with refused("price_wrong"):
        offer(scheme, price=3)


def test_the_same_service_is_offered_again_once_withdrawn(scheme: Scheme) -> None:
    with refused("offer_twice"):
        offer(scheme, service=scheme.service)
    ended = end_offer(by=SYSTEM, offer=scheme.offer, on=TODAY)
    assert end_offer(by=SYSTEM, offer=ended, on=EVE).ended_on == TODAY
    assert offer(scheme, service=scheme.service, price=2).price == 2


def standing(scheme: Scheme, day: date) -> list[int]:
    """The prices at which the service of the scheme is given that day."""
    offers = offers_of_operator(scheme.operator.pk, day).filter(service=scheme.service)
    return [offer.price for offer in offers]


def test_a_price_published_for_next_month_does_not_apply_now(scheme: Scheme) -> None:
    april = date(2026, 4, 1)
    made = offer(scheme, service=scheme.service, price=2, starts_on=april)
    assert (made.starts_on, made.ended_on) == (april, None)
    assert (standing(scheme, TODAY), standing(scheme, date(2026, 3, 31)), standing(scheme, april)) == ([1], [1], [2])


def test_a_new_price_replaces_the_former_from_today_and_not_before(scheme: Scheme) -> None:
    offer(scheme, service=scheme.service, price=3)
    assert (standing(scheme, EVE), standing(scheme, TODAY)) == ([1], [3])


def test_a_price_announced_is_replaced_before_it_ever_stood(scheme: Scheme) -> None:
    offer(scheme, service=scheme.service, price=2, starts_on=date(2026, 4, 1))
    offer(scheme, service=scheme.service, price=3, starts_on=date(2026, 3, 15))
    days = [TODAY, date(2026, 3, 15), date(2026, 4, 1)]
    assert [standing(scheme, day) for day in days] == [[1], [3], [3]]


def test_the_price_of_days_gone_by_does_not_change(scheme: Scheme) -> None:
    with refused("offer_in_the_past"):
        offer(scheme, service=scheme.service, price=2, starts_on=EVE)
    assert offer(scheme, starts_on=EVE).starts_on == EVE


def test_a_place_that_closes_takes_back_what_it_announced(scheme: Scheme) -> None:
    offer(scheme, service=scheme.service, price=2, starts_on=date(2026, 4, 1))
    close_venue(by=SYSTEM, venue=scheme.venue, on=date(2026, 3, 20))
    assert [standing(scheme, day) for day in (TODAY, date(2026, 3, 20), date(2026, 4, 1))] == [[1], [], []]


def test_a_place_closed_by_mistake_opens_again(scheme: Scheme) -> None:
    close_venue(by=SYSTEM, venue=scheme.venue, on=TODAY)
    again = reopen_venue(by=SYSTEM, venue=scheme.venue)
    assert again.closed_on is None
    assert offer(scheme, service=scheme.service).pk
    scheme.operator.refresh_from_db()
    version = scheme.operator.rules_version
    assert reopen_venue(by=SYSTEM, venue=again).closed_on is None
    scheme.operator.refresh_from_db()
    assert scheme.operator.rules_version == version == 4


def test_an_offer_is_inside_the_territory(scheme: Scheme) -> None:
    with refused("venue_outside_territory"):
        offer(scheme, venue=make_venue(scheme.operator, LIMOGES))


def test_an_offer_needs_the_qualification_and_its_services(scheme: Scheme) -> None:
    other = make_organisation()
    with refused("operator_not_qualified"):
        offer(scheme, venue=make_venue(other))
    qualification = make_qualification(other, scheme.programme, all_services=False)
    qualification.services.set([scheme.service])
    with refused("service_not_allowed"):
        offer(scheme, venue=make_venue(other))
    assert offer(scheme, venue=make_venue(other), service=scheme.service).pk
    withdraw_qualification(by=SYSTEM, qualification=qualification, from_day=TODAY, reason="x")
    with refused("operator_not_qualified"):
        offer(scheme, venue=make_venue(other), service=scheme.service)


def test_an_offer_is_inside_the_catalogue(scheme: Scheme) -> None:
    local = make_service(catalogue=Catalogue.LOCAL, national=make_service(), programme=make_programme())
    with refused("service_not_allowed"):
        offer(scheme, service=local)


def test_every_change_reaches_the_scanners(scheme: Scheme) -> None:
    venue = opened(scheme)
    update_venue(by=SYSTEM, venue=venue, name="Autre")
    made = offer(scheme, venue=venue)
    end_offer(by=SYSTEM, offer=made, on=TODAY)
    close_venue(by=SYSTEM, venue=venue, on=TODAY)
    scheme.operator.refresh_from_db()
    assert scheme.operator.rules_version == 6


VERBS: list[Callable[[Actor, Scheme], object]] = [
    lambda by, scheme: opened(scheme, by=by),
    lambda by, scheme: update_venue(by=by, venue=scheme.venue, name="A"),
    lambda by, scheme: close_venue(by=by, venue=scheme.venue, on=TODAY),
    lambda by, scheme: reopen_venue(by=by, venue=scheme.venue),
    lambda by, scheme: offer(scheme, by=by),
    lambda by, scheme: end_offer(by=by, offer=scheme.offer, on=TODAY),
]


@pytest.mark.parametrize("verb", VERBS)
def test_only_a_manager_runs_the_places_of_its_operator(
    scheme: Scheme, verb: Callable[[Actor, Scheme], object]
) -> None:
    strangers = [scheme.actor(Role.MEDIATOR), make_actor(Role.OPERATOR_MANAGER, make_organisation()), make_actor()]
    for by in strangers:
        with pytest.raises(Refusal, match="droit"):
            verb(by, scheme)
    assert verb(scheme.actor(Role.OPERATOR_MANAGER), scheme)


def test_offers_of_an_operator_are_those_that_stand(scheme: Scheme, django_assert_num_queries: Any) -> None:
    ended = make_offer(scheme.venue, scheme.programme, ended_on=TODAY)
    make_offer(make_venue(make_organisation()), scheme.programme)
    with django_assert_num_queries(1):
        assert [row.venue.commune.name for row in offers_of_operator(scheme.operator.pk, TODAY)] == ["Guéret"]
    assert ended in offers_of_operator(scheme.operator.pk, EVE)


def test_the_nearest_open_places_come_first(scheme: Scheme, django_assert_num_queries: Any) -> None:
    far = make_venue(scheme.operator, AUBUSSON)
    make_offer(far, scheme.programme)
    make_offer(make_venue(make_organisation()), scheme.programme)
    make_venue(scheme.operator)
    gueret = make_commune()
    # Where all of them are, then those that are kept.
    with django_assert_num_queries(2):
        near = nearest_venues(gueret, programme_id=scheme.programme.pk, day=TODAY)
    assert [place.venue for place in near] == [scheme.venue, far]
    assert near[0].km == 0
    assert 30 < near[1].km < 35
    only = nearest_venues(gueret, programme_id=scheme.programme.pk, day=TODAY, within_km=20)
    assert [place.venue for place in only] == [scheme.venue]
    assert len(nearest_venues(gueret, programme_id=scheme.programme.pk, day=TODAY, limit=1)) == 1


def test_no_place_is_near_an_unknown_position(scheme: Scheme) -> None:
    nowhere = make_commune("23001")
    assert nearest_venues(nowhere, programme_id=scheme.programme.pk, day=TODAY) == []
