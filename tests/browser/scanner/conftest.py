from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from poincon.organisations.models import User
from scripts.test_tools import chromium
from tests.browser.conftest import ARGUMENTS, PATIENCE_MS
from tests.browser.scanner.driving import Driver
from tests.browser.scanner.network import Relay
from tests.browser.scanner.telephone import Telephone, look
from tests.browser.scanner.village import Village, make_village
from tests.lives import contexts_are_fresh

__all__ = ["contexts_are_fresh"]

#: The screen has tests of its own; here nothing but the test drives the engine.
NO_SCREEN = "// The engine is driven by a test."

Phone = Callable[..., Driver]


@pytest.fixture(scope="session")
def browser(browser: Browser) -> Iterator[Browser]:
    """What a telephone has, whole: an engine that works off line and in several tabs needs more than pages."""
    whole = browser.browser_type.launch(executable_path=chromium(), args=ARGUMENTS)
    yield whole
    whole.close()


def without_screen(context: BrowserContext) -> None:
    context.route(
        "**/poincon/scanner/app.js",
        lambda route: route.fulfill(body=NO_SCREEN, content_type="text/javascript"),
    )


def sign_in(context: BrowserContext, user: User, url: str) -> None:
    """Give the browser the session of this person."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])


@pytest.fixture
def village(live_server: LiveServer) -> Village:
    return make_village()


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Phone]:
    """A phone on the page of the scanner, enrolled unless told otherwise: ``phone(village)``."""
    contexts: list[BrowserContext] = []

    def made(village: Village, *, enrolled: bool = True, **options: Any) -> Driver:
        # Playwright sees no request of a worker: the worker has tests of its own.
        context = browser.new_context(base_url=live_server.url, service_workers="block", locale="fr-FR", **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        without_screen(context)
        sign_in(context, village.mediator, live_server.url)
        driver = Driver(context.new_page())
        driver.page.goto("/scanner/")
        driver.open()
        if enrolled:
            driver.enrol(village.context)
        return driver

    yield made
    for context in contexts:
        context.close()


@pytest.fixture
def relay(live_server: LiveServer) -> Iterator[Relay]:
    relay = Relay(live_server.url)
    yield relay
    relay.close()


@pytest.fixture
def telephone(browser: Browser, tmp_path: Path) -> Iterator[Telephone]:
    telephone = Telephone(browser.browser_type, tmp_path / "profile")
    yield telephone
    telephone.kill()


@pytest.fixture
def installed(village: Village, telephone: Telephone, relay: Relay) -> Driver:
    """A phone on which the scanner is installed and enrolled."""
    driver = telephone.start()
    sign_in(driver.context, village.mediator, relay.url)
    look(driver, relay)
    driver.page.wait_for_function("() => navigator.serviceWorker.controller")
    driver.enrol(village.context)
    return driver
