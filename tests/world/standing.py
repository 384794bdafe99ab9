"""The two databases as fixtures that last for one module of tests; each test then leaves them as it found them.

A module asks for ``full``, or for ``stands`` (both, one after the other), never for the two. Its tests also ask for
``db`` (``pytestmark = pytest.mark.django_db``), whose transaction is a savepoint inside the one of the module.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from poincon.passes import context, keys
from tests.world import Person, World, build_empty, build_full
from tests.world.sessions import Sessions


@dataclass(frozen=True)
class Standing:
    """A world that stands, and everybody in it signed in."""

    world: World
    sessions: Sessions

    def client(self, person: Person | None) -> Client:
        return self.sessions.client(person)


@contextmanager
def standing(build: Callable[[], World], blocker: DjangoDbBlocker) -> Iterator[Standing]:
    """Build a world in a transaction that is undone at the end."""
    with blocker.unblock(), transaction.atomic():
        _forget()
        cache.clear()
        world = build()
        yield Standing(world, Sessions(world))
        transaction.set_rollback(True)
    _forget()


def _forget() -> None:
    """Rows are numbered anew: what was kept of another database means something else."""
    context.forget()
    keys.KNOWN_VERIFIERS.clear()


@pytest.fixture(scope="module")
def full(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Standing]:
    with standing(build_full, django_db_blocker) as standing_now:
        yield standing_now


@pytest.fixture(scope="module", params=[build_full, build_empty], ids=["full", "empty"])
def stands(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Standing]:
    """One after the other, the full database and the empty one."""
    with standing(request.param, django_db_blocker) as standing_now:
        yield standing_now
