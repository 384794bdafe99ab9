"""The camera beside a field, in front of our own printed covers: our reader, as on the telephones that have none."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.passes.models import Batch
from tests.browser.accessibility import violations
from tests.browser.conftest import PHONE, Filmed, Open
from tests.browser.paper import scene, slips
from tests.factories import make_membership
from tests.lives import active_batch, contexts_are_fresh
from tests.www.prescriber.desk import Desk, make_desk

__all__ = ["contexts_are_fresh"]

SignIn = Callable[[Page, User], None]


@pytest.fixture
def desk(transactional_db: None, client: Client) -> Desk:
    cache.clear()
    return make_desk(client)


def cover(batch: Batch, rank: int) -> tuple[str, Image.Image]:
    """What the code of this cover says, and a picture of it on a table."""
    slip = slips(batch, moment=timezone.now(), rank=rank)[0]
    return slip.text, scene(slip)


def test_the_cover_of_a_booklet_begins_a_hand_over(desk: Desk, open_filmed: Filmed, sign_in: SignIn) -> None:
    page = open_filmed([cover(desk.batch, 2)[1]])
    sign_in(page, desk.user)
    page.goto("/prescripteur/remettre/")
    page.get_by_role("button", name="Scanner avec l’appareil photo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pour qui est ce chéquier ?")
    page.go_back()
    expect(page.get_by_label("Numéro du chéquier")).to_have_value(desk.number(2))


def test_each_cover_adds_its_line_once(desk: Desk, open_filmed: Filmed, sign_in: SignIn) -> None:
    pile = active_batch(desk.scheme, now=timezone.now())
    (first, one), (second, two) = cover(pile, 1), cover(pile, 2)
    page = open_filmed([one, two])
    sign_in(page, make_membership(Role.COORDINATOR, desk.scheme.network).user)
    page.goto(f"/coordination/envoyer/{desk.scheme.prescriber.pk}/")
    page.locator("[name=quoi][value=plages]").check()
    page.get_by_role("button", name="Scanner les couvertures").click()
    expect(page.get_by_text("2 chéquiers ajoutés")).to_be_visible()
    field = page.locator("[name=plages]")
    assert sorted(field.input_value().split("\n")) == sorted([first, second])
    page.get_by_role("button", name="Fermer l’appareil photo").click()
    assert page.evaluate("() => document.querySelector('video').srcObject") is None
    expect(page.get_by_role("button", name="Scanner les couvertures")).to_be_focused()


def test_a_camera_that_is_refused_leaves_the_field(desk: Desk, open_page: Open, sign_in: SignIn) -> None:
    page = open_page("/connexion/", size=PHONE)
    sign_in(page, desk.user)
    page.goto("/prescripteur/remettre/")
    page.get_by_role("button", name="Scanner avec l’appareil photo").click()
    expect(page.get_by_text("L’appareil photo n’est pas disponible. Tapez le numéro.")).to_be_visible()
    expect(page.get_by_role("button", name="Fermer l’appareil photo")).to_be_focused()
    assert violations(page) == []


def test_a_browser_without_camera_offers_none(desk: Desk, open_page: Open, sign_in: SignIn) -> None:
    page = open_page("/connexion/", size=PHONE)
    sign_in(page, desk.user)
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    page.goto("/prescripteur/remettre/")
    expect(page.get_by_label("Numéro du chéquier")).to_be_visible()
    expect(page.get_by_role("button", name="Scanner avec l’appareil photo")).to_be_hidden()
