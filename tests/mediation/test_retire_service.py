from datetime import date

import pytest

from poincon.kernel.refusals import Refusal
from poincon.mediation.models import ServiceOffer
from poincon.mediation.queries import live_offers, venues_of_communes, venues_outside
from poincon.mediation.services import offer_service, retire_service
from poincon.organisations.enums import Role
from poincon.programmes.models import Service
from tests.factories import (
    AUBUSSON,
    GUERET,
    NOW,
    SYSTEM,
    TODAY,
    Scheme,
    make_commune,
    make_offer,
    make_programme,
    make_scheme,
    make_service,
    make_venue,
)
from tests.refusing import refused

pytestmark = pytest.mark.django_db

IN_MAY = date(2026, 5, 1)


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def local(scheme: Scheme) -> Service:
    return make_service(catalogue="local", programme=scheme.programme, national=scheme.service)


def test_a_retired_service_ends_its_offers(scheme: Scheme, local: Service) -> None:
    make_offer(scheme.venue, scheme.programme, local)
    make_offer(make_venue(scheme.operator), scheme.programme, local, starts_on=date(2026, 6, 1))
    row, ended = retire_service(by=SYSTEM, service=local, on=IN_MAY, now=NOW)
    assert (row.retired_on, ended) == (IN_MAY, 2)
    offers = ServiceOffer.objects.filter(service=local)
    assert offers.filter(live_offers(date(2026, 4, 30))).count() == 1
    assert not offers.filter(live_offers(IN_MAY) | live_offers(date(2026, 7, 1))).exists()
    scheme.operator.refresh_from_db()
    assert scheme.operator.rules_version == 2


def test_a_retired_service_is_not_offered_again(scheme: Scheme, local: Service) -> None:
    retire_service(by=SYSTEM, service=local, on=IN_MAY, now=NOW)
    local.refresh_from_db()
    with refused("mediation.service_retired"):
        offer_service(
            by=SYSTEM, venue=scheme.venue, programme=scheme.programme, service=local, starts_on=IN_MAY, now=NOW
        )


def test_the_funder_alone_retires_a_service(scheme: Scheme, local: Service) -> None:
    for role in (Role.COORDINATOR, Role.OPERATOR_MANAGER):
        with pytest.raises(Refusal, match="droit"):
            retire_service(by=scheme.actor(role), service=local, on=TODAY, now=NOW)
    retire_service(by=scheme.actor(Role.FUNDER), service=local, on=TODAY, now=NOW)


def test_places_outside_are_found(scheme: Scheme) -> None:
    assert list(venues_outside(scheme.programme)) == []
    assert list(venues_of_communes(scheme.programme, [GUERET])) == [scheme.venue]
    assert list(venues_of_communes(scheme.programme, [AUBUSSON])) == []
    scheme.programme.territories.get().communes.remove(make_commune(GUERET))
    assert list(venues_outside(scheme.programme)) == [scheme.venue]
    assert list(venues_outside(make_programme())) == []
