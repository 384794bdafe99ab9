"""A device in front of the API, at the moment of the factories."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from poincon.api import devices
from tests.api.calling import Caller
from tests.factories import NOW
from tests.lives import Life, contexts_are_fresh, live, make_life

__all__ = ["contexts_are_fresh", "live"]


@pytest.fixture(autouse=True)
def _limits_are_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "limiter", devices.Limiter(devices.REQUESTS_PER_MINUTE))
    monkeypatch.setattr(devices, "contacts", devices.Contacts())


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock of the server."""

    def turn(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return turn


@pytest.fixture
def caller(db: None, client: Client, at: Callable[[datetime], None]) -> Caller:
    """The device of a life of one booklet handed over, the server's clock being that of the factories."""
    at(NOW)
    return Caller(client, make_life())


@pytest.fixture
def stranger(caller: Caller) -> Caller:
    """A device of another operator, in another programme."""
    other: Life = make_life(token="poincon_autre")
    return Caller(caller.client, other, "poincon_autre")
