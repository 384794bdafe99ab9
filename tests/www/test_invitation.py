"""The link of an invitation: opened it writes nothing, accepted it opens the account, the role and the session."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from poincon.kernel.models import Message
from poincon.organisations.enums import Role
from poincon.organisations.invitations import invitation_link
from poincon.organisations.models import Invitation, Membership, Organisation, User
from poincon.organisations.services import invite, revoke_invitation
from tests.factories import SYSTEM, make_organisation, make_user
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db
EMAIL = "claire@ccas.example"


@pytest.fixture
def ccas() -> Organisation:
    return make_organisation(name="CCAS de Guéret", is_prescriber=True)


@pytest.fixture
def offered(ccas: Organisation) -> Invitation:
    return invite(by=SYSTEM, email=EMAIL, role=Role.PRESCRIBER, organisation=ccas, full_name="Claire Moreau")


def path_of(offered: Invitation) -> str:
    return "/invitation/" + invitation_link(offered).rpartition("/")[2]


def test_the_link_is_in_the_mail(offered: Invitation) -> None:
    (sent,) = mail.outbox
    assert sent.to == [EMAIL]
    assert invitation_link(offered) in sent.body
    assert Message.objects.get().template == "organisations.invitation"


def test_opening_the_link_writes_nothing(client: Client, offered: Invitation) -> None:
    page = client.get(path_of(offered)).content.decode()
    assert "CCAS de Guéret" in page
    assert 'value="Claire Moreau"' in page
    assert not User.objects.filter(email=EMAIL).exists()


def test_accepting_opens_the_account_the_role_and_the_session(
    client: Client, offered: Invitation, ccas: Organisation
) -> None:
    response = client.post(path_of(offered), {"full_name": "Claire Moreau", "phone": "0555111111"})
    assert response["Location"] == "/accueil/"
    user = User.objects.get(email=EMAIL)
    membership = Membership.objects.get(user=user, organisation=ccas, role=Role.PRESCRIBER, ended_at=None)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session["hat"] == membership.pk
    assert client.get("/accueil/", follow=True).status_code == 200


def test_a_name_is_asked(client: Client, offered: Invitation) -> None:
    page = client.post(path_of(offered), {"full_name": ""}).content.decode()
    assert "Remplissez" in page
    assert not User.objects.filter(email=EMAIL).exists()


def test_whoever_has_an_account_accepts_in_one_click(client: Client, offered: Invitation) -> None:
    user = make_user(email=EMAIL)
    assert 'name="full_name"' not in client.get(path_of(offered)).content.decode()
    assert client.post(path_of(offered)).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_second_factor_is_still_asked(client: Client, offered: Invitation) -> None:
    user = make_user(email=EMAIL)
    TOTP.activate(user, generate_totp_secret())
    response = client.post(path_of(offered))
    assert response["Location"].startswith("/connexion/verification/")
    assert "_auth_user_id" not in client.session


def test_somebody_else_signed_in_is_told(offered: Invitation, as_user: Callable[[User], Client]) -> None:
    other = make_user()
    client = as_user(other)
    assert other.email in client.get(path_of(offered)).content.decode()
    client.post(path_of(offered), {"full_name": "Claire Moreau"})
    assert client.session["_auth_user_id"] == str(User.objects.get(email=EMAIL).pk)


def test_a_link_serves_once(client: Client, offered: Invitation) -> None:
    client.post(path_of(offered), {"full_name": "Claire Moreau"})
    again = Client().get(path_of(offered))
    assert again.status_code == 410
    assert "a déjà servi" in again.content.decode()


def test_whoever_accepted_comes_in_by_the_same_link_while_signed_in(
    client: Client, offered: Invitation, as_user: Callable[[User], Client]
) -> None:
    client.post(path_of(offered), {"full_name": "Claire Moreau"})
    assert client.get(path_of(offered))["Location"] == reverse("home")
    assert as_user(make_user()).get(path_of(offered)).status_code == 410


def test_a_link_that_ran_out_says_since_when_and_whom_to_ask(client: Client, offered: Invitation) -> None:
    Invitation.objects.update(expires_at=datetime(2026, 3, 1, 12, tzinfo=UTC), invited_by_label="Karim Joly")
    page = client.get(path_of(offered)).content.decode()
    assert as_shown("depuis le 1er mars 2026") in page
    assert as_shown("à qui vous a invité : Karim Joly.") in page


@pytest.mark.parametrize("token", ["0", "WzEsMV0:1abc:xyz", "é", "a" * 300])
def test_a_forged_link_opens_nothing(client: Client, token: str) -> None:
    response = client.get(f"/invitation/{token}")
    assert response.status_code == 410
    assert "pas valable" in response.content.decode()


def test_a_revoked_link_says_so_even_while_it_is_open(client: Client, offered: Invitation) -> None:
    make_user(email=EMAIL)
    revoke_invitation(by=SYSTEM, invitation=offered)
    response = client.post(path_of(offered))
    assert response.status_code == 410
    assert "retirée" in response.content.decode()


def test_no_search_engine_keeps_a_link(client: Client, offered: Invitation) -> None:
    response = client.get(path_of(offered))
    assert re.search('name="robots" content="noindex', response.content.decode())
    assert "no-store" in response["Cache-Control"]
