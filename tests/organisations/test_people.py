import pytest

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.models import Membership, User
from poincon.organisations.services import change_role, create_user, end_role, enrol_device, grant_role, invite_person
from tests.factories import (
    NOW,
    SYSTEM,
    make_actor,
    make_membership,
    make_organisation,
    make_programme,
    make_scheme,
    make_user,
)
from tests.organisations.test_rules import refused

pytestmark = pytest.mark.django_db


def test_an_account_signs_in_by_e_mail_and_has_no_role() -> None:
    user = create_user(by=SYSTEM, email="Lea@Exemple.FR", full_name="Léa", phone="0612345678")
    assert (user.email, user.phone, user.has_usable_password()) == ("lea@exemple.fr", "06 12 34 56 78", False)
    assert not user.memberships.exists()


@pytest.mark.parametrize(
    ("email", "full_name", "code"),
    [("", "Léa", "email_missing"), ("lea", "Léa", "email_wrong"), ("lea@exemple.fr", " ", "full_name_missing")],
)
def test_an_account_needs_an_address_and_a_name(email: str, full_name: str, code: str) -> None:
    with refused(code):
        create_user(by=SYSTEM, email=email, full_name=full_name)


def test_an_address_has_one_account() -> None:
    first = create_user(by=SYSTEM, email="lea@exemple.fr", full_name="Léa")
    with refused("email_taken"):
        create_user(by=SYSTEM, email="LEA@exemple.fr", full_name="Léa")
    assert invite_person(by=SYSTEM, email="LEA@exemple.fr", full_name="Autre nom") == first
    assert User.objects.get(pk=first.pk).full_name == "Léa"


def test_who_may_invite() -> None:
    operator = make_organisation()
    manager = make_actor(Role.OPERATOR_MANAGER, operator)
    assert invite_person(by=manager, email="a@exemple.fr", full_name="A", organisation=operator).pk
    for by in (make_actor(Role.MEDIATOR, operator), make_actor(Role.OPERATOR_MANAGER, make_organisation())):
        with pytest.raises(Refusal, match="droit"):
            invite_person(by=by, email="b@exemple.fr", full_name="B", organisation=operator)


def test_the_same_role_twice_is_one_role() -> None:
    operator, user = make_organisation(), make_user()
    first = grant_role(by=SYSTEM, user=user, role=Role.MEDIATOR, organisation=operator, now=NOW)
    assert grant_role(by=SYSTEM, user=user, role=Role.MEDIATOR, organisation=operator) == first
    with refused("other_role_held"):
        grant_role(by=SYSTEM, user=user, role=Role.OPERATOR_MANAGER, organisation=operator)
    operator.refresh_from_db()
    assert operator.rules_version == 2


def test_a_role_fits_what_the_organisation_does() -> None:
    with refused("role_does_not_fit"):
        grant_role(by=SYSTEM, user=make_user(), role=Role.PRESCRIBER, organisation=make_organisation())
    with refused("role_needs_organisation"):
        grant_role(by=SYSTEM, user=make_user(), role=Role.PRESCRIBER)
    with refused("administrator_of_the_whole"):
        grant_role(by=SYSTEM, user=make_user(), role=Role.ADMINISTRATOR, organisation=make_organisation())


def test_a_manager_makes_its_own_team() -> None:
    operator = make_organisation()
    manager = make_actor(Role.OPERATOR_MANAGER, operator)
    assert grant_role(by=manager, user=make_user(), role=Role.MEDIATOR, organisation=operator).pk
    others = [make_actor(Role.MEDIATOR, operator), make_actor(Role.OPERATOR_MANAGER, make_organisation())]
    for by in others:
        with pytest.raises(Refusal, match="droit"):
            grant_role(by=by, user=make_user(), role=Role.MEDIATOR, organisation=operator)


def test_a_manager_gives_no_steering_role() -> None:
    both = make_organisation(is_funder=True, is_operator=True)
    manager = make_actor(Role.OPERATOR_MANAGER, both)
    for role in (Role.FUNDER, Role.ACCOUNTANT, Role.COORDINATOR, Role.OBSERVER):
        with pytest.raises(Refusal, match="droit"):
            grant_role(by=manager, user=make_user(), role=role, organisation=both)


def test_a_funder_gives_roles_on_its_programme_to_people_elsewhere() -> None:
    scheme = make_scheme()
    funder, user = scheme.actor(Role.FUNDER), make_user()
    held = grant_role(
        by=funder, user=user, role=Role.COORDINATOR, organisation=scheme.network, programme=scheme.programme
    )
    assert held.programme_id == scheme.programme.pk
    with pytest.raises(Refusal, match="droit"):
        grant_role(by=funder, user=make_user(), role=Role.COORDINATOR, organisation=scheme.network)
    with pytest.raises(Refusal, match="droit"):
        grant_role(by=funder, user=user, role=Role.COORDINATOR, organisation=scheme.network, programme=make_programme())


def test_a_coordinator_names_prescribers_of_its_programme() -> None:
    scheme = make_scheme()
    coordinator = scheme.actor(Role.COORDINATOR)
    assert grant_role(
        by=coordinator,
        user=make_user(),
        role=Role.PRESCRIBER,
        organisation=scheme.prescriber,
        programme=scheme.programme,
    ).pk


def test_a_coordinator_welcomes_an_operator_that_nobody_represents() -> None:
    scheme = make_scheme()
    coordinator, operator = scheme.actor(Role.COORDINATOR), make_organisation()

    def welcome(role: Role) -> Membership:
        return grant_role(
            by=coordinator, user=make_user(), role=role, organisation=operator, welcomed_in=scheme.programme
        )

    with pytest.raises(Refusal, match="droit"):
        welcome(Role.MEDIATOR)
    assert welcome(Role.OPERATOR_MANAGER).pk
    with pytest.raises(Refusal, match="droit"):
        welcome(Role.OPERATOR_MANAGER)


def test_only_an_administrator_names_another() -> None:
    assert grant_role(by=make_actor(Role.ADMINISTRATOR), user=make_user(), role=Role.ADMINISTRATOR).pk
    with pytest.raises(Refusal, match="droit"):
        grant_role(by=make_scheme().actor(Role.FUNDER), user=make_user(), role=Role.ADMINISTRATOR)


def test_the_last_administrator_stays() -> None:
    membership = make_membership(Role.ADMINISTRATOR)
    administrator = Actor(user=membership.user, source="test")
    with refused("last_administrator"):
        end_role(by=administrator, membership=membership)
    make_membership(Role.ADMINISTRATOR)
    assert end_role(by=administrator, membership=membership, now=NOW).ended_at == NOW


def test_the_last_person_who_decides_for_a_funder_stays() -> None:
    scheme = make_scheme()
    membership = make_membership(Role.FUNDER, scheme.funder)
    make_membership(Role.FUNDER, make_organisation())
    narrower = make_membership(Role.FUNDER, scheme.funder, programme=scheme.programme)
    with refused("last_funder"):
        end_role(by=SYSTEM, membership=membership)
    with refused("last_funder"):
        change_role(by=SYSTEM, membership=membership, role=Role.ACCOUNTANT)
    assert end_role(by=SYSTEM, membership=narrower, now=NOW).ended_at == NOW
    make_membership(Role.FUNDER, scheme.funder)
    assert change_role(by=SYSTEM, membership=membership, role=Role.ACCOUNTANT).role == Role.ACCOUNTANT


def test_an_ended_role_can_be_given_again() -> None:
    operator, user = make_organisation(), make_user()
    first = grant_role(by=SYSTEM, user=user, role=Role.MEDIATOR, organisation=operator)
    assert end_role(by=SYSTEM, membership=first, now=NOW).ended_at == NOW
    assert end_role(by=SYSTEM, membership=first).ended_at == NOW
    assert grant_role(by=SYSTEM, user=user, role=Role.OPERATOR_MANAGER, organisation=operator).pk != first.pk
    assert AuditEntry.objects.filter(action="organisations.end_role").count() == 1


def test_a_persons_devices_stop_with_its_role() -> None:
    operator = make_organisation()
    leaving, staying = make_membership(Role.MEDIATOR, operator), make_membership(Role.MEDIATOR, operator)
    device, _ = enrol_device(by=SYSTEM, operator=operator, label="A", for_user=leaving.user)
    other, _ = enrol_device(by=SYSTEM, operator=operator, label="B", for_user=staying.user)
    end_role(by=SYSTEM, membership=leaving, now=NOW)
    device.refresh_from_db()
    other.refresh_from_db()
    assert (device.revoked_at, other.revoked_at) == (NOW, None)
