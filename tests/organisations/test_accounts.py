import pytest

from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.models import Membership, User
from poincon.organisations.services import (
    change_role,
    close_account,
    enrol_device,
    reopen_account,
    update_person,
)
from tests.factories import NOW, SYSTEM, make_actor, make_membership, make_organisation, make_user
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def acting(user: User) -> Actor:
    return Actor(user=user, source="test")


def test_another_role_takes_over_and_devices_stay() -> None:
    held = make_membership(Role.MEDIATOR, make_organisation())
    assert held.organisation
    device, _ = enrol_device(by=acting(held.user), operator=held.organisation, label="Téléphone", now=NOW)
    made = change_role(by=SYSTEM, membership=held, role=Role.OPERATOR_MANAGER, now=NOW)
    held.refresh_from_db()
    device.refresh_from_db()
    assert (held.ended_at, made.role, made.since, device.revoked_at) == (NOW, Role.OPERATOR_MANAGER, NOW, None)
    with refused("organisations.role_ended"):
        change_role(by=SYSTEM, membership=held, role=Role.MEDIATOR, now=NOW)
    assert change_role(by=SYSTEM, membership=made, role=Role.OPERATOR_MANAGER, now=NOW) == made


def test_devices_stop_with_a_role_that_does_not_punch() -> None:
    both = make_organisation(is_operator=True, is_prescriber=True)
    held = make_membership(Role.MEDIATOR, both)
    device, _ = enrol_device(by=acting(held.user), operator=both, label="Téléphone", now=NOW)
    change_role(by=SYSTEM, membership=held, role=Role.PRESCRIBER, now=NOW)
    device.refresh_from_db()
    assert device.revoked_at == NOW


def test_a_role_that_does_not_fit_changes_nothing() -> None:
    held = make_membership(Role.MEDIATOR, make_organisation())
    with refused("organisations.role_does_not_fit"):
        change_role(by=SYSTEM, membership=held, role=Role.FUNDER)
    with refused("organisations.administrator_of_the_whole"):
        change_role(by=SYSTEM, membership=held, role=Role.ADMINISTRATOR)
    assert Membership.objects.get(pk=held.pk).ended_at is None


def test_who_changes_a_role_may_take_one_and_give_the_other() -> None:
    both = make_organisation(is_operator=True, is_prescriber=True)
    held = make_membership(Role.MEDIATOR, both)
    manager = make_actor(Role.OPERATOR_MANAGER, both)
    for by, role in (
        (manager, Role.PRESCRIBER),
        (make_actor(Role.MEDIATOR, both), Role.OPERATOR_MANAGER),
        (make_actor(Role.OPERATOR_MANAGER, make_organisation()), Role.OPERATOR_MANAGER),
    ):
        with pytest.raises(Refusal, match="droit"):
            change_role(by=by, membership=held, role=role)
    change_role(by=manager, membership=held, role=Role.OPERATOR_MANAGER)


def test_a_closed_account_has_no_role_nor_device() -> None:
    held = make_membership(Role.MEDIATOR, make_organisation())
    assert held.organisation
    device, _ = enrol_device(by=acting(held.user), operator=held.organisation, label="Téléphone", now=NOW)
    administrator = make_actor(Role.ADMINISTRATOR)
    closed = close_account(by=administrator, user=held.user, reason="Départ", now=NOW)
    assert close_account(by=administrator, user=held.user, reason="Encore", now=NOW) == closed
    held.refresh_from_db()
    device.refresh_from_db()
    assert (closed.is_active, held.ended_at, device.revoked_at) == (False, NOW, NOW)
    assert device.revoked_by == administrator.user
    assert reopen_account(by=administrator, user=closed).is_active
    assert not held.user.memberships.filter(ended_at=None).exists()


def test_nobody_closes_the_last_door() -> None:
    administrator = make_membership(Role.ADMINISTRATOR)
    with refused("organisations.own_account"):
        close_account(by=acting(administrator.user), user=administrator.user, reason="x")
    with refused("organisations.last_administrator"):
        close_account(by=SYSTEM, user=administrator.user, reason="x")
    assert User.objects.get(pk=administrator.user_id).is_active


def test_one_corrects_ones_own_name() -> None:
    user = make_user()
    row = update_person(by=acting(user), user=user, full_name=" Léa Martin ", phone="0612345678")
    assert (row.full_name, row.phone) == ("Léa Martin", "06 12 34 56 78")
    with refused("organisations.full_name_missing"):
        update_person(by=acting(user), user=user, full_name=" ")
    with refused("text_too_long", match="Nom et prénom : 151 caractères"):
        update_person(by=acting(user), user=user, full_name="x" * 151)


def test_only_the_administrator_touches_the_accounts_of_others() -> None:
    held = make_membership(Role.MEDIATOR, make_organisation())
    for by in (make_actor(Role.OPERATOR_MANAGER, held.organisation), make_actor(Role.FUNDER, make_organisation())):
        with pytest.raises(Refusal, match="droit"):
            update_person(by=by, user=held.user, full_name="Autre")
        with pytest.raises(Refusal, match="droit"):
            close_account(by=by, user=held.user, reason="x")
        with pytest.raises(Refusal, match="droit"):
            reopen_account(by=by, user=held.user)
    update_person(by=make_actor(Role.ADMINISTRATOR), user=held.user, full_name="Autre")
