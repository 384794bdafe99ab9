"""The whole chain: our PDF, printed, filmed, read by the scanner, accepted in the database."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Filmed
from tests.browser.paper import Light, Slip, scene, slips
from tests.browser.scanner.village import Village, live_redemptions
from tests.browser.scanner_screen.conftest import passes_used

#: A camera that sees badly needs several pictures.
SEEN = {
    "plainly": Light(),
    "turned": Light(angle=37),
    "upside-down": Light(angle=181),
    "small": Light(code_pixels=118),
    "blurred": Light(blur=1.7),
    "dim": Light(brightness=0.22, noise=6),
    "under-a-lamp": Light(glare=True, code_pixels=260),
    "crumpled": Light(crumpled=1.1, code_pixels=260),
    "on-another-telephone": Light(on_a_screen=True),
}


@pytest.fixture
def paper(village: Village) -> list[Slip]:
    return slips(village.batch, moment=timezone.now())


def verdict(page: Page) -> None:
    expect(page.get_by_role("heading", name="Accepté, reste 9")).to_be_visible()


@pytest.mark.parametrize("seen", SEEN)
def test_a_printed_pass_is_punched(filmed: Filmed, village: Village, paper: list[Slip], seen: str) -> None:
    page = filmed([scene(paper[4], SEEN[seen])])
    verdict(page)
    assert passes_used(village) == 0b1000
    assert live_redemptions() == 1


def test_a_pass_that_stays_in_front_of_the_camera_is_used_once(
    filmed: Filmed, village: Village, paper: list[Slip]
) -> None:
    page = filmed([scene(paper[1]), scene(paper[1], Light(angle=4))])
    verdict(page)
    # Much longer than the time after which the same code would be a new gesture.
    page.wait_for_timeout(6_000)
    verdict(page)
    assert live_redemptions() == 1


def test_a_second_pass_beside_the_first_waits_until_it_is_alone(
    filmed: Filmed, village: Village, paper: list[Slip]
) -> None:
    both = scene(paper[1])
    both.paste(scene(paper[2]).crop((400, 120, 880, 600)), (800, 120))
    page = filmed([scene(paper[1]), both, both])
    verdict(page)
    page.wait_for_timeout(3_000)
    assert passes_used(village) == 0b1


def test_ten_passes_in_a_row_ask_for_no_touch(filmed: Filmed, village: Village, paper: list[Slip]) -> None:
    size = (960, 540)
    table = [scene(None, size=size)]
    shown = [[scene(slip, Light(code_pixels=210), size=size)] * 5 for slip in paper[1:]]
    page = filmed([*table * 4, *(picture for slip in shown for picture in [*slip, *table]), *table * 40])
    expect(page.locator("[data-group-passes]")).to_have_text("10 pass")
    expect(page.locator("[data-group-worth]")).to_have_text("100 €")
    assert passes_used(village) == 0b11_1111_1111
    page.get_by_role("button", name="Terminer le groupe").click()
    expect(page.get_by_role("row")).to_have_count(12)
    expect(page.get_by_role("row", name="Total")).to_contain_text("100 €")


def test_the_cover_asks_even_when_the_service_costs_one_pass(
    filmed: Filmed, village: Village, paper: list[Slip]
) -> None:
    page = filmed([scene(paper[0])])
    only = page.get_by_role("button", name="Poinçonner 1 pass")
    expect(only).to_be_focused()
    assert live_redemptions() == 0
    only.press("Enter")
    verdict(page)
    assert passes_used(village) == 0b1


def test_the_cover_asks_how_many(filmed: Filmed, village: Village, paper: list[Slip]) -> None:
    village.scheme.venue.offers.update(price=3)
    page = filmed([scene(paper[0])])
    question = page.get_by_role("group", name="Combien de pass ?")
    expect(question).to_be_visible()
    # The price of the service is what Enter answers.
    expect(question.get_by_role("button", name="Poinçonner 3 pass")).to_be_focused()
    question.get_by_role("button", name="Poinçonner 2 pass").click()
    expect(page.get_by_role("heading", name="Accepté, reste 8")).to_be_visible()
    assert passes_used(village) == 0b11
