"""Every public and account page, in both schemes, on a telephone and on a desk: seen by axe, and 320 px wide."""

from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.passes import codes
from poincon.passes.enums import Validity
from tests.browser.accessibility import scrolls_sideways, small_targets, violations
from tests.browser.conftest import DESK, NARROW, PHONE, SCHEMES, Open
from tests.factories import make_membership, make_organisation, make_scheme, make_user
from tests.www.making import make_booklet, printed_path

LOOKS = [(size, scheme) for size in (PHONE, DESK) for scheme in SCHEMES]
looks = pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=str)
PUBLIC_PAGES = [
    "/",
    "/mon-chequier/",
    "/mon-chequier/?numero=12",
    "/mon-chequier/?numero=",
    "/connexion/",
    "/connexion/mot-de-passe/",
    "/connexion/ouvrir-un-compte/",
    "/connexion/compte-ferme/",
]
ACCOUNT_PAGES = [
    "/accueil/",
    "/compte/double-verification/",
    "/compte/double-verification/application/",
    "/compte/double-verification/cles/",
    "/compte/double-verification/cles/ajouter/",
    "/compte/mot-de-passe/choisir/",
    "/deconnexion/",
]


@pytest.fixture(autouse=True)
def _no_limit() -> Iterator[None]:
    """Many pages are opened from one address: the limit has its own tests."""
    with override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}):
        yield


def check(page: Page) -> None:
    assert violations(page) == []
    assert not scrolls_sideways(page)
    assert small_targets(page) == []


@looks
def test_public_pages_hold_for_everyone(open_page: Open, size: tuple[int, int], scheme: str) -> None:
    make_scheme(phone="05 55 44 30 00")
    page = open_page("/", size=size, scheme=scheme)
    for path in PUBLIC_PAGES:
        page.goto(path)
        check(page)


@looks
def test_the_page_behind_a_printed_code_holds_for_everyone(open_page: Open, size: tuple[int, int], scheme: str) -> None:
    programme = make_scheme(phone="05 55 44 30 00", referent="Claire Moreau").programme
    page = open_page(printed_path(make_booklet(programme, used=(1, 2))), size=size, scheme=scheme)
    check(page)
    page.goto(printed_path(make_booklet(programme, validity=Validity.BLOCKED)))
    check(page)


@looks
def test_account_pages_hold_for_everyone(
    open_page: Open, sign_in: Callable[[Page, User], None], size: tuple[int, int], scheme: str
) -> None:
    user = make_user()
    make_membership(Role.PRESCRIBER, make_organisation(is_prescriber=True), user=user)
    page = open_page("/", size=size, scheme=scheme)
    sign_in(page, user)
    for path in ACCOUNT_PAGES:
        page.goto(path)
        check(page)


def test_nothing_is_lost_at_320_pixels(open_page: Open, sign_in: Callable[[Page, User], None]) -> None:
    scheme = make_scheme()
    user = scheme.actor(Role.PRESCRIBER).user
    assert user is not None
    page = open_page(printed_path(make_booklet(scheme.programme, used=(1,))), size=NARROW)
    assert not scrolls_sideways(page)
    for path in PUBLIC_PAGES:
        page.goto(path)
        assert not scrolls_sideways(page)
    sign_in(page, user)
    for path in ACCOUNT_PAGES:
        page.goto(path)
        assert not scrolls_sideways(page)


def test_the_number_of_a_booklet_is_typed_and_read(open_page: Open) -> None:
    booklet = make_booklet(make_scheme().programme, used=(1, 2, 3))
    page = open_page("/", size=PHONE)
    page.get_by_label("Numéro de votre chéquier").fill(codes.written(booklet.number).lower())
    page.get_by_role("button", name="Voir mes pass").click()
    expect(page.get_by_role("heading", name="Il reste 7 pass sur 10")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Pass 3 : utilisé")).to_have_count(1)


def test_the_keyboard_goes_straight_to_the_content(open_page: Open) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_documentation_of_the_api_loads_from_this_site(open_page: Open) -> None:
    page = open_page("/api/v1/docs")
    expect(page.get_by_text("/api/v1/scans", exact=True).first).to_be_visible()
    # The viewer is not ours to repair; the page around it is.
    assert violations(page, outside="#swagger-ui") == []
