"""Whoever runs the network enters the places, and corrects the organisations, of those who have not come yet."""

from collections.abc import Callable

import pytest

from poincon.kernel.refusals import Refusal
from poincon.mediation.queries import venues_of
from poincon.mediation.services import close_venue, open_venue, reopen_venue, update_venue
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.services import add_site, update_organisation
from tests.factories import (
    SYSTEM,
    TODAY,
    Scheme,
    make_actor,
    make_commune,
    make_membership,
    make_organisation,
    make_scheme,
    make_venue,
)
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


Change = Callable[[Actor, Scheme], object]
VENUES: dict[str, Change] = {
    "open_venue": lambda by, scheme: open_venue(
        by=by, operator=scheme.operator, name="Bus", commune=make_commune(), programme=scheme.programme
    ),
    "update_venue": lambda by, scheme: update_venue(
        by=by, venue=scheme.venue, name="Autre", programme=scheme.programme
    ),
    "close_venue": lambda by, scheme: close_venue(by=by, venue=scheme.venue, on=TODAY, programme=scheme.programme),
    "reopen_venue": lambda by, scheme: reopen_venue(by=by, venue=scheme.venue, programme=scheme.programme),
}


@pytest.mark.parametrize("name", VENUES)
def test_a_coordinator_helps_the_operators_of_its_programme(scheme: Scheme, name: str) -> None:
    make_membership(Role.OPERATOR_MANAGER, scheme.operator)
    others = (
        scheme.actor(Role.MEDIATOR),
        make_actor(Role.OPERATOR_MANAGER, make_organisation()),
        make_actor(Role.COORDINATOR, make_organisation(is_coordinator=True)),
    )
    for by in others:
        with pytest.raises(Refusal, match="droit"):
            VENUES[name](by, scheme)
    VENUES[name](scheme.actor(Role.COORDINATOR), scheme)


def test_the_places_of_an_operator_of_others_are_its_own(scheme: Scheme) -> None:
    by, elsewhere = scheme.actor(Role.COORDINATOR), make_venue(make_organisation())
    # Nobody represents it yet: the first coordinator who knows it enters its place.
    update_venue(by=by, venue=elsewhere, name="Médiathèque", programme=scheme.programme)
    make_membership(Role.OPERATOR_MANAGER, elsewhere.operator)
    with pytest.raises(Refusal, match="droit"):
        update_venue(by=by, venue=elsewhere, name="Autre", programme=scheme.programme)
    assert list(venues_of(scheme.programme)) == [scheme.venue]


def test_a_coordinator_corrects_an_organisation_where_nobody_could(scheme: Scheme) -> None:
    by = scheme.actor(Role.COORDINATOR)
    make_membership(Role.PRESCRIBER, scheme.prescriber)
    row = update_organisation(by=by, organisation=scheme.prescriber, programme=scheme.programme, email="a@b.fr")
    assert row.email == "a@b.fr"
    add_site(by=by, organisation=scheme.prescriber, name="Annexe", commune=make_commune(), programme=scheme.programme)
    make_membership(Role.OPERATOR_MANAGER, scheme.operator)
    for organisation in (scheme.operator, scheme.funder):
        with pytest.raises(Refusal, match="droit"):
            update_organisation(by=by, organisation=organisation, programme=scheme.programme, email="a@b.fr")
    with pytest.raises(Refusal, match="droit"):
        update_organisation(by=by, organisation=scheme.prescriber, email="a@b.fr")
    with pytest.raises(Refusal, match="droit"):
        update_organisation(
            by=make_actor(Role.COORDINATOR, make_organisation(is_coordinator=True)),
            organisation=scheme.prescriber,
            programme=scheme.programme,
            email="a@b.fr",
        )


@pytest.mark.parametrize(("field", "length"), [("name", 201), ("address", 201)])
def test_a_text_longer_than_its_column_is_refused_by_name(scheme: Scheme, field: str, length: int) -> None:
    label = {"name": "Nom", "address": "Adresse"}[field]
    with refused("text_too_long", match=f"{label} : {length} caractères"):
        update_venue(by=SYSTEM, venue=scheme.venue, **{field: "x" * length})  # type: ignore[arg-type]
    with refused("text_too_long", match=f"{label} : {length} caractères"):
        update_organisation(by=SYSTEM, organisation=scheme.operator, **{field: "x" * length})  # type: ignore[arg-type]
