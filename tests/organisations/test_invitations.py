"""An invitation: a signed link that runs out, serves once, and gives what its sender could give."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.organisations.invitations import VALID_FOR, invitation_link, invitation_token
from poincon.organisations.models import Invitation, Membership, Organisation, User
from poincon.organisations.services import (
    accept_invitation,
    close_account,
    end_role,
    invitation_of,
    invite,
    revoke_invitation,
    send_invitation_again,
)
from tests.factories import NOW, SYSTEM, make_actor, make_membership, make_organisation, make_scheme, make_user
from tests.organisations.test_rules import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Organisation:
    return make_organisation()


@pytest.fixture
def invitation(operator: Organisation) -> Invitation:
    return invite(by=SYSTEM, email="Lea@Exemple.fr", role=Role.MEDIATOR, organisation=operator, now=NOW)


def accept(invitation: Invitation, **given: str) -> User:
    return accept_invitation(token=invitation_token(invitation), **({"full_name": "Léa"} | given), now=NOW)


def test_nothing_is_given_before_the_link_is_used(invitation: Invitation) -> None:
    assert not User.objects.exists()
    assert invitation_link(invitation).endswith(f"/invitation/{invitation_token(invitation)}")
    assert invitation_of(invitation_token(invitation), now=NOW) == invitation
    assert not Membership.objects.exists()


def test_the_link_opens_an_account_and_gives_the_role(invitation: Invitation, operator: Organisation) -> None:
    user = accept(invitation, phone="0612345678")
    assert (user.email, user.full_name, user.phone) == ("lea@exemple.fr", "Léa", "06 12 34 56 78")
    held = Membership.objects.get(user=user, ended_at=None)
    assert (held.role, held.organisation) == (Role.MEDIATOR, operator)
    entry = AuditEntry.objects.get(action="organisations.accept_invitation")
    assert (entry.author, entry.after["role"]) == (user, "mediator")


def test_the_link_gives_the_role_to_the_account_there_is(invitation: Invitation) -> None:
    known = make_user(email="lea@exemple.fr", full_name="Léa Martin")
    assert accept(invitation, full_name="Autre") == known
    known.refresh_from_db()
    assert known.full_name == "Léa Martin"


def test_the_name_written_by_the_inviter_serves(operator: Organisation) -> None:
    made = invite(by=SYSTEM, email="a@b.fr", role=Role.MEDIATOR, organisation=operator, full_name="Ana", now=NOW)
    assert accept(made, full_name="").full_name == "Ana"


def test_a_name_is_asked(invitation: Invitation) -> None:
    with refused("full_name_missing"):
        accept(invitation, full_name=" ")
    assert invitation_of(invitation_token(invitation), now=NOW)


def test_a_link_serves_once(invitation: Invitation) -> None:
    accept(invitation)
    with refused("invitation_used"):
        accept(invitation)


def test_a_link_runs_out(invitation: Invitation) -> None:
    token = invitation_token(invitation)
    assert invitation_of(token, now=NOW + VALID_FOR - timedelta(seconds=1))
    with refused("invitation_expired"):
        accept_invitation(token=token, full_name="Léa", now=NOW + VALID_FOR)


@pytest.mark.parametrize("token", ["", "x", "abc:def:ghi", "é" * 5000])
def test_a_forged_link_opens_nothing(invitation: Invitation, token: str) -> None:
    with refused("invitation_unknown"):
        invitation_of(token, now=NOW)


def test_a_link_is_not_made_without_the_key(invitation: Invitation, settings: object) -> None:
    token = invitation_token(invitation)
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]  # the settings of the test
    with refused("invitation_unknown"):
        invitation_of(token, now=NOW)


def test_sending_again_makes_the_first_link_worthless(invitation: Invitation) -> None:
    first, later = invitation_token(invitation), NOW + VALID_FOR
    again = send_invitation_again(by=SYSTEM, invitation=invitation, now=later)
    with refused("invitation_unknown"):
        invitation_of(first, now=later)
    assert accept_invitation(token=invitation_token(again), full_name="Léa", now=later).pk


def test_a_revoked_invitation_opens_nothing(invitation: Invitation) -> None:
    revoke_invitation(by=SYSTEM, invitation=invitation, now=NOW)
    with refused("invitation_revoked"):
        accept(invitation)
    for verb in (revoke_invitation, send_invitation_again):
        with refused("invitation_closed"):
            verb(by=SYSTEM, invitation=invitation, now=NOW)


def test_a_person_is_invited_once_at_a_place(invitation: Invitation, operator: Organisation) -> None:
    with refused("already_invited"):
        invite(by=SYSTEM, email="lea@exemple.fr", role=Role.OPERATOR_MANAGER, organisation=operator, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            email="lea@exemple.fr", role=Role.MEDIATOR, organisation=operator, expires_at=NOW, invited_by_label="x"
        )
    accept(invitation)
    with refused("role_already_held"):
        invite(by=SYSTEM, email="lea@exemple.fr", role=Role.OPERATOR_MANAGER, organisation=operator, now=NOW)


@pytest.mark.parametrize(
    ("email", "full_name", "code"),
    [
        ("", "", "organisations.email_missing"),
        ("lea", "", "organisations.email_wrong"),
        ("l" * 60 + "@" + "x." * 100 + "fr", "", "organisations.email_wrong"),
        ("lea@exemple.fr", "x" * 151, "text_too_long"),
    ],
)
def test_what_is_typed_is_checked(operator: Organisation, email: str, full_name: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        invite(by=SYSTEM, email=email, role=Role.MEDIATOR, organisation=operator, full_name=full_name, now=NOW)
    assert refusal.value.code == code


def test_a_role_is_offered_where_it_fits(operator: Organisation) -> None:
    with refused("role_does_not_fit"):
        invite(by=SYSTEM, email="a@b.fr", role=Role.FUNDER, organisation=operator, now=NOW)


def test_a_closed_account_stays_closed(invitation: Invitation) -> None:
    close_account(by=SYSTEM, user=make_user(email="lea@exemple.fr"), reason="Départ")
    with refused("account_closed"):
        accept(invitation)


def test_an_inviter_who_may_no_more_gives_nothing(operator: Organisation) -> None:
    manager = make_membership(Role.OPERATOR_MANAGER, operator)
    by = make_actor()
    by = type(by)(user=manager.user, source="test")
    made = invite(by=by, email="a@b.fr", role=Role.MEDIATOR, organisation=operator, now=NOW)
    end_role(by=SYSTEM, membership=manager, now=NOW)
    with refused("inviter_gone"):
        accept(made)
    assert not User.objects.filter(email="a@b.fr").exists()


def test_a_coordinator_invites_the_first_manager_of_an_operator() -> None:
    scheme, operator = make_scheme(), make_organisation()
    by = scheme.actor(Role.COORDINATOR)
    made = invite(
        by=by,
        email="a@b.fr",
        role=Role.OPERATOR_MANAGER,
        organisation=operator,
        welcomed_in=scheme.programme,
        now=NOW,
    )
    assert accept(made).memberships.get().role == Role.OPERATOR_MANAGER


def test_who_may_invite_send_again_and_revoke(operator: Organisation) -> None:
    manager = make_actor(Role.OPERATOR_MANAGER, operator)
    made = invite(by=manager, email="a@b.fr", role=Role.MEDIATOR, organisation=operator, now=NOW)
    for by in (make_actor(Role.MEDIATOR, operator), make_actor(Role.OPERATOR_MANAGER, make_organisation())):
        with pytest.raises(Refusal, match="droit"):
            invite(by=by, email="c@d.fr", role=Role.MEDIATOR, organisation=operator, now=NOW)
        with pytest.raises(Refusal, match="droit"):
            send_invitation_again(by=by, invitation=made, now=NOW)
        with pytest.raises(Refusal, match="droit"):
            revoke_invitation(by=by, invitation=made, now=NOW)
    send_invitation_again(by=manager, invitation=made, now=NOW)
    revoke_invitation(by=manager, invitation=made, now=NOW)
