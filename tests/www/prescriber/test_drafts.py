"""A hand-over in the making: nothing typed is lost, nothing is done twice."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from poincon.organisations.enums import Role
from poincon.passes.enums import BlockReason
from poincon.passes.models import HandOver
from poincon.passes.services.block import block
from poincon.www.prescriber.draft import FIELD
from tests.factories import SYSTEM, make_membership
from tests.www.prescriber.desk import Desk, hand_over, make_desk, text_of

pytestmark = pytest.mark.django_db

CHECK = "/prescripteur/remettre/verifier/"


@pytest.fixture
def desk(client: Client) -> Desk:
    return make_desk(client)


def carried(response: Any) -> str:
    """The draft that the form of a page carries."""
    return str(response.context["carried"][1])


def test_a_button_pressed_twice_hands_over_once(desk: Desk) -> None:
    desk.take(quoi="quelques", nombre="2")
    desk.name()
    desk.qualify()
    draft = carried(desk.get("remettre/verifier/"))
    first = desk.post("remettre/verifier/", **{FIELD: draft})
    assert desk.post("remettre/verifier/", **{FIELD: draft})["Location"] == first["Location"]
    assert HandOver.objects.count() == 1


def test_a_whole_booklet_given_twice_shows_the_first_hand_over(desk: Desk) -> None:
    desk.take()
    desk.name()
    desk.qualify()
    draft = carried(desk.get("remettre/verifier/"))
    first = desk.post("remettre/verifier/", **{FIELD: draft})
    assert desk.post("remettre/verifier/", **{FIELD: draft})["Location"] == first["Location"]


def test_going_back_finds_what_was_typed(desk: Desk) -> None:
    desk.take()
    desk.name()
    assert f'value="{desk.number()}"' in desk.get("remettre/").content.decode()
    page = desk.get("remettre/personne/").content.decode()
    assert 'value="Marie"' in page
    assert 'value="06 12 34 56 78"' in page


def test_a_page_left_open_in_a_tab_keeps_its_own_answers(desk: Desk) -> None:
    desk.take(1)
    first = carried(desk.get("remettre/personne/"))
    desk.take(2)
    desk.name(**{FIELD: first})
    desk.qualify()
    assert hand_over(desk).booklet == desk.booklet(1)


def test_a_session_that_ends_loses_nothing(desk: Desk) -> None:
    desk.take()
    desk.name()
    page = desk.get("remettre/public/")
    draft = carried(page)
    desk.client.logout()
    sent_out = desk.qualify(**{FIELD: draft})
    assert "/connexion/" in sent_out["Location"]
    desk.client.force_login(desk.user)
    again = desk.get("remettre/public/")
    assert "Ce que vous aviez tapé est encore là" in text_of(again)
    assert desk.qualify(**{FIELD: carried(again)})["Location"] == CHECK
    assert "Marie" in text_of(desk.get("remettre/verifier/"))


def test_the_draft_says_nothing_in_the_clear(desk: Desk) -> None:
    desk.take()
    desk.name()
    assert "Marie" not in str(dict(desk.client.session))


@pytest.mark.parametrize("draft", ["", "n’importe quoi", "gAAAAABn"])
def test_a_draft_that_cannot_be_read_starts_again(desk: Desk, draft: str) -> None:
    assert desk.name(**{FIELD: draft})["Location"] == "/prescripteur/remettre/"


def test_the_draft_of_somebody_else_is_not_read(desk: Desk) -> None:
    desk.take()
    draft = carried(desk.get("remettre/personne/"))
    colleague = make_membership(Role.PRESCRIBER, desk.scheme.prescriber).user
    desk.client.force_login(colleague)
    assert desk.name(**{FIELD: draft})["Location"] == "/prescripteur/remettre/"


def test_an_old_draft_is_forgotten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.take()
    now = timezone.now().timestamp()
    monkeypatch.setattr("poincon.www.prescriber.draft.time.time", lambda: now + 13 * 3600)
    assert desk.name()["Location"] == "/prescripteur/remettre/"


def test_giving_up_forgets(desk: Desk) -> None:
    desk.take()
    assert "Une remise est commencée" in text_of(desk.get(""))
    desk.post("remettre/abandonner/")
    assert "Une remise est commencée" not in text_of(desk.get(""))


def test_a_booklet_blocked_meanwhile_is_said_and_the_answers_stay(desk: Desk) -> None:
    desk.take()
    desk.name()
    desk.qualify()
    block(by=SYSTEM, number=desk.number(), reason=BlockReason.ERROR)
    response = desk.client.post(CHECK, follow=True)
    assert "ne peut pas être remis : il est en opposition" in text_of(response)
    assert desk.take(2)["Location"] == CHECK
    assert hand_over(desk).booklet == desk.booklet(2)


@pytest.mark.parametrize("step", ["personne", "public", "verifier"])
def test_a_screen_opened_too_early_goes_back_to_the_first(desk: Desk, step: str) -> None:
    response = desk.get(f"remettre/{step}/")
    assert "Commencez par le chéquier." in text_of(response)
