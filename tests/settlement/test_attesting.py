"""An attestation says only what is true: a qualified operator, passes that are paid, a lawful delay."""

from datetime import date
from typing import Any

import pytest

from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.settlement.services import attest
from tests.factories import SYSTEM, Scheme, make_actor, make_organisation, make_scheme
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def attested(scheme: Scheme, *, by: Actor = SYSTEM, **agreed: Any) -> bytes:
    facts: dict[str, Any] = {"programme": scheme.programme, "operator": scheme.operator, "on": date(2026, 3, 1)}
    return attest(by=by, **(facts | agreed))


def test_a_qualified_operator_has_its_attestation() -> None:
    assert attested(make_scheme()).startswith(b"%PDF")


def test_an_operator_that_is_not_qualified_that_day_has_none() -> None:
    scheme = make_scheme()
    for changes in ({"operator": make_organisation(is_operator=True)}, {"on": date(2001, 1, 1)}):
        with refused("attestation_not_qualified"):
            attested(scheme, **changes)


def test_hours_are_not_attested() -> None:
    with refused("attestation_nothing_paid"):
        attested(make_scheme(unit_value=0, unit_minutes=60))


@pytest.mark.parametrize(
    ("agreed", "code"),
    [
        ({"delay_days": 0}, "attestation_delay"),
        ({"delay_days": 31}, "attestation_delay"),
        ({"commission_bp": -1}, "attestation_commission"),
        ({"commission_bp": 10_000}, "attestation_commission"),
    ],
)
def test_what_cannot_be_agreed_is_refused(agreed: dict[str, Any], code: str) -> None:
    with refused(code):
        attested(make_scheme(), **agreed)


def test_the_programme_attests_not_the_operator() -> None:
    scheme = make_scheme()
    for role in (Role.FUNDER, Role.ACCOUNTANT, Role.COORDINATOR):
        assert attested(scheme, by=scheme.actor(role))
    elsewhere = make_organisation(is_funder=True)
    for stranger in (
        scheme.actor(Role.OPERATOR_MANAGER),
        scheme.actor(Role.OBSERVER),
        make_actor(Role.FUNDER, elsewhere),
    ):
        with refused("right_missing"):
            attested(scheme, by=stranger)
