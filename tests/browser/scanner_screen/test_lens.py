"""The camera: what it says when it does not open, and that it rests when nobody looks."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.accessibility import small_targets, violations
from tests.browser.conftest import PHONE, SCHEMES, Filmed
from tests.browser.paper import scene, slips
from tests.browser.scanner.village import Village
from tests.browser.scanner_screen.conftest import Screen

#: What the browser answers, and what the person reads.
FAULTS = {
    "NotAllowedError": "Ce téléphone ne laisse pas le scanner ouvrir l’appareil photo.",
    "NotFoundError": "Cet appareil n’a pas d’appareil photo.",
    "NotReadableError": "L’appareil photo est occupé par une autre application.",
}
NO_PICTURE = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{}'));"
OPEN = "() => [...document.querySelectorAll('video')].some((one) => one.srcObject?.active)"


def hide(page: Page, state: str) -> None:
    page.evaluate(
        """state => {
            Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        state,
    )


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_camera_that_does_not_open_says_why_and_what_to_do(screen: Screen, fault: str, scheme: str) -> None:
    page = screen(NO_PICTURE.format(fault), scheme=scheme)
    page.get_by_role("button", name="Ouvrir l’appareil photo").click()
    expect(page.get_by_text(FAULTS[fault])).to_be_visible()
    assert violations(page) == []
    assert list(small_targets(page)) == []
    page.locator("[data-lens]").get_by_role("button", name="Taper le numéro").click()
    expect(page.get_by_label("Numéro imprimé sous le code")).to_be_focused()


def test_a_page_that_is_not_safe_says_so(screen: Screen) -> None:
    page = screen("Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")
    page.get_by_role("button", name="Ouvrir l’appareil photo").click()
    expect(page.get_by_text("Ce navigateur n’ouvre pas l’appareil photo sur ce site.")).to_be_visible()


def test_the_camera_waits_for_a_gesture_until_it_is_allowed(screen: Screen) -> None:
    page = screen(NO_PICTURE.format("NotAllowedError"), size=PHONE)
    expect(page.get_by_role("button", name="Ouvrir l’appareil photo")).to_be_visible()
    assert not page.evaluate(OPEN)


def test_the_camera_and_its_reader_rest_while_the_page_is_hidden(filmed: Filmed, village: Village) -> None:
    paper = slips(village.batch, moment=timezone.now())
    page = filmed([scene(None), scene(None), *[scene(paper[1])] * 40])
    page.wait_for_function(OPEN)
    hide(page, "hidden")
    assert not page.evaluate(OPEN)
    # What left before may still be on its way: what leaves now is what counts.
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/scans" in request.url else None)
    page.wait_for_timeout(3_000)
    assert sent == []
    hide(page, "visible")
    page.wait_for_function(OPEN)
    expect(page.get_by_role("heading", name="Accepté, reste 9")).to_be_visible()


def test_the_camera_rests_while_another_page_is_read(filmed: Filmed, village: Village) -> None:
    page = filmed([scene(None)])
    page.wait_for_function(OPEN)
    page.get_by_role("button", name="Journée").click()
    page.wait_for_function(f"() => !({OPEN})()")
    page.go_back()
    page.wait_for_function(OPEN)


def test_a_browser_whose_own_reader_fails_gets_ours(filmed: Filmed, village: Village) -> None:
    paper = slips(village.batch, moment=timezone.now())
    page = filmed([scene(paper[1])], allowed=False)
    page.evaluate(
        """() => {
            window.BarcodeDetector = class {
                static getSupportedFormats() { return Promise.resolve(['qr_code']); }
                detect() { return Promise.reject(new DOMException('Barcode detection service unavailable.')); }
            };
        }"""
    )
    page.context.grant_permissions(["camera"])
    page.get_by_role("button", name="Ouvrir l’appareil photo").click()
    expect(page.get_by_role("heading", name="Accepté, reste 9")).to_be_visible()
