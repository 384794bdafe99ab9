"""A scanner in front of a fake camera, on the real server; and the screen alone, on an engine that stands in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import PHONE, Filmed, Open
from tests.browser.scanner.village import Village, make_village
from tests.lives import contexts_are_fresh

__all__ = ["contexts_are_fresh"]

STAND_IN = (Path(__file__).parent / "stand_in.js").read_text()

Screen = Callable[..., Page]


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
def filmed(open_filmed: Filmed, sign_in: Callable[..., None], village: Village) -> Filmed:
    """The scanner of the mediator of the village, enrolled, whose camera sees these pictures."""

    def opened(pictures: list[Image.Image], *, allowed: bool = True) -> Page:
        page = open_filmed(pictures, allowed=allowed)
        sign_in(page, village.mediator)
        page.goto("/scanner/")
        enrol(page)
        return page

    return opened


def enrol(page: Page) -> None:
    """From the first page of the scanner to the one where one punches; the person is signed in."""
    page.get_by_role("button", name="Utiliser ce téléphone").click()
    expect(page.locator("[data-view-name=punch]")).to_be_visible()


def passes_used(village: Village) -> int:
    """The passes of the first booklet that are used, as a mask: bit 0 is pass 1."""
    return village.batch.booklets.get(rank=1).used
