"""The permission matrix of what is sent: who has no business there is refused, writes nothing, and learns nothing."""

import pytest
from django.apps import apps
from django.db import transaction

from tests.site_map import Address
from tests.visits import Expected, expected
from tests.world.standing import Standing
from tests.world.story import Person, World
from tests.www.answers import Secrets
from tests.www.strangers import ask, each_page, everybody, fault, undone

# Who may do what is asked in Python: both engines would answer alike, and it takes minutes.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def secrets(full: Standing) -> Secrets:
    return Secrets(full.world)


def sent(address: Address, person: Person | None, full: Standing, secrets: Secrets) -> list[str]:
    """Send nothing to this address as this person; what is wrong with the answer."""
    response = ask(address, person, "post", full)
    leaks = [f"{person} read {secret} at {address}" for secret in secrets.leaked(response, person)]
    return [*filter(None, [fault(address, person, "post", response, full)]), *leaks]


def rows(world: World) -> dict[str, int]:
    """How many rows each of our tables has."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("poincon.")]
    return {model.__name__: model._default_manager.count() for model in ours}


@each_page
def test_who_may_send_is_answered(address: Address, full: Standing, secrets: Secrets) -> None:
    faults = []
    for person in everybody(full.world):
        if expected(address, person, full.world) is Expected.OPEN:
            with undone():
                faults += sent(address, person, full, secrets)
    assert not faults, "\n".join(faults)


@each_page
def test_strangers_write_nothing(address: Address, full: Standing, secrets: Secrets) -> None:
    before, faults = rows(full.world), []
    with undone():
        for person in everybody(full.world):
            if expected(address, person, full.world) is not Expected.OPEN:
                with transaction.atomic():
                    faults += sent(address, person, full, secrets)
        assert rows(full.world) == before
    assert not faults, "\n".join(faults)
