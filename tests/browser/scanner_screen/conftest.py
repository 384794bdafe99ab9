"""A scanner in front of a fake camera, on the real server; and the screen alone, on an engine that stands in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from scripts.test_tools import chromium
from tests.browser.conftest import ARGUMENTS, PHONE, Open
from tests.browser.scanner.village import Village, make_village
from tests.browser.scanner_screen.paper import film
from tests.lives import contexts_are_fresh

__all__ = ["contexts_are_fresh"]

STAND_IN = (Path(__file__).parent / "stand_in.js").read_text()
#: A browser that turns this film into a camera, without asking.
FILMED = ["--use-fake-device-for-media-stream", "--use-file-for-fake-video-capture={}"]

Screen = Callable[..., Page]
Filmed = Callable[..., Page]


@pytest.fixture
def village(live_server: LiveServer) -> Village:
    return make_village(referent="Claire Moreau")


@pytest.fixture
def screen(open_page: Open) -> Screen:
    """The scanner on the engine that stands in. ``prepare``: what a script does to it before the first drawing."""

    def opened(prepare: str = "", **page_options: object) -> Page:
        page = open_page("about:blank", **{"size": PHONE} | page_options)
        page.context.route("**/poincon/scanner/engine.js", answer_with_stand_in)
        page.add_init_script(f"window.prepare = (engine) => {{ {prepare} }};")
        page.goto("/scanner/")
        page.wait_for_function("() => 'engine' in window")
        return page

    return opened


def answer_with_stand_in(route: Route) -> None:
    route.fulfill(body=STAND_IN, content_type="text/javascript")


@pytest.fixture
def filmed(
    browser: Browser, live_server: LiveServer, tmp_path: Path, sign_in: Callable[..., None], village: Village
) -> Iterator[Filmed]:
    """The scanner of the mediator of the village, enrolled, whose camera sees these pictures."""
    faults: list[str] = []
    browsers: list[Browser] = []

    def opened(pictures: list[Image.Image], *, allowed: bool = True) -> Page:
        path = film(tmp_path / "camera.y4m", pictures)
        arguments = [*ARGUMENTS, *(argument.format(path) for argument in FILMED)]
        camera = browser.browser_type.launch(executable_path=chromium(), args=arguments)
        browsers.append(camera)
        context = camera.new_context(
            base_url=live_server.url, viewport=ViewportSize(width=PHONE[0], height=PHONE[1]), locale="fr-FR"
        )
        if allowed:
            context.grant_permissions(["camera"])
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        context.on("request", lambda request: watch(request.url))
        sign_in(page, village.mediator)
        page.goto("/scanner/")
        enrol(page)
        return page

    def watch(url: str) -> None:
        if not url.startswith((live_server.url, "data:", "blob:")):
            faults.append(f"foreign request: {url}")

    yield opened
    for one in browsers:
        one.close()
    assert not faults


def enrol(page: Page) -> None:
    """From the first page of the scanner to the one where one punches; the person is signed in."""
    page.get_by_role("button", name="Utiliser ce téléphone").click(timeout=8_000)
    expect(page.locator("[data-view-name=punch]")).to_be_visible(timeout=15_000)


def passes_used(village: Village) -> int:
    """The passes of the first booklet that are used, as a mask: bit 0 is pass 1."""
    return village.batch.booklets.get(rank=1).used
