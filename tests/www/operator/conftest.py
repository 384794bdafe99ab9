from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.passes import codes
from poincon.passes.models import Booklet
from tests.factories import Scheme, make_scheme
from tests.lives import contexts_are_fresh
from tests.www.making import make_booklet

__all__ = ["contexts_are_fresh"]


@dataclass
class Counter:
    """A scheme, a booklet in somebody's hands, a mediator signed in."""

    scheme: Scheme
    booklet: Booklet
    user: User
    client: Client

    @property
    def number(self) -> str:
        return codes.written(self.booklet.number)

    @property
    def place(self) -> str:
        return f"{self.scheme.venue.pk}:{self.scheme.service.code}"

    def form(self, **fields: Any) -> dict[str, Any]:
        return {"poincon": str(uuid4()), "ou": self.place, "numero": self.number} | fields

    def punch(self, **fields: Any) -> Any:
        """Send the form of the counter, and follow to its answer."""
        return self.client.post("/mediation/poinconner/", self.form(**fields), follow=True)

    def used(self) -> int:
        return Booklet.objects.get(pk=self.booklet.pk).used.bit_count()


@pytest.fixture
def scheme(db: None) -> Scheme:
    # The day these tests run must not matter.
    return make_scheme(ends_on=timezone.localdate().replace(year=timezone.localdate().year + 1, day=1))


def someone(scheme: Scheme, role: Role) -> User:
    user = scheme.actor(role).user
    assert user is not None
    return user


@pytest.fixture
def counter(scheme: Scheme, client: Client) -> Counter:
    user = someone(scheme, Role.MEDIATOR)
    client.force_login(user)
    return Counter(scheme, make_booklet(scheme.programme, used=(1, 2)), user, client)


Enter = Callable[[Role], Client]


@pytest.fixture
def enter(scheme: Scheme) -> Enter:
    """A client signed in as a new person of this scheme."""

    def signed_in(role: Role) -> Client:
        client = Client()
        client.force_login(someone(scheme, role))
        return client

    return signed_in
