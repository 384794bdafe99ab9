import pytest

from poincon.organisations.actors import Actor, Right
from poincon.organisations.enums import Role
from tests.factories import make_actor, make_membership, make_organisation, make_programme, make_user

pytestmark = pytest.mark.django_db

STEER = Right("test.steer", "piloter", frozenset({Role.FUNDER, Role.COORDINATOR, Role.ADMINISTRATOR}))
ACT = Right("test.act", "agir", frozenset({Role.MEDIATOR, Role.OPERATOR_MANAGER}))


def test_a_steering_role_follows_the_programmes_of_its_organisation() -> None:
    programme, other = make_programme(), make_programme()
    funder = make_actor(Role.FUNDER, programme.owner)
    assert funder.may(STEER, programme=programme)
    assert not funder.may(STEER, programme=other)


STEERING = (Role.FUNDER, Role.COORDINATOR, Role.ACCOUNTANT, Role.OBSERVER)


@pytest.mark.parametrize("role", STEERING)
def test_every_steering_role_of_the_owner_reaches_its_programme(role: Role) -> None:
    programme = make_programme(lead_network=make_organisation(is_coordinator=True))
    right = Right("test.role", "piloter", frozenset({role}))
    assert make_actor(role, programme.owner).may(right, programme=programme)
    assert not make_actor(role, make_organisation()).may(right, programme=programme)


@pytest.mark.parametrize(
    ("role", "reaches"),
    [(Role.COORDINATOR, True), (Role.OBSERVER, True), (Role.FUNDER, False), (Role.ACCOUNTANT, False)],
)
def test_the_lead_network_runs_the_network_but_not_the_money_of_the_owner(role: Role, reaches: bool) -> None:
    network = make_organisation(is_coordinator=True)
    programme = make_programme(lead_network=network)
    right = Right("test.role", "piloter", frozenset({role}))
    assert make_actor(role, network).may(right, programme=programme) is reaches
    assert make_actor(role, network, programme=programme).may(right, programme=programme)
    assert not make_actor(role, network).may(right, programme=make_programme())


def test_a_role_for_one_programme_stays_in_it() -> None:
    owner = make_organisation(is_funder=True)
    programme, other = make_programme(owner=owner), make_programme(owner=owner)
    funder = make_actor(Role.FUNDER, owner, programme=programme)
    assert funder.may(STEER, programme=programme)
    assert not funder.may(STEER, programme=other)


@pytest.mark.parametrize(("role", "right"), [(Role.FUNDER, STEER), (Role.OPERATOR_MANAGER, ACT)])
def test_a_role_for_one_programme_says_nothing_of_the_organisation(role: Role, right: Right) -> None:
    organisation, programme = make_organisation(), make_programme()
    limited, whole = make_actor(role, organisation, programme=programme), make_actor(role, organisation)
    assert whole.may(right, organisation_id=organisation.pk)
    assert not limited.may(right, organisation_id=organisation.pk)


def test_other_roles_act_inside_their_organisation_only() -> None:
    operator, other = make_organisation(), make_organisation()
    mediator = make_actor(Role.MEDIATOR, operator)
    assert mediator.may(ACT, organisation_id=operator.pk, programme=make_programme())
    assert not mediator.may(ACT, organisation_id=other.pk)
    assert not mediator.may(ACT)


def test_the_administrator_holds_only_the_rights_that_name_the_role() -> None:
    administrator = make_actor(Role.ADMINISTRATOR)
    assert administrator.may(STEER, programme=make_programme())
    assert not administrator.may(ACT, organisation_id=make_organisation().pk)


def test_who_is_no_longer_active_may_nothing() -> None:
    operator, user = make_organisation(), make_user(is_active=False)
    make_membership(Role.MEDIATOR, operator, user=user)
    assert not Actor(user=user, source="test").may(ACT, organisation_id=operator.pk)
