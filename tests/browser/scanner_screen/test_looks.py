"""Every state of the screen: axe, room, fingers; in both themes and widths, and in full sun."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import OF_COLOURS, scrolls_sideways, small_targets, violations
from tests.browser.conftest import DESK, NARROW, PHONE, SCHEMES
from tests.browser.looking import dress, resize
from tests.browser.scanner_screen.conftest import Screen

SMALL_PHONE = (360, 640)
LATE = """
    const { answer, REFUSED, WAITING, minutes } = engine.kinds;
    engine.history = [
        answer({}), answer({ ...WAITING }), answer({ state: 'annulled', undoUntil: null }),
        answer({ ...REFUSED, late: true }), answer({ ...REFUSED, number: '' }),
    ];
"""
WORRIED = """
    Object.assign(engine.status, {
        online: false, waiting: 2, lateRefusals: 1, clock: { wrong: true, seconds: 86400 }, storage: { low: true },
        update: true, lastSync: engine.kinds.minutes(-200),
    });
"""
#: How each state is reached: what the engine is before, what is typed, which button is pressed.
STATES = {
    "ready": ("", "", ""),
    "accepted": ("", "CODE/1", ""),
    "refused": ("", "REFUSE/1", ""),
    "waiting": ("engine.status.online = false;", "ATTEND/1", ""),
    "question": ("", "COUVERTURE/1", ""),
    "question of one": ("", "SIMPLE/1", ""),
    "worried": (WORRIED, "", ""),
    "day": (LATE, "", "Journée"),
    "empty day": ("", "", "Journée"),
    "settings": (LATE, "", "Réglages"),
    "place": ("engine.context = { venue: null, service: null, passes: null };", "", ""),
    "enrol": ("engine.status.phase = 'not_enrolled';", "", ""),
    "preparing": ("engine.status.phase = 'preparing';", "", ""),
    "revoked": ("engine.status.phase = 'revoked';", "", ""),
}


def reach(page: Page, typed: str, pressed: str) -> None:
    if typed:
        page.keyboard.type(f"{typed}\n")
        page.locator(".s-verdict, .s-question").first.wait_for()
    if pressed:
        page.locator(".s-dock").get_by_role("button", name=pressed).click()


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_for_everybody(screen: Screen, state: str) -> None:
    prepare, typed, pressed = STATES[state]
    page = screen(prepare, size=DESK)
    reach(page, typed, pressed)
    for scheme in SCHEMES:
        dress(page, "dark" if scheme == "dark" else "light")
        for size in (DESK, PHONE):
            resize(page, size)
            assert violations(page) == [], f"{scheme} {size}"
    assert list(small_targets(page)) == []
    for size in (PHONE, SMALL_PHONE, NARROW, (683, 384)):
        resize(page, size)
        assert not scrolls_sideways(page), size


@pytest.mark.parametrize("state", ["accepted", "refused", "waiting", "worried", "day"])
def test_full_sun_leaves_nothing_pale(screen: Screen, state: str) -> None:
    prepare, typed, pressed = STATES[state]
    page = screen(prepare, size=DESK, scheme="dark")
    page.get_by_role("button", name="Réglages").last.click()
    page.get_by_label("plein soleil").check()
    page.get_by_role("button", name="Revenir au scanner").click()
    reach(page, typed, pressed)
    dress(page, "dark")
    assert violations(page, only=[*OF_COLOURS, "color-contrast-enhanced"]) == []


@pytest.mark.parametrize("typed", ["CODE/1", "REFUSE/1", "ATTEND/1"])
def test_the_answer_is_seen_whole_on_a_small_telephone(screen: Screen, typed: str) -> None:
    page = screen(size=DESK)
    reach(page, typed, "")
    dress(page, "light")
    resize(page, SMALL_PHONE)
    box = page.locator(".s-verdict").bounding_box()
    dock = page.locator(".s-dock").bounding_box()
    assert box is not None
    assert dock is not None
    assert box["y"] + box["height"] <= dock["y"]


def test_a_left_hand_finds_the_buttons_on_its_side(screen: Screen) -> None:
    page = screen()
    page.keyboard.type("CODE/1\n")
    undo = page.get_by_role("button", name="Annuler")
    right = undo.bounding_box()
    page.get_by_role("button", name="Réglages").last.click()
    page.get_by_label("de la main gauche").check()
    page.reload()
    page.keyboard.type("CODE/1\n")
    left = undo.bounding_box()
    assert right is not None
    assert left is not None
    assert left["x"] < PHONE[0] / 2 < right["x"] + right["width"]


def test_nothing_moves_for_who_asked_for_no_motion(screen: Screen) -> None:
    page = screen(size=DESK)
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.type("CODE/1\n")
    expect(page.locator(".s-verdict")).to_be_visible()
    assert page.evaluate("document.getAnimations({ subtree: true }).length") == 0
    page.emulate_media(reduced_motion="no-preference")
    page.keyboard.type("CODE/2\n")
    page.wait_for_function("() => document.getAnimations({ subtree: true }).length > 0")
