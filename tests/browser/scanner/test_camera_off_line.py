"""No network at all, as in a village hall: our printed paper, the camera, the reader of codes that the worker kept."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.paper import film, scene, slips
from tests.browser.scanner.driving import Driver
from tests.browser.scanner.network import Relay
from tests.browser.scanner.telephone import Telephone, look
from tests.browser.scanner.village import Village, live_redemptions, make_village, scans_kept


@pytest.fixture
def village(live_server: object) -> Village:
    return make_village(referent="Claire Moreau")


@pytest.fixture
def seen(village: Village, tmp_path: Path) -> Path:
    """What the camera sees: the third pass of the first booklet, out of our own PDF."""
    paper = slips(village.batch, moment=timezone.now())
    return film(tmp_path / "camera.y4m", [scene(paper[3])])


@pytest.fixture
def in_the_hall(installed: Driver, telephone: Telephone, relay: Relay, seen: Path) -> Page:
    """The installed telephone, switched off, then on again where there is no network, in front of the paper."""
    telephone.kill()
    relay.cut()
    page = telephone.start(film=seen).page
    page.context.grant_permissions(["camera"], origin=relay.url)
    page.goto(f"{relay.url}/scanner/")
    return page


def noted(page: Page) -> None:
    taken = page.get_by_role("heading", name="Accepté hors ligne, sera confirmé")
    expect(taken).to_be_visible()
    expect(page.locator(".s-verdict")).to_have_attribute("data-outcome", "waiting")
    expect(page.locator("[data-lens]")).to_have_attribute("data-decoder", "ours")
    assert (live_redemptions(), scans_kept()) == (0, 0)


def test_a_pass_read_without_network_arrives_once(village: Village, in_the_hall: Page, relay: Relay) -> None:
    noted(in_the_hall)
    # Another page of the scanner: the camera rests, and sees no second gesture.
    in_the_hall.get_by_role("button", name="Réglages").last.click()
    relay.mend()
    in_the_hall.get_by_role("button", name="Synchroniser maintenant").click()
    expect(in_the_hall.get_by_text("Rien n’attend d’être envoyé.")).to_be_visible()
    assert (live_redemptions(), scans_kept()) == (1, 1)
    assert village.batch.booklets.get(rank=1).used == 0b100


def test_a_telephone_killed_after_its_answer_loses_nothing(
    village: Village, in_the_hall: Page, telephone: Telephone, relay: Relay
) -> None:
    noted(in_the_hall)
    telephone.kill()
    again = telephone.start()
    look(again, relay)
    assert again.states() == ["waiting"]
    relay.mend()
    again.call("sync")
    again.wait_until("!s.waiting")
    assert (live_redemptions(), scans_kept()) == (1, 1)
    assert village.batch.booklets.get(rank=1).used == 0b100
