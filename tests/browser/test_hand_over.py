"""Handing a booklet over as a prescriber does it: on a telephone, five screens at most; with the keyboard alone too."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from poincon.beneficiaries.models import CaseFile
from poincon.organisations.models import User
from poincon.passes.models import HandOver
from poincon.programmes.enums import IdentityLevel
from tests.browser.accessibility import scrolls_sideways, small_targets, violations
from tests.browser.conftest import DESK, PHONE, SCHEMES, Open
from tests.lives import contexts_are_fresh
from tests.www.prescriber.desk import Desk, make_desk

__all__ = ["contexts_are_fresh"]

SignIn = Callable[[Page, User], None]
MOST_SCREENS = 5
#: More presses than any of these screens needs.
MOST_TABS = 60


@pytest.fixture
def desk(transactional_db: None, client: Client) -> Desk:
    cache.clear()
    return make_desk(client, identity_level=IdentityLevel.IDENTIFIED, proof="Attestation de la CAF")


@pytest.fixture
def at_home(desk: Desk, open_page: Open, sign_in: SignIn) -> Callable[..., Page]:
    """The home of the prescriber, on a telephone unless told otherwise."""

    def opened(size: tuple[int, int] = PHONE, scheme: str = "light") -> Page:
        page = open_page("/connexion/", size=size, scheme=scheme)
        sign_in(page, desk.user)
        page.goto("/prescripteur/")
        return page

    return opened


def the_day_before() -> str:
    return (timezone.localdate() - timedelta(days=1)).isoformat()


def fill_person(page: Page) -> None:
    page.get_by_label("Prénom").fill("Marie")
    page.get_by_label("Nom", exact=True).fill("Dupont")
    page.get_by_label("Date de naissance").fill("3/7/1957")
    page.get_by_label("Téléphone").fill("0612345678")
    page.get_by_label("Commune où la personne habite").fill("Guéret")


def judge(page: Page, size: tuple[int, int]) -> None:
    """What every screen owes: nothing for axe to say, room on a telephone, targets for a finger."""
    assert violations(page) == []
    if size == PHONE:
        assert not scrolls_sideways(page)
        assert list(small_targets(page)) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_booklet_is_handed_over_in_five_screens(
    at_home: Callable[..., Page], desk: Desk, size: tuple[int, int], scheme: str
) -> None:
    page = at_home(size, scheme)
    screens: list[str] = []
    page.on("load", lambda opened: screens.append(re.sub(r"\d+", "n", opened.url.split("/prescripteur/")[-1])))
    page.get_by_role("main").get_by_role("link", name="Remettre un chéquier").click()

    expect(page.get_by_label("Numéro du chéquier")).to_be_visible()
    judge(page, size)
    page.get_by_label("Numéro du chéquier").fill(desk.number().replace(" ", ""))
    page.get_by_role("button", name="Continuer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Pour qui est ce chéquier ?")
    judge(page, size)
    fill_person(page)
    page.get_by_role("button", name="Continuer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("À quel titre a-t-elle droit au chéquier ?")
    page.get_by_text("Bénéficiaires du RSA").click()
    page.get_by_label("J’ai vu ce justificatif").check()
    page.get_by_label("Date écrite sur le justificatif").fill(the_day_before())
    judge(page, size)
    page.get_by_role("button", name="Continuer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Tout est juste ?")
    expect(page.get_by_role("main")).to_contain_text("Marie Dupont")
    judge(page, size)
    page.get_by_role("button", name="Remettre le chéquier").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Le chéquier est remis")
    judge(page, size)
    assert len(screens) == MOST_SCREENS, screens
    letter = page.get_by_role("link", name="Imprimer la lettre (A4)").get_attribute("href")
    answer = page.request.get(str(letter))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    given = HandOver.objects.get()
    assert given.case_file is not None
    assert given.case_file.beneficiary.last_name == "Dupont"


def press_until(page: Page, words: str, key: str = "Tab") -> None:
    """Press a key until what has the focus is called so."""
    named = """() => {
        const one = document.activeElement;
        const label = one.labels?.length ? one.labels[0].innerText : '';
        return label || one.innerText || one.getAttribute('aria-label') || '';
    }"""
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        if words in page.evaluate(named):
            return
    raise AssertionError(f"the keyboard does not reach “{words}” on {page.url}")


def answer(page: Page, label: str, typed: str) -> None:
    press_until(page, label)
    page.keyboard.type(typed)


def test_a_keyboard_is_enough(at_home: Callable[..., Page], desk: Desk) -> None:
    page = at_home()
    press_until(page, "Remettre un chéquier")
    page.keyboard.press("Enter")
    page.wait_for_url("**/remettre/")
    answer(page, "Numéro du chéquier", desk.number())
    press_until(page, "tout le chéquier")
    page.keyboard.press("ArrowDown")
    answer(page, "Combien de pass", "4")
    press_until(page, "Continuer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/personne/")
    for label, typed in (
        ("Prénom", "Marie"),
        ("Nom", "Dupont"),
        ("Date de naissance", "03/07/1957"),
        ("Téléphone", "06 12 34 56 78"),
        ("Commune", "Guéret"),
    ):
        answer(page, label, typed)
    # Enter in a field sends the form.
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/public/")
    press_until(page, "Bénéficiaires du RSA")
    page.keyboard.press("Space")
    press_until(page, "J’ai vu ce justificatif")
    page.keyboard.press("Space")
    press_until(page, "Date écrite")
    # The same day whether the browser asks for the day or for the month first.
    page.keyboard.type(f"0101{timezone.localdate().year}")
    press_until(page, "Continuer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/verifier/")
    press_until(page, "Remettre le chéquier")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le chéquier est remis")
    assert HandOver.objects.get().passes == 0b1111


def test_mistakes_are_said_where_they_are_and_the_rest_stays(at_home: Callable[..., Page], desk: Desk) -> None:
    page = at_home()
    page.goto("/prescripteur/remettre/")
    number = page.get_by_label("Numéro du chéquier")
    number.fill("1234")
    page.get_by_role("button", name="Continuer").click()
    expect(number).to_have_accessible_description(re.compile("Vous avez tapé 4 signes"))
    expect(number).to_have_value("1234")
    assert violations(page) == []
    page.get_by_role("button", name=desk.number()).click()
    fill_person(page)
    page.get_by_label("Nom", exact=True).fill("2 57 07 23 096 012")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Nom", exact=True)).to_have_accessible_description(re.compile("sécurité sociale"))
    expect(page.get_by_label("Prénom")).to_have_value("Marie")
    assert violations(page) == []
    assert not CaseFile.objects.exists()


def test_the_back_button_loses_nothing(at_home: Callable[..., Page], desk: Desk) -> None:
    page = at_home()
    page.goto("/prescripteur/remettre/")
    page.get_by_label("Numéro du chéquier").fill(desk.number())
    page.get_by_role("button", name="Continuer").click()
    fill_person(page)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("À quel titre a-t-elle droit au chéquier ?")
    page.go_back()
    expect(page.get_by_label("Prénom")).to_have_value("Marie")
    page.go_back()
    expect(page.get_by_label("Numéro du chéquier")).to_have_value(desk.number())
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("À quel titre a-t-elle droit au chéquier ?")


def test_the_last_screen_undoes(at_home: Callable[..., Page], desk: Desk) -> None:
    desk.take()
    desk.name()
    desk.qualify(vu="on", date_justificatif=the_day_before())
    desk.post("remettre/verifier/")
    given = HandOver.objects.get()
    page = at_home()
    page.goto(f"/prescripteur/remettre/{given.pk}/fait/")
    page.get_by_role("button", name="Annuler cette remise").click()
    expect(page.get_by_role("status").first).to_contain_text("de nouveau dans votre stock")
    given.refresh_from_db()
    assert given.cancellation_id is not None
