import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client, override_settings

from poincon.organisations.enums import SECOND_FACTOR_ROLES, Role
from poincon.organisations.models import User
from poincon.www.account.adapter import SecondFactorAdapter
from tests.factories import make_membership, make_organisation, make_user

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
HERE = "/compte/double-verification/"


def person(role: Role) -> User:
    organisation = None if role is Role.ADMINISTRATOR else make_organisation(is_funder=True)
    return make_membership(role, organisation).user


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def set_up_app(client: Client) -> str:
    page = client.get(f"{HERE}application/").content.decode()
    found = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert found
    client.post(f"{HERE}application/", {"code": code_of(found[1])})
    return found[1]


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR_ROLES))
def test_roles_that_move_money_or_rights_must_have_one(as_user: Enter, role: Role) -> None:
    client = as_user(person(role))
    assert client.get("/accueil/")["Location"] == HERE
    assert "Votre rôle demande une double vérification." in client.get(HERE).content.decode()


@pytest.mark.parametrize("role", sorted(set(Role) - SECOND_FACTOR_ROLES))
def test_the_other_roles_may_do_without(as_user: Enter, role: Role) -> None:
    client = as_user(person(role))
    assert client.get("/accueil/", follow=True).status_code == 200
    assert "Votre rôle demande" not in client.get(HERE).content.decode()


def test_setting_up_the_application_opens_the_rest_at_once(as_user: Enter) -> None:
    client = as_user(person(Role.FUNDER))
    set_up_app(client)
    assert client.get("/accueil/", follow=True).status_code == 200


# The message leaves once the change is committed, within the request.
@pytest.mark.django_db(transaction=True)
def test_setting_up_the_application_is_told_by_email(as_user: Enter) -> None:
    set_up_app(as_user(make_user()))
    assert "Application de codes installée" in [message.subject for message in mail.outbox]
    assert "prévenez tout de suite" in mail.outbox[0].body


def test_another_session_opened_before_must_prove_it_too(as_user: Enter) -> None:
    user = person(Role.FUNDER)
    older = Client()
    older.force_login(user)
    set_up_app(as_user(user))
    asked = older.get("/accueil/")["Location"]
    assert asked == "/compte/confirmer/code/?next=%2Faccueil%2F"
    # The code that set the application up was used: a rescue code proves as well.
    codes = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    response = older.post("/compte/confirmer/code/", {"code": codes[0], "next": "/accueil/"})
    assert response["Location"] == "/accueil/"
    assert older.get("/accueil/", follow=True).status_code == 200


def test_a_person_with_an_application_is_asked_its_code_after_the_email_code(client: Client) -> None:
    user = make_user()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client.post("/connexion/", {"email": user.email})
    code = re.search(r"\d{6}", str(mail.outbox[-1].subject))
    assert code
    assert client.post("/connexion/code/", {"code": code[0]})["Location"] == "/connexion/verification/"
    assert "_auth_user_id" not in client.session
    assert client.post("/connexion/verification/", {"code": code_of(secret)})["Location"] == "/accueil/"
    assert "_auth_user_id" in client.session


def test_a_key_is_offered_to_those_who_have_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    TOTP.activate(user, generate_totp_secret())
    client.post("/connexion/", {"email": user.email})
    found = re.search(r"\d{6}", str(mail.outbox[-1].subject))
    assert found
    client.post("/connexion/code/", {"code": found[0]})
    assert "Utiliser ma clé" not in client.get("/connexion/verification/").content.decode()
    # What a browser is asked to sign is the library's affair.
    monkeypatch.setattr("allauth.mfa.base.views.webauthn_auth.begin_authentication", lambda _user: {})
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    assert "Utiliser ma clé" in client.get("/connexion/verification/").content.decode()


def test_the_application_of_this_telephone_opens_by_a_link(as_user: Enter) -> None:
    assert 'href="otpauth://totp/' in as_user(make_user()).get(f"{HERE}application/").content.decode()


def test_the_last_factor_of_a_funder_stays(as_user: Enter) -> None:
    user = person(Role.FUNDER)
    client = as_user(user)
    set_up_app(client)
    page = client.post(f"{HERE}application/retirer/").content.decode()
    assert "ajoutez un autre moyen avant de retirer celui-ci" in page
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def test_a_person_who_needs_none_may_remove_hers() -> None:
    user = make_user()
    authenticator = TOTP.activate(user, generate_totp_secret()).instance
    assert SecondFactorAdapter().can_delete_authenticator(authenticator)


def test_secrets_are_unreadable_in_the_database() -> None:
    secret = generate_totp_secret()
    TOTP.activate(make_user(), secret)
    kept = Authenticator.objects.get().data["secret"]
    assert secret not in kept
    assert SecondFactorAdapter().decrypt(kept) == secret


def test_rescue_codes_are_shown_and_downloaded(as_user: Enter) -> None:
    user = make_user()
    client = as_user(user)
    set_up_app(client)
    codes = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    assert codes[0] in client.get(f"{HERE}secours/").content.decode()
    assert codes[0] in client.get(f"{HERE}secours/telecharger/").content.decode()


def test_a_demonstration_does_without(as_user: Enter) -> None:
    with override_settings(DEMO=True):
        assert as_user(person(Role.FUNDER)).get("/accueil/", follow=True).status_code == 200
