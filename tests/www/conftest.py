from collections.abc import Callable

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client

from poincon.organisations.models import User
from poincon.www.base import limits
from tests.lives import contexts_are_fresh
from tests.world.standing import full, stands

__all__ = ["contexts_are_fresh", "full", "stands"]


@pytest.fixture(autouse=True)
def _nothing_counted_yet(request: pytest.FixtureRequest) -> None:
    """The limits of one test must not weigh on the next."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture
def at_second(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Stop the clock of the limits at a second: requests counted by the minute may fall on both sides of one."""

    def stop(second: float) -> None:
        monkeypatch.setattr(limits, "time", lambda: second)

    return stop


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    """A client signed in as this person by a code, without second factor."""

    def enter(user: User) -> Client:
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def as_proved_user(client: Client) -> Callable[[User], Client]:
    """A client signed in as this person, second factor set up and used in this session."""

    def enter(user: User) -> Client:
        TOTP.activate(user, generate_totp_secret())
        client.force_login(user)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": 0}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        return client

    return enter
