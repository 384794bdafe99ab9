"""After the hand-over: its letter, its undoing, its page; and who sees them."""

import io
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.passes import codes
from poincon.passes.enums import BlockReason, Custody
from poincon.passes.models import HandOver
from poincon.passes.services.block import block
from poincon.passes.services.hand_over import cancel_hand_over
from tests.factories import SYSTEM, make_membership, make_organisation
from tests.www.prescriber.desk import Desk, make_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Desk:
    return make_desk(client)


@pytest.fixture
def given(desk: Desk) -> HandOver:
    """The first booklet is Marie's."""
    desk.take()
    desk.name()
    desk.qualify()
    desk.post("remettre/verifier/")
    return HandOver.objects.get()


def punch(given: HandOver) -> None:
    given.booklet.used = 0b1
    given.booklet.save(update_fields=["used"])


def letter(desk: Desk, given: HandOver, **asked: str) -> Any:
    return desk.get(f"remises/{given.pk}/lettre.pdf", **asked)


# --- the letter -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paper", "width"), [("", 595), ("a5", 420), ("a0", 595)])
def test_the_letter_is_printed_on_two_papers(desk: Desk, given: HandOver, paper: str, width: int) -> None:
    pdf = letter(desk, given, papier=paper)
    document = pypdfium2.PdfDocument(io.BytesIO(pdf.content))
    assert (len(document), round(document[0].get_width())) == (1, width)
    assert codes.written(given.booklet.number) in document[0].get_textpage().get_text_range()


def test_a_cancelled_hand_over_says_why_it_has_no_letter(desk: Desk, given: HandOver) -> None:
    cancel_hand_over(by=SYSTEM, hand_over=given, reason="erreur")
    response = letter(desk, given)
    assert response.status_code == 422
    assert "Cette remise est annulée" in text_of(response)


def test_the_last_screen_names_the_nearest_place(desk: Desk, given: HandOver) -> None:
    assert desk.scheme.venue.name in text_of(desk.get(f"remettre/{given.pk}/fait/"))


# --- undoing ----------------------------------------------------------------------------------------------------------


def test_undoing_puts_the_booklet_back_in_stock(desk: Desk, given: HandOver) -> None:
    assert desk.post(f"remises/{given.pk}/defaire/")["Location"] == "/prescripteur/"
    assert desk.booklet().custody == Custody.STOCK
    assert "est annulée" in text_of(desk.get(""))


def test_a_used_booklet_is_not_undone_and_says_what_to_do(desk: Desk, given: HandOver) -> None:
    punch(given)
    response = desk.client.post(f"/prescripteur/remises/{given.pk}/defaire/", follow=True)
    assert "ne peut plus être annulée" in text_of(response)
    assert desk.booklet().custody == Custody.PERSON


def test_a_reason_is_chosen(desk: Desk, given: HandOver) -> None:
    assert desk.post(f"remises/{given.pk}/annuler/").context["form"].errors["motif"]
    response = desk.post(f"remises/{given.pk}/annuler/", motif="personne", precision="confondue avec sa sœur")
    assert response.status_code == 302
    given.refresh_from_db()
    assert given.cancellation is not None
    assert given.cancellation.reason == "Ce n’est pas la bonne personne : confondue avec sa sœur"


def test_another_reason_is_written(desk: Desk, given: HandOver) -> None:
    assert desk.post(f"remises/{given.pk}/annuler/", motif="autre").context["form"].errors["precision"]
    assert desk.post(f"remises/{given.pk}/annuler/", motif="autre", precision="Doublon").status_code == 302


def test_undoing_twice_is_said(desk: Desk, given: HandOver) -> None:
    cancel_hand_over(by=SYSTEM, hand_over=given, reason="erreur")
    response = desk.post(f"remises/{given.pk}/annuler/", motif="refus")
    assert "déjà annulée" in text_of(response)


# --- lists ------------------------------------------------------------------------------------------------------------


def test_hand_overs_are_listed_searched_and_exported(desk: Desk, given: HandOver) -> None:
    assert "Marie" in text_of(desk.get("remises/"))
    for found in ("marie", codes.written(given.booklet.number)[:9]):
        assert "1 remise" in text_of(desk.get("remises/", q=found))
    assert "Rien ne correspond" in text_of(desk.get("remises/", q="zoé"))
    export = b"".join(desk.client.get("/prescripteur/remises/?format=csv"))
    assert "Marie" in export.decode()


@pytest.mark.parametrize(("state", "count"), [("pas-utilise", 0), ("entame", 1), ("annulee", 0), ("", 1)])
def test_hand_overs_are_filtered(desk: Desk, given: HandOver, state: str, count: int) -> None:
    punch(given)
    listing = desk.get("remises/", etat=state).context["listing"]
    assert listing.total == count


# --- who may ----------------------------------------------------------------------------------------------------------

PAGES = ["remettre/{}/fait/", "remises/{}/", "remises/{}/lettre.pdf", "remises/{}/annuler/"]


@pytest.mark.parametrize("page", PAGES)
def test_a_colleague_opens_it(desk: Desk, given: HandOver, page: str) -> None:
    desk.client.force_login(make_membership(Role.PRESCRIBER, desk.scheme.prescriber).user)
    assert desk.get(page.format(given.pk)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_somebody_of_the_organisation_without_the_role_does_not(desk: Desk, given: HandOver, page: str) -> None:
    desk.client.force_login(make_membership(Role.MEDIATOR, desk.scheme.prescriber).user)
    assert desk.get(page.format(given.pk)).status_code == 403


@pytest.mark.parametrize("page", [*PAGES, "remises/{}/defaire/"])
def test_another_prescriber_finds_nothing(desk: Desk, given: HandOver, page: str) -> None:
    other = make_organisation(is_prescriber=True)
    desk.client.force_login(make_membership(Role.PRESCRIBER, other).user)
    assert desk.post(page.format(given.pk)).status_code in {404, 405}
    given.refresh_from_db()
    assert given.cancellation_id is None


def test_a_blocked_booklet_is_said_so(desk: Desk, given: HandOver) -> None:
    block(by=SYSTEM, number=desk.number(), reason=BlockReason.LOST)
    assert "en opposition" in text_of(desk.get(f"remises/{given.pk}/"))
