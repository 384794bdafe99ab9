"""The permission matrix: every address and method × every role × own organisation, another one, another programme.

What must happen is not written here: it follows from the right each page declares and from where its data belongs
(tests/visits.py, tests/site_map.py). Nobody ever meets a page that breaks, nor reads what belongs to others.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from tests.site_map import Address, pages
from tests.visits import Expected, expected
from tests.world.standing import Standing
from tests.world.story import Person, World
from tests.www.answers import Secrets, asked_to_sign_in

pytestmark = pytest.mark.django_db

each_page = pytest.mark.parametrize("address", pages(), ids=str)
#: A page that does not know the method says so before it looks for anything.
CLOSED = {403, 404, 405}
RARE_METHODS = ("put", "patch", "delete")


@pytest.fixture(scope="module")
def secrets(full: Standing) -> Secrets:
    return Secrets(full.world)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(address: Address, person: Person | None, method: str, full: Standing) -> Any:
    path = address.path(full.world)
    assert path is not None, f"the full database has nothing for {address}: add it to tests/world/full.py"
    return getattr(full.client(person), method)(path)


def fault(address: Address, person: Person | None, method: str, response: Any, full: Standing) -> str:
    """What is wrong with this answer, empty when nothing is."""
    wanted, status = expected(address, person, full.world), response.status_code
    said = f"{method} {address} as {person or 'visitor'}: {status} {response.headers.get('Location', '')}"
    if status >= 500:
        return f"{said}, it breaks"
    if wanted is Expected.SIGN_IN:
        return "" if asked_to_sign_in(response) else f"{said}, it should ask to sign in"
    if wanted is Expected.CLOSED:
        return "" if status in CLOSED else f"{said}, it should be closed"
    opened = status not in {403, 404} or method != "get" or address.access.right is None
    return "" if opened else f"{said}, it should open"


def everybody(world: World) -> list[Person | None]:
    return [None, *world.users]


@each_page
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_person_gets_what_her_role_promises(
    address: Address, method: str, full: Standing, secrets: Secrets
) -> None:
    faults = []
    for person in everybody(full.world):
        with undone():
            response = ask(address, person, method, full)
            faults.append(fault(address, person, method, response, full))
            faults += [f"{person} read {secret} at {address}" for secret in secrets.leaked(response, person)]
    assert not any(faults), "\n".join(filter(None, faults))


@each_page
def test_rare_methods_never_break(address: Address, full: Standing) -> None:
    for method in RARE_METHODS:
        for person in (None, *list(full.world.users)[:3]):
            with undone():
                assert ask(address, person, method, full).status_code < 500


def rows(world: World) -> dict[str, int]:
    """How many rows each of our tables has."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("poincon.")]
    return {model.__name__: model._default_manager.count() for model in ours}


@each_page
def test_strangers_write_nothing(address: Address, full: Standing) -> None:
    before = rows(full.world)
    for person in everybody(full.world):
        if expected(address, person, full.world) is not Expected.OPEN:
            ask(address, person, "post", full)
    assert rows(full.world) == before
