"""Who may make a scanner of the phone in her hand."""

import pytest
from django.test import Client

from poincon.organisations.devices import recognise
from poincon.organisations.enums import Role
from poincon.organisations.models import Device
from tests.factories import Scheme, make_membership, make_organisation, make_scheme, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/scanner/appareil/"


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


def signed_in(role: Role, scheme: Scheme, *, client: Client | None = None, **membership: object) -> Client:
    client = client or Client()
    user = make_user(full_name="Ana")
    make_membership(role, scheme.operator, user=user, **membership)  # type: ignore[arg-type]
    client.force_login(user)
    return client


def test_a_mediator_enrols_her_phone(scheme: Scheme) -> None:
    client = signed_in(Role.MEDIATOR, scheme)
    about = client.get(ADDRESS).json()
    assert about["operator"] == {"id": scheme.operator.pk, "name": scheme.operator.name}
    assert (about["person"], bool(about["csrf_token"])) == ("Ana", True)
    response = client.post(ADDRESS, {"label": "Téléphone"})
    assert response.status_code == 201
    scanner = recognise(response.json()["token"])
    assert scanner is not None
    assert (scanner.operator_id, scanner.label) == (scheme.operator.pk, "Téléphone")


def test_nothing_of_it_is_kept_on_the_way(scheme: Scheme) -> None:
    response = signed_in(Role.MEDIATOR, scheme).post(ADDRESS, {"label": "Téléphone"})
    assert "no-store" in response.headers["Cache-Control"]


def test_a_form_of_another_site_enrols_nothing(scheme: Scheme) -> None:
    client = signed_in(Role.MEDIATOR, scheme, client=Client(enforce_csrf_checks=True))
    assert client.post(ADDRESS, {"label": "Téléphone"}).status_code == 403
    token = client.get(ADDRESS).json()["csrf_token"]
    assert client.post(ADDRESS, {"label": "Téléphone"}, headers={"X-CSRFToken": token}).status_code == 201


def test_a_phone_without_name_is_refused_in_words(scheme: Scheme) -> None:
    response = signed_in(Role.MEDIATOR, scheme).post(ADDRESS, {"label": ""})
    assert response.status_code == 422
    assert response.json()["sentence"]
    assert not Device.objects.exists()


def test_a_mediator_of_one_programme_only_is_refused_in_words(scheme: Scheme) -> None:
    client = signed_in(Role.MEDIATOR, scheme, programme=scheme.programme)
    response = client.post(ADDRESS, {"label": "Téléphone"})
    assert (response.status_code, response.json()["code"]) == (422, "right_missing")


def test_a_prescriber_of_the_same_scheme_enrols_nothing(scheme: Scheme) -> None:
    user = make_user()
    make_membership(Role.PRESCRIBER, scheme.prescriber, user=user)
    client = Client()
    client.force_login(user)
    assert client.post(ADDRESS, {"label": "Téléphone"}).status_code == 403
    assert not Device.objects.exists()


def test_a_stranger_enrols_for_her_own_structure_only(scheme: Scheme) -> None:
    user = make_user()
    own = make_organisation(name="Ailleurs")
    make_membership(Role.MEDIATOR, own, user=user)
    client = Client()
    client.force_login(user)
    assert client.post(ADDRESS, {"label": "Téléphone"}).status_code == 201
    assert Device.objects.get().operator == own != scheme.operator


def test_who_signed_in_from_the_scanner_comes_back_to_it(client: Client, scheme: Scheme) -> None:
    asked = client.get("/scanner/connexion/")
    assert asked.headers["Location"] == "/connexion/?next=/scanner/connexion/"
    assert signed_in(Role.MEDIATOR, scheme).get("/scanner/connexion/").headers["Location"] == "/scanner/"
