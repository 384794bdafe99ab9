"""The lists that screens show: whole, ordered, in a bounded number of queries."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from poincon.network.enums import TrainingKind
from poincon.network.models import Qualification
from poincon.network.queries import (
    agreements_of,
    organisations_of,
    people_of_network,
    qualifications_of,
    trainings_of,
)
from poincon.network.services import record_training, suspend_qualification
from poincon.organisations.enums import Role
from poincon.organisations.queries import invitations_of, people_of, sites_of
from poincon.organisations.services import add_site, invite, revoke_invitation
from tests.factories import (
    NOW,
    SYSTEM,
    TODAY,
    Scheme,
    make_agreement,
    make_commune,
    make_funding,
    make_membership,
    make_organisation,
    make_qualification,
    make_scheme,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


def test_everybody_of_a_programme_is_listed_once(scheme: Scheme) -> None:
    state = make_organisation(name="État", is_funder=True)
    make_funding(scheme.programme, 1, funder=state)
    make_agreement(scheme.operator, scheme.programme)
    make_organisation(name="Ailleurs")
    names = [organisation.name for organisation in organisations_of(scheme.programme)]
    assert sorted(names) == sorted(["CCAS", "Département", "Réseau de tiers-lieux", "Tiers-lieu", "État"])


def test_rights_say_whether_they_hold(scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    other = make_organisation(name="Zoé")
    make_qualification(other, scheme.programme, valid_until=date(2026, 2, 1))
    row = Qualification.objects.get(operator=scheme.operator)
    suspend_qualification(by=SYSTEM, qualification=row, first_day=date(2026, 4, 1), reason="Travaux")
    with django_assert_num_queries(2):
        held = [(one.operator.name, one.in_force) for one in qualifications_of(scheme.programme, TODAY)]
    assert held == [("Tiers-lieu", True), ("Zoé", False)]
    assert [one.in_force for one in qualifications_of(scheme.programme, date(2026, 4, 1))] == [False, False]
    assert [one.in_force for one in agreements_of(scheme.programme, date(2025, 12, 31))] == [False]
    assert [one.in_force for one in agreements_of(scheme.programme, TODAY)] == [True]


def test_people_are_those_of_the_organisations_and_of_the_programme(scheme: Scheme) -> None:
    manager = make_membership(Role.OPERATOR_MANAGER, scheme.operator, user=make_user(full_name="Ana"))
    for_it = make_membership(Role.PRESCRIBER, make_organisation(), programme=scheme.programme, user=make_user())
    make_membership(Role.MEDIATOR, make_organisation())
    left = make_membership(Role.MEDIATOR, scheme.operator)
    left.ended_at = NOW
    left.save()
    assert set(people_of_network(scheme.programme)) == {manager, for_it}
    assert list(people_of(scheme.operator.pk)) == [manager]


def test_open_invitations_sites_and_trainings_are_listed(scheme: Scheme) -> None:
    first = invite(by=SYSTEM, email="a@b.fr", role=Role.MEDIATOR, organisation=scheme.operator, now=NOW)
    second = invite(by=SYSTEM, email="c@d.fr", role=Role.MEDIATOR, organisation=scheme.operator, now=NOW)
    revoke_invitation(by=SYSTEM, invitation=first, now=NOW)
    assert list(invitations_of(scheme.operator.pk)) == [second]
    site = add_site(by=SYSTEM, organisation=scheme.operator, name="Annexe", commune=make_commune())
    assert list(sites_of(scheme.operator.pk)) == [site]
    record = record_training(
        by=SYSTEM, user=make_user(), programme=scheme.programme, kind=TrainingKind.MEDIATOR, done_on=TODAY, now=NOW
    )
    assert list(trainings_of(scheme.programme)) == [record]
