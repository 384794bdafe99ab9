"""Every address of the site, found in the URL configuration: who declared what, and whether it holds at the door.

What is behind the door, person by person, is in test_strangers.py.
"""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.www.base.rights import Door
from tests.factories import make_membership, make_organisation
from tests.site_map import METHODS, Address, device_addresses, pages
from tests.visits import ASKS_FOR_SECOND_FACTOR, ASKS_TO_SIGN_IN, CONFIRMATION
from tests.world.standing import Standing
from tests.world.story import NOBODY
from tests.www.answers import asked_to_sign_in

each_page = pytest.mark.parametrize("address", pages(), ids=str)


def path_of(address: Address, full: Standing) -> str:
    path = address.path(full.world)
    assert path is not None, f"the full database has nothing for {address}: add it to tests/world/full.py"
    return path


@each_page
def test_every_page_declares_who_may_open_it(address: Address) -> None:
    assert address.access.door in Door


@each_page
def test_every_argument_has_a_sample(address: Address) -> None:
    for argument in address.arguments:
        assert address.sample(argument)


def test_walking_finds_an_undeclared_page() -> None:
    with pytest.raises(AssertionError, match="declares no right"):
        Address("nouvelle/", "new", HttpResponse).access  # noqa: B018  reading it is the test


def test_walking_finds_an_unknown_argument() -> None:
    with pytest.raises(AssertionError, match=r"does not know the argument <crypt_id> of .* add to SAMPLES"):
        Address("crypte/<int:crypt_id>/", "crypt", HttpResponse, ("crypt_id",)).sample("crypt_id")


def test_walking_finds_the_pages_of_every_floor() -> None:
    assert {"welcome", "home", "printed_code", "account_login", "mfa_activate_totp"} <= {page.name for page in pages()}


@each_page
@pytest.mark.django_db
def test_a_visitor_is_asked_to_sign_in_exactly_where_declared(address: Address, full: Standing) -> None:
    response = full.client(None).get(path_of(address, full))
    assert asked_to_sign_in(response) is (address.access.door in ASKS_TO_SIGN_IN)
    assert response.status_code < 500


@each_page
@pytest.mark.django_db
def test_a_person_without_role_opens_what_asks_for_no_right(address: Address, full: Standing) -> None:
    response = full.client(NOBODY).get(path_of(address, full))
    assert not asked_to_sign_in(response)
    refused = address.access.door in {Door.RIGHT, Door.ROLE} or address.name in CONFIRMATION
    assert (response.status_code == 403) is refused
    assert response.status_code < 500


@each_page
@pytest.mark.django_db
def test_a_funder_without_second_factor_is_sent_to_set_it_up(
    address: Address, full: Standing, as_user: Callable[[User], Client]
) -> None:
    funder = make_membership(Role.FUNDER, make_organisation(is_funder=True)).user
    response = as_user(funder).get(path_of(address, full))
    sent = response.status_code == 302 and response["Location"] == reverse("mfa_index")
    assert sent is (address.access.door in ASKS_FOR_SECOND_FACTOR)


@pytest.mark.parametrize("address", device_addresses(), ids=str)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.django_db
def test_the_api_answers_only_devices_it_knows(
    address: Address, method: str, full: Standing, as_user: Callable[[User], Client]
) -> None:
    client = as_user(make_membership(Role.MEDIATOR, make_organisation()).user)
    path = path_of(address, full)
    for headers in ({}, {"Authorization": "Bearer inconnu"}):
        response = client.generic(method.upper(), path, "{}", "application/json", headers=headers)
        assert response.status_code in {401, 405}


def test_the_api_is_walked_too() -> None:
    assert {"api/v1/scans", "api/v1/scanner/state"} <= {address.route for address in device_addresses()}
