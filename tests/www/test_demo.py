import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import clear_url_caches

from poincon.organisations.enums import Role
from poincon.www.account.demo import DEMO_DOMAIN
from tests.factories import make_membership, make_organisation, make_user

ENTER = "/demo/entrer/"


@pytest.fixture
def demonstration() -> Iterator[None]:
    with override_settings(DEMO=True, ROOT_URLCONF="tests.www.demo_urls"):
        clear_url_caches()
        yield
    clear_url_caches()


def demo_person(role: Role) -> str:
    organisation = make_organisation(name="Département de la Creuse", is_funder=True)
    user = make_user(email=f"{role.value}@{DEMO_DOMAIN}", full_name="Anne Faure")
    return make_membership(role, organisation, user=user).user.email


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_each_role_is_one_click_away(client: Client) -> None:
    demo_person(Role.FUNDER)
    demo_person(Role.MEDIATOR)
    page = client.get("/connexion/").content.decode()
    assert page.count(f'action="{ENTER}"') == 2
    assert "Anne Faure, Département de la Creuse" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_a_click_enters_without_code_nor_second_factor(client: Client) -> None:
    response = client.post(ENTER, {"email": demo_person(Role.FUNDER)}, follow=True)
    assert response.request["PATH_INFO"] == "/commanditaire/"
    assert "Vous êtes dans la démonstration" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_real_people_are_out_of_reach_of_the_demonstration(client: Client) -> None:
    assert client.post(ENTER, {"email": make_user().email}).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_a_link_cannot_enter(client: Client) -> None:
    assert client.get(ENTER, {"email": demo_person(Role.FUNDER)}).status_code == 405


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_another_site_cannot_enter() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ENTER, {"email": demo_person(Role.FUNDER)}).status_code == 403


@pytest.mark.django_db
def test_elsewhere_the_address_does_not_exist(client: Client) -> None:
    assert client.post(ENTER, {"email": demo_person(Role.FUNDER)}).status_code == 404
    assert ENTER not in client.get("/connexion/").content.decode()


RESOLVE = f"""
import django; django.setup()
from django.urls import Resolver404, resolve
try:
    resolve("{ENTER}")
    print("mounted")
except Resolver404:
    print("absent")
"""
PRODUCTION = {
    "POINCON_MODE": "production",
    "POINCON_SECRET_KEY": "s" * 50,
    "POINCON_MASTER_KEYS": "m" * 50,
    "POINCON_PUBLIC_URL": "https://pass.exemple.fr",
    "POINCON_HOSTS": "pass.exemple.fr",
    "POINCON_EMAIL_HOST": "courriel.exemple.fr",
    "DATABASE_URL": "sqlite://:memory:",
}


def started_with(variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("POINCON_", "DATABASE_URL"))}
    environment = kept | {"DJANGO_SETTINGS_MODULE": "poincon.config.settings"} | variables
    return subprocess.run(
        [sys.executable, "-c", RESOLVE],
        env=environment,
        cwd=settings.BASE_DIR.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


@pytest.mark.parametrize(
    ("variables", "mounted"), [({"POINCON_MODE": "demo"}, "mounted"), ({}, "absent"), (PRODUCTION, "absent")]
)
def test_only_the_demonstration_mounts_it(variables: dict[str, str], mounted: str) -> None:
    assert started_with(variables).stdout.strip() == mounted


def test_production_with_the_variables_of_a_demonstration_does_not_start() -> None:
    run = started_with({"POINCON_MODE": "production"})
    assert run.returncode != 0
    assert "Poinçon refuse de démarrer en production" in run.stderr
    assert "POINCON_SECRET_KEY" in run.stderr
