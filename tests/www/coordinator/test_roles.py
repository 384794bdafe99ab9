"""A funder names who steers with her: invited, given another role, taken off."""

from typing import Any

import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.organisations.models import Invitation, Membership
from tests.world.standing import Standing
from tests.world.story import Person, Place
from tests.www.coordinator.network import coordinator, pk_of, said

pytestmark = pytest.mark.django_db

FUNDER = Person(Role.FUNDER)
NINA = {"courriel": "nina@essai.example", "nom": "Nina Roy"}


@pytest.fixture
def client(full: Standing) -> Client:
    return full.client(FUNDER)


def invitation_page(full: Standing, key: str = "funder") -> str:
    return f"/coordination/organisations/{pk_of(full, key)}/inviter/"


def invited() -> Invitation:
    return Invitation.objects.get(email=NINA["courriel"])


def role_of(full: Standing, role: Role, place: Place = Place.HOME) -> Membership:
    return Membership.objects.get(user=full.world.users[Person(role, place)], ended_at=None)


def change(client: Client, held: Membership, role: str) -> Any:
    return client.post(f"/coordination/personnes/{held.pk}/role/", {"role": role}, follow=True)


def test_the_menu_leads_to_the_people_and_to_whom_one_may_invite(client: Client, full: Standing) -> None:
    home = client.get("/commanditaire/").content.decode()
    assert 'href="/coordination/personnes/"' in home
    page = client.get("/coordination/personnes/")
    assert "Inviter une personne chez Département témoin" in said(page)
    assert f'href="{invitation_page(full)}"' in page.content.decode()


def test_an_accountant_is_invited_for_the_programme_looked_at(client: Client, full: Standing) -> None:
    page = client.post(invitation_page(full), NINA | {"role": "accountant", "portee": "dispositif"}, follow=True)
    assert "L’invitation part à nina@essai.example" in said(page)
    assert (invited().role, invited().programme) == (Role.ACCOUNTANT, full.world.programme)


def test_a_colleague_is_invited_for_every_programme(client: Client, full: Standing) -> None:
    client.post(invitation_page(full), NINA | {"role": "funder", "portee": "organisation"})
    assert (invited().role, invited().programme) == (Role.FUNDER, None)


def test_the_lead_network_is_given_the_roles_that_run_it(client: Client, full: Standing) -> None:
    page = said(client.get(invitation_page(full, "network")))
    assert "animer le réseau" in page
    assert "piloter : règles" not in page
    assert "Pour quels dispositifs" not in page
    client.post(invitation_page(full, "network"), NINA | {"role": "coordinator"})
    assert (invited().role, invited().programme) == (Role.COORDINATOR, full.world.programme)


def test_a_role_that_its_organisation_cannot_have_is_a_wrong_choice(client: Client, full: Standing) -> None:
    page = client.post(invitation_page(full, "network"), NINA | {"role": "funder"})
    assert "Choisissez « Ce que pourra faire cette personne » dans la liste." in said(page)
    assert "nina@essai.example" in page.content.decode()
    assert not Invitation.objects.filter(email=NINA["courriel"]).exists()


def test_a_coordinator_names_nobody_who_steers(full: Standing) -> None:
    page = said(coordinator(full).get(invitation_page(full)))
    assert "piloter" not in page
    coordinator(full).post(invitation_page(full), NINA | {"role": "funder"})
    assert not Invitation.objects.filter(email=NINA["courriel"]).exists()


def test_a_role_is_changed_and_taken_back(client: Client, full: Standing) -> None:
    held = role_of(full, Role.ACCOUNTANT)
    assert "Le rôle de Denis Roche est changé." in said(change(client, held, "observer"))
    now = role_of(full, Role.ACCOUNTANT)
    assert now.role == Role.OBSERVER
    client.post(f"/coordination/personnes/{now.pk}/retirer/")
    now.refresh_from_db()
    assert now.ended_at is not None


def test_nobody_takes_her_own_role_away(client: Client, full: Standing) -> None:
    own = role_of(full, Role.FUNDER)
    assert f"/personnes/{own.pk}/" not in client.get("/coordination/personnes/?q=Anne").content.decode()
    assert change(client, own, "observer").status_code == 403
    assert client.post(f"/coordination/personnes/{own.pk}/retirer/").status_code == 403
    assert role_of(full, Role.FUNDER) == own


@pytest.mark.parametrize("place", [Place.BESIDE, Place.ELSEWHERE])
def test_strangers_change_no_role(full: Standing, place: Place) -> None:
    held = role_of(full, Role.ACCOUNTANT)
    answer = change(full.client(Person(Role.FUNDER, place)), held, "observer")
    assert answer.status_code in {403, 404}
    assert role_of(full, Role.ACCOUNTANT) == held


def test_what_each_role_allows_is_said(client: Client) -> None:
    text = said(client.get("/coordination/personnes/"))
    assert "Ce que permet chaque rôle" in text
    assert "Commander un lot de chéquiers" in text
