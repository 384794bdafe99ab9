"""The public pages in a language read from right to left: nothing overflows, nothing stays on the wrong side."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.accessibility import scrolls_sideways, violations
from tests.browser.conftest import DESK, PHONE, Open
from tests.factories import make_scheme
from tests.www.making import make_booklet, printed_path

#: A language the site is not written in yet: French words, laid out the other way.
MIRRORED = override_settings(LANGUAGES=[("fr", "Français"), ("ar", "العربية")])
PAGES = ["/", "/mon-chequier/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/connexion/"]


@pytest.fixture(autouse=True)
def _mirrored() -> Iterator[None]:
    with MIRRORED:
        yield


def choose_arabic(page: Page) -> None:
    page.locator("button[name=langue][value=ar]").click()
    page.wait_for_load_state()


def starts_on_the_right(page: Page, selector: str) -> bool:
    """Whether the first letter of this element is nearer the right edge of its box than the left one."""
    script = """selector => {
        const element = document.querySelector(selector);
        const range = document.createRange();
        range.selectNodeContents(element);
        const text = range.getBoundingClientRect(), box = element.getBoundingClientRect();
        return Math.abs(box.right - text.right) <= Math.abs(text.left - box.left);
    }"""
    return bool(page.evaluate(script, selector))


@pytest.mark.parametrize("size", [PHONE, DESK], ids=str)
def test_public_pages_are_mirrored(open_page: Open, size: tuple[int, int]) -> None:
    booklet = make_booklet(make_scheme(phone="05 55 44 30 00").programme, used=(1, 2))
    page = open_page("/", size=size)
    choose_arabic(page)
    for path in (*PAGES, printed_path(booklet)):
        page.goto(path)
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert starts_on_the_right(page, "h1"), path
        assert not scrolls_sideways(page), path
        assert violations(page) == [], path


def test_the_brand_changes_sides(open_page: Open) -> None:
    page = open_page("/", size=DESK)
    middle = DESK[0] / 2
    before = page.locator(".brand").bounding_box()
    choose_arabic(page)
    after = page.locator(".brand").bounding_box()
    assert before is not None
    assert after is not None
    assert before["x"] < middle < after["x"]


def test_the_arrow_that_goes_back_turns_round(open_page: Open) -> None:
    scheme = make_scheme(ends_on=timezone.localdate() + timedelta(days=365))
    turned = (
        "document.querySelector('.back .icon') && getComputedStyle(document.querySelector('.back .icon')).transform"
    )
    page = open_page(f"/dispositif/{scheme.programme.code}/lieux/{scheme.venue.pk}/")
    assert page.evaluate(turned) == "none"
    choose_arabic(page)
    page.goto(f"/dispositif/{scheme.programme.code}/lieux/{scheme.venue.pk}/")
    assert page.evaluate(turned) == "matrix(-1, 0, 0, 1, 0, 0)"
