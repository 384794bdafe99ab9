"""Pages in the colours of a programme, near the limit of what is accepted: axe still finds nothing, day and night."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.programmes.theme import nearest_that_passes
from tests.browser.accessibility import violations
from tests.browser.conftest import DESK, PHONE, SCHEMES, Open
from tests.factories import make_scheme
from tests.www.making import make_booklet, printed_path

#: As light as accepted: what any other theme would show better.
YELLOW, PINK = nearest_that_passes("ink_colour", "#ffd000"), nearest_that_passes("accent_colour", "#ff80c0")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><rect width="4" height="1" fill="#a4552a"/></svg>'
looks = pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]
)


@pytest.mark.parametrize("light", SCHEMES)
def test_a_working_page_in_the_lightest_colours_accepted(
    open_page: Open, sign_in: Callable[[Page, User], None], light: str
) -> None:
    scheme = make_scheme(ink_colour=YELLOW, accent_colour=PINK, logo_svg=LOGO)
    user = scheme.actor(Role.PRESCRIBER).user
    assert user is not None
    page = open_page("/", scheme=light)
    sign_in(page, user)
    page.goto("/prescripteur/")
    assert ink_of(page) == (YELLOW if light == "light" else ink_of(page))
    assert ink_of(page) != "#1b2a6b"
    assert violations(page) == []


@looks
def test_the_public_page_of_a_booklet_in_the_lightest_colours_accepted(
    open_page: Open, size: tuple[int, int], scheme: str
) -> None:
    programme = make_scheme(ink_colour=YELLOW, accent_colour=PINK, logo_svg=LOGO, phone="05 55 44 30 00").programme
    page = open_page(printed_path(make_booklet(programme, used=(1, 2))), size=size, scheme=scheme)
    assert ink_of(page) not in {"#1b2a6b", "#b3c0ff"}
    expect(page.locator("img.scheme-logo")).to_be_visible()
    assert page.evaluate("document.querySelector('img.scheme-logo').naturalWidth") > 0
    assert violations(page) == []


def ink_of(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()"))
