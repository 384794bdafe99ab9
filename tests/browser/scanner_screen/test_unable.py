"""Browsers without what the scanner needs: what does not work is said in words, with what to do instead."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.accessibility import scrolls_sideways, small_targets, violations
from tests.browser.conftest import NARROW, PHONE, SCHEMES
from tests.browser.looking import dress, resize
from tests.browser.scanner_screen.conftest import Screen

REFUSED = "() => { throw new DOMException('refused', 'SecurityError'); }"
OLD = "trop ancien pour le scanner"
NOTHING_KEPT = "ne laisse rien garder"
#: What is taken from the browser, and what the person reads.
WITHOUT = {
    "no database": ("Object.defineProperty(window, 'indexedDB', { value: undefined });", NOTHING_KEPT),
    "a database that may not be named": (
        f"Object.defineProperty(window, 'indexedDB', {{ get: {REFUSED} }});",
        NOTHING_KEPT,
    ),
    "a database that does not open": (f"IDBFactory.prototype.open = {REFUSED};", NOTHING_KEPT),
    "no locks": ("Object.defineProperty(navigator, 'locks', { value: undefined });", OLD),
    "no channel": ("Object.defineProperty(window, 'BroadcastChannel', { value: undefined });", OLD),
    "no modules": ("delete HTMLScriptElement.prototype.noModule;", OLD),
    "no safe address": ("Object.defineProperty(window, 'isSecureContext', { value: false });", "« https »"),
}


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    size = ViewportSize(width=PHONE[0], height=PHONE[1])
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", viewport=size, service_workers="block")
    yield context.new_page()
    context.close()


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-start=unable]").get_by_text(words)).to_be_visible()
    way = page.get_by_role("link", name="Poinçonner en tapant le numéro")
    expect(way).to_be_visible()
    assert str(way.get_attribute("href")).endswith("/mediation/poinconner/")
    expect(page.locator("[data-unable]:not(#scanner):visible")).to_have_count(1)


@pytest.mark.parametrize("missing", WITHOUT)
def test_a_browser_without_what_is_needed_says_why_and_what_to_do(page: Page, missing: str) -> None:
    taken, words = WITHOUT[missing]
    page.add_init_script(taken)
    page.goto("/scanner/")
    says(page, words)


def test_a_browser_that_cannot_read_the_scanner_says_so(page: Page) -> None:
    page.route("**/scanner/app.js", lambda route: route.fulfill(body="const = 1;", content_type="text/javascript"))
    page.goto("/scanner/")
    says(page, OLD)


def test_this_page_is_for_everybody(page: Page) -> None:
    page.add_init_script(WITHOUT["no database"][0])
    page.goto("/scanner/")
    says(page, NOTHING_KEPT)
    for scheme in SCHEMES:
        dress(page, "dark" if scheme == "dark" else "light")
        assert violations(page) == [], scheme
    assert list(small_targets(page)) == []
    resize(page, NARROW)
    assert not scrolls_sideways(page)


def test_without_a_worker_one_punches_and_is_warned(screen: Screen) -> None:
    page = screen("delete Navigator.prototype.serviceWorker;")
    expect(page.get_by_text("sans réseau, il ne s’ouvrira pas")).to_be_visible()
    page.keyboard.type("CODE/1\n")
    expect(page.get_by_role("heading", name="Accepté, reste 6")).to_be_visible()


def test_where_preferences_may_not_be_kept_one_punches_all_the_same(screen: Screen) -> None:
    page = screen(f"Object.defineProperty(window, 'localStorage', {{ get: {REFUSED} }});")
    page.keyboard.type("CODE/1\n")
    expect(page.get_by_role("heading", name="Accepté, reste 6")).to_be_visible()
    expect(page.get_by_text("sans réseau, il ne s’ouvrira pas")).to_have_count(0)
