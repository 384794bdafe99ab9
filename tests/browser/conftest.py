"""A real Chromium in front of a real server. A browser that loads anything from elsewhere fails the test."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from poincon.organisations.models import User
from scripts.test_tools import chromium, quick_chromium
from tests.browser.paper import film

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: A telephone, a desk, and the narrowest that must lose nothing (WCAG 2.1, 1.4.10).
PHONE, DESK, NARROW = (390, 844), (1366, 768), (320, 640)
SCHEMES = ("light", "dark")
#: Milliseconds that a page has to show something, on the busiest of machines: reaching them is a failure.
PATIENCE_MS = 120_000

Open = Callable[..., Page]
Filmed = Callable[..., Page]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            # A browser sees HTML, the same on both engines, as the other tests prove: once is enough.
            item.add_marker(pytest.mark.sqlite)
            if "live_server" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Playwright runs an event loop in this thread; Django must still let tests reach the database from it.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        expect.set_options(timeout=PATIENCE_MS)
        opened = playwright.chromium.launch(executable_path=quick_chromium(), args=ARGUMENTS)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Open an address of the site in a fresh browser. At the end: no foreign request, no complaint in the console."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:")):
            faults.append(f"foreign request: {request.url}")

    def opened(path: str, *, size: tuple[int, int] = DESK, scheme: str = "light") -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=ViewportSize(width=size[0], height=size[1]),
            color_scheme="dark" if scheme == "dark" else "light",
            locale="fr-FR",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("request", watch)
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def open_filmed(browser: Browser, live_server: LiveServer, tmp_path: Path) -> Iterator[Filmed]:
    """A page of a telephone whose camera sees these pictures. At the end, as for ``open_page``."""
    faults: list[str] = []
    browsers: list[Browser] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            faults.append(f"foreign request: {request.url}")

    def opened(pictures: Sequence[Image.Image], *, allowed: bool = True) -> Page:
        seen = film(tmp_path / "camera.y4m", pictures)
        arguments = [*ARGUMENTS, "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={seen}"]
        telephone = browser.browser_type.launch(executable_path=chromium(), args=arguments)
        browsers.append(telephone)
        context = telephone.new_context(
            base_url=live_server.url, viewport=ViewportSize(width=PHONE[0], height=PHONE[1]), locale="fr-FR"
        )
        context.set_default_timeout(PATIENCE_MS)
        if allowed:
            context.grant_permissions(["camera"])
        context.on("request", watch)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield opened
    for one in browsers:
        one.close()
    assert not faults


@pytest.fixture
def sign_in(client: Client, live_server: LiveServer) -> Callable[[Page, User], None]:
    """Give the browser the session of this person."""

    def enter(page: Page, user: User) -> None:
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return enter
