"""Asking for a page as somebody, and judging the answer: shared by the tests of the permission matrix.

What must happen is not written here: it follows from the right each page declares and from where its data belongs
(tests/visits.py, tests/site_map.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from tests.site_map import Address, pages
from tests.visits import Expected, expected
from tests.world.standing import Standing
from tests.world.story import Person, World
from tests.www.answers import asked_to_sign_in

each_page = pytest.mark.parametrize("address", pages(), ids=str)
#: A page that does not know the method says so before it looks for anything.
CLOSED = {403, 404, 405}


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is forgotten."""
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
