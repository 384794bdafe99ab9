"""Signing in as a person does it: the code read in the e-mail, then the second factor."""

import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from playwright.sync_api import Page, expect

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from tests.browser.accessibility import violations
from tests.browser.conftest import PHONE, Open
from tests.factories import make_membership, make_organisation, make_user


def read_code() -> str:
    found = re.search(r"\d{6}", str(mail.outbox[-1].subject))
    assert found
    return found[0]


def prescriber(name: str) -> User:
    user = make_user(full_name=name)
    make_membership(Role.PRESCRIBER, make_organisation(is_prescriber=True), user=user)
    return user


def ask_code(page: Page, email: str) -> None:
    page.get_by_label("Votre adresse de courriel").fill(email)
    page.get_by_role("button", name="Recevoir un code").click()
    expect(page.get_by_role("heading", name="Tapez le code reçu")).to_be_visible()


def test_a_person_signs_in_with_the_code_of_the_email(open_page: Open) -> None:
    user = prescriber("Samia Benali")
    page = open_page("/connexion/", size=PHONE)
    ask_code(page, user.email)
    assert violations(page) == []
    page.get_by_label("Code reçu par courriel").fill(read_code())
    page.get_by_role("button", name="Me connecter").click()
    expect(page.get_by_role("heading", name="Bonjour Samia Benali")).to_be_visible()


def test_a_wrong_code_is_said_where_it_is_typed(open_page: Open) -> None:
    page = open_page("/connexion/", size=PHONE)
    ask_code(page, make_user().email)
    page.get_by_label("Code reçu par courriel").fill("12")
    page.get_by_role("button", name="Me connecter").click()
    field = page.get_by_label("Code reçu par courriel")
    expect(field).to_have_accessible_description(re.compile("Ce code n’est pas le bon"))
    assert violations(page) == []


def test_a_funder_sets_an_application_up_before_anything_else(open_page: Open) -> None:
    user = make_membership(Role.FUNDER, make_organisation(is_funder=True)).user
    page = open_page("/connexion/", size=PHONE)
    ask_code(page, user.email)
    page.get_by_label("Code reçu par courriel").fill(read_code())
    page.get_by_role("button", name="Me connecter").click()
    expect(page.get_by_text("Votre rôle demande une double vérification.")).to_be_visible()
    page.get_by_role("link", name="Installer l’application").click()
    secret = page.locator(".secret").inner_text()
    counter = next(iter(yield_hotp_counters_from_time()))
    page.get_by_label("Code affiché par l’application").fill(format_hotp_value(hotp_value(secret, counter)))
    page.get_by_role("button", name="Terminer l’installation").click()
    expect(page.get_by_role("heading", name="Mes codes de secours")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Accueil").click()
    expect(page.get_by_role("heading", name="Où en est mon dispositif")).to_be_visible()


def test_a_passkey_is_added_then_signs_in_alone(open_page: Open) -> None:
    user = prescriber("Luc Petit")
    page = open_page("/connexion/")
    ask_code(page, user.email)
    page.get_by_label("Code reçu par courriel").fill(read_code())
    page.get_by_role("button", name="Me connecter").click()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    page.goto("/compte/double-verification/cles/ajouter/")
    expect(page.get_by_label("Me connecter avec cette clé seule")).to_be_checked()
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.get_by_role("heading", name="Mes codes de secours")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto("/connexion/")
    page.get_by_role("button", name="Me connecter avec une clé d’accès").click()
    expect(page.get_by_role("heading", name="Bonjour Luc Petit")).to_be_visible()
