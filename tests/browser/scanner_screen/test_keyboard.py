"""A keyboard is enough, and so is a reader of codes that types; a screen reader hears each answer."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import DESK, PHONE
from tests.browser.scanner_screen.conftest import Screen

CODE = "HTTPS://PASS.EXEMPLE.FR/P/0123456789ABCDEFGH"
CALLS = "window.engine.calls.filter(([name]) => name === 'scan')"
MOST_TABS = 40


def scans(page: Page) -> list[list[object]]:
    return list(page.evaluate(CALLS))


def reach(page: Page, name: str) -> None:
    named = "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || ''"
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if name in page.evaluate(named):
            return
    raise AssertionError(f"the keyboard does not reach “{name}”")


def test_a_reader_types_wherever_the_page_is(screen: Screen) -> None:
    page = screen(size=DESK)
    page.keyboard.type(f"{CODE}\n")
    expect(page.get_by_role("heading", name="Accepté, reste 6")).to_be_visible()
    page.keyboard.type("REFUSE/1\n")
    expect(page.get_by_role("heading", name="Refusé : déjà utilisé le 4 mars")).to_be_visible()
    assert [call[1] for call in scans(page)] == [CODE, "REFUSE/1"]


def test_a_reader_types_from_the_history_too(screen: Screen) -> None:
    page = screen(size=DESK)
    page.get_by_role("button", name="Journée").click()
    page.keyboard.type(f"{CODE}\n")
    expect(page.get_by_role("heading", name="Accepté, reste 6")).to_be_visible()


def test_a_reader_made_for_another_keyboard_is_understood(screen: Screen) -> None:
    page = screen(size=DESK)
    keys = page.context.new_cdp_session(page)
    # What a French keyboard writes for the keys that an American one calls 1, 2 and A.
    for code, key in (("Digit1", "&"), ("Digit2", "é"), ("KeyA", "q")):
        for kind in ("keyDown", "keyUp"):
            keys.send("Input.dispatchKeyEvent", {"type": kind, "code": code, "key": key, "text": key})
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Accepté, reste 6")).to_be_visible()
    assert scans(page)[0][1] == "12A"


def test_the_check_character_is_verified_while_one_types(screen: Screen) -> None:
    page = screen()
    page.get_by_role("button", name="Numéro", exact=True).click()
    field = page.get_by_label("Numéro imprimé sous le code")
    field.press_sequentially("48291570")
    expect(field).to_have_accessible_description("Encore 4 signes.")
    field.press_sequentially("363x")
    expect(field).to_have_accessible_description(re.compile("Un signe est faux"))
    expect(field).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []
    field.press("Backspace")
    field.press_sequentially("q")
    expect(field).to_have_value("4829 1570 363Q")
    expect(field).to_have_accessible_description("Numéro juste.")
    field.press("Enter")
    expect(page.get_by_role("heading", name="Accepté, reste 6")).to_be_visible()
    expect(field).to_have_value("")
    expect(field).to_be_focused()


def test_each_answer_is_read_aloud(screen: Screen) -> None:
    page = screen(size=DESK)
    page.keyboard.type("REFUSE/1\n")
    heard = page.get_by_role("alert").first
    expect(heard).to_have_text(re.compile(r"Refusé.*Ce pass a déjà été utilisé.*Utilisez un autre pass"))
    page.keyboard.type(f"{CODE}\n")
    expect(heard).to_have_text(re.compile("Accepté, reste 6.*4829 1570 363Q"))


def test_a_keyboard_answers_how_many(screen: Screen) -> None:
    page = screen(size=DESK)
    page.keyboard.type("COUVERTURE/1\n")
    expect(page.get_by_role("button", name="Poinçonner 3 pass")).to_be_focused()
    page.keyboard.press("2")
    expect(page.get_by_role("heading", name="Accepté, reste 6")).to_be_visible()
    page.keyboard.type("COUVERTURE/2\n")
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Combien de pass ?")).to_be_hidden()
    assert [call[1:] for call in scans(page)] == [["COUVERTURE/1", 2]]


def test_a_cover_asks_even_for_one_pass(screen: Screen) -> None:
    page = screen()
    page.keyboard.type("SIMPLE/1\n")
    question = page.get_by_role("group", name="Combien de pass ?")
    expect(question.get_by_role("button", name="Poinçonner 1 pass")).to_be_focused()
    expect(question).to_contain_text("Le service choisi coûte 1 pass.")
    assert scans(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Accepté, reste 6")).to_be_visible()
    assert [call[1:] for call in scans(page)] == [["SIMPLE/1", 1]]


def test_the_number_chosen_is_proposed_next_time_and_the_price_again_after_it(screen: Screen) -> None:
    page = screen(size=DESK)
    for key, proposed_next in (("2", 2), ("Enter", 2), ("3", 3)):
        page.keyboard.type("COUVERTURE/1\n")
        expect(page.get_by_role("group", name="Combien de pass ?")).to_be_visible()
        page.keyboard.press(key)
        expect(page.get_by_role("heading", name="Accepté, reste 6")).to_be_visible()
        page.keyboard.type("COUVERTURE/2\n")
        expect(page.get_by_role("button", name=f"Poinçonner {proposed_next} pass")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("group", name="Combien de pass ?")).to_be_hidden()
    assert page.evaluate("window.engine.context.passes") is None


def test_another_code_of_a_reader_answers_no_question(screen: Screen) -> None:
    page = screen(size=DESK)
    page.keyboard.type("COUVERTURE/1\n")
    question = page.get_by_role("group", name="Combien de pass ?")
    expect(question).to_be_visible()
    # All the keys within one turn of the page, as fast as no hand: on a slow machine too.
    page.evaluate(
        """code => {
            const stamp = performance.now();
            for (const key of [...code, 'Enter']) {
                const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
                Object.defineProperty(event, 'timeStamp', { value: stamp });
                document.activeElement.dispatchEvent(event);
            }
        }""",
        CODE,
    )
    expect(question).to_be_visible()
    assert scans(page) == []


def test_a_keyboard_is_enough_from_the_place_to_the_undo(screen: Screen) -> None:
    page = screen("engine.context = { venue: null, service: null, passes: null };", size=DESK)
    expect(page.get_by_role("heading", name="Où êtes-vous, pour quel service ?")).to_be_focused()
    reach(page, "Faire ses démarches en ligne")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Faire ses démarches en ligne"))).to_be_visible()
    page.keyboard.type(f"{CODE}\n")
    expect(page.get_by_role("heading", name="Accepté, reste 6")).to_be_visible()
    reach(page, "Annuler")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Poinçon annulé")).to_be_focused()
    reach(page, "Journée")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Aujourd’hui")).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_going_back_never_leaves_the_scanner(screen: Screen, size: tuple[int, int]) -> None:
    page = screen(size=size)
    page.get_by_role("button", name="Journée").click()
    page.locator(".s-dock").get_by_role("button", name="Réglages").click()
    page.go_back()
    expect(page.get_by_role("heading", name="État et réglages")).to_be_hidden()
    expect(page.locator("[data-view-name=punch]")).to_be_visible()
