"""The permission matrix: every address and method × every role × own organisation, another one, another programme.

Nobody ever meets a page that breaks, nor reads what belongs to others. What is sent is in test_strangers_write.py.
"""

import pytest

from tests.site_map import Address
from tests.world.standing import Standing
from tests.www.answers import Secrets
from tests.www.strangers import ask, each_page, everybody, fault, undone

# Who may do what is asked in Python: both engines would answer alike, and it takes minutes.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

RARE_METHODS = ("put", "patch", "delete")


@pytest.fixture(scope="module")
def secrets(full: Standing) -> Secrets:
    return Secrets(full.world)


@each_page
def test_each_person_reads_what_her_role_promises(address: Address, full: Standing, secrets: Secrets) -> None:
    faults = []
    for person in everybody(full.world):
        with undone():
            response = ask(address, person, "get", full)
            faults.append(fault(address, person, "get", response, full))
            faults += [f"{person} read {secret} at {address}" for secret in secrets.leaked(response, person)]
    assert not any(faults), "\n".join(filter(None, faults))


@each_page
def test_rare_methods_never_break(address: Address, full: Standing) -> None:
    for method in RARE_METHODS:
        for person in (None, *list(full.world.users)[:3]):
            with undone():
                assert ask(address, person, method, full).status_code < 500
