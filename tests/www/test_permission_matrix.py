"""Every address of the site, found in the URL configuration: who declared what, and whether it holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.www.base.rights import Access, Door, declared_access
from tests.factories import make_membership, make_organisation, make_user

SAMPLE_ARGUMENTS: dict[str, Any] = {"pk": 1, "code": "0" * 128, "scan_id": UUID(int=1), "presented": "0" * 12}
#: Confirming who one is needs something to confirm with: these refuse a person who has neither password nor factor.
CONFIRMATION = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
ASKS_FOR_SECOND_FACTOR = {Door.SIGNED_IN, Door.RIGHT, Door.ROLE}
ASKS_TO_SIGN_IN = ASKS_FOR_SECOND_FACTOR | {Door.ACCOUNT}


@dataclass(frozen=True)
class Address:
    route: str
    name: str
    view: Callable[..., Any]
    arguments: dict[str, Any]

    @property
    def path(self) -> str:
        return reverse(self.name, kwargs=self.arguments)


def addresses(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, prefix + str(pattern.pattern), inside)
        elif isinstance(pattern, URLPattern):
            arguments = {name: SAMPLE_ARGUMENTS[name] for name in pattern.pattern.converters}
            yield Address(prefix + str(pattern.pattern), f"{space}{pattern.name}", pattern.callback, arguments)


#: What the API shows to anybody: its documentation, and that an address does not exist.
OPEN_API = {"api/v1/docs", "api/v1/openapi.json", "api/v1/"}
METHODS = ("get", "post", "put", "patch", "delete")


def is_api(address: Address) -> bool:
    return address.route.startswith("api/")


EVERY_ADDRESS = list(addresses(get_resolver().url_patterns))
PAGES = [address for address in EVERY_ADDRESS if not is_api(address)]
DEVICE_ADDRESSES = [address for address in EVERY_ADDRESS if is_api(address) and address.route not in OPEN_API]


def access(address: Address) -> Access:
    found = declared_access(address.view)
    assert found is not None, f"{address.route} declares no right: wrap its view with poincon.www.base.rights"
    return found


def asked_to_sign_in(response: Any) -> bool:
    where = response.headers.get("Location", "")
    return bool(response.status_code == 302 and where.startswith(reverse("account_login") + "?next="))


each_page = pytest.mark.parametrize("address", PAGES, ids=lambda address: address.route or "/")


@each_page
def test_every_page_declares_who_may_open_it(address: Address) -> None:
    assert access(address).door in Door


def test_walking_finds_an_undeclared_page() -> None:
    stranger = Address("nouvelle/", "new", HttpResponse, {})
    with pytest.raises(AssertionError, match="declares no right"):
        access(stranger)


def test_walking_finds_the_pages_of_every_floor() -> None:
    assert {"welcome", "home", "printed_code", "account_login", "mfa_activate_totp"} <= {page.name for page in PAGES}


@each_page
@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in_exactly_where_declared(address: Address, client: Client) -> None:
    response = client.get(address.path)
    assert asked_to_sign_in(response) is (access(address).door in ASKS_TO_SIGN_IN)
    assert response.status_code < 500


@each_page
@pytest.mark.django_db
def test_a_person_without_role_opens_what_asks_for_no_right(
    address: Address, as_user: Callable[[User], Client]
) -> None:
    response = as_user(make_user()).get(address.path)
    assert not asked_to_sign_in(response)
    refused = access(address).door in {Door.RIGHT, Door.ROLE} or address.name in CONFIRMATION
    assert (response.status_code == 403) is refused
    assert response.status_code < 500


@each_page
@pytest.mark.django_db
def test_a_funder_without_second_factor_is_sent_to_set_it_up(
    address: Address, as_user: Callable[[User], Client]
) -> None:
    funder = make_membership(Role.FUNDER, make_organisation(is_funder=True)).user
    response = as_user(funder).get(address.path)
    sent = response.status_code == 302 and response["Location"] == reverse("mfa_index")
    assert sent is (access(address).door in ASKS_FOR_SECOND_FACTOR)


@pytest.mark.parametrize("address", DEVICE_ADDRESSES, ids=lambda address: address.route)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.django_db
def test_the_api_answers_only_devices_it_knows(
    address: Address, method: str, as_user: Callable[[User], Client]
) -> None:
    client = as_user(make_membership(Role.MEDIATOR, make_organisation()).user)
    for headers in ({}, {"Authorization": "Bearer inconnu"}):
        response = client.generic(method.upper(), address.path, "{}", "application/json", headers=headers)
        assert response.status_code in {401, 405}


def test_the_api_is_walked_too() -> None:
    assert {"api/v1/scans", "api/v1/scanner/state"} <= {address.route for address in DEVICE_ADDRESSES}
