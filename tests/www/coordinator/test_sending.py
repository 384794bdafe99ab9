"""Booklets leave: what will leave is told first, and nothing moves before it is confirmed."""

from typing import Any

import pytest
from django.test import Client

from poincon.passes import codes
from poincon.passes.models import Booklet, Transfer
from tests.world.standing import Standing
from tests.www.coordinator.network import BESIDE, STRANGER, batch_of, coordinator, pk_of, said

pytestmark = pytest.mark.django_db
URL = "/coordination/envoyer/"


@pytest.fixture
def client(full: Standing) -> Client:
    return coordinator(full)


def number(full: Standing, rank: int) -> str:
    return codes.written(Booklet.objects.get(batch=batch_of(full), rank=rank).number)


@pytest.fixture
def url(full: Standing) -> str:
    return f"{URL}{pk_of(full, 'prescriber')}/"


def asked(**changes: Any) -> dict[str, Any]:
    return {"quoi": "plages", "plages": "lot 1 : 30 à 33"} | changes


def test_a_receiver_is_found_by_its_name_or_its_town(client: Client, full: Standing, url: str) -> None:
    assert f'href="{url}"' in client.get(URL, {"q": "ccas guéret"}).content.decode()
    assert "Rien ne correspond" in said(client.get(URL, {"q": "nulle part"}))


def test_nobody_sends_to_herself_nor_to_an_operator(client: Client, full: Standing) -> None:
    every = client.get(URL).content.decode()
    for name in ("network", "operator"):
        refused = f"{URL}{pk_of(full, name)}/"
        assert refused not in every
        assert client.post(refused, asked() | {"confirme": "oui"}).status_code == 404


def test_what_will_leave_is_told_and_nothing_moves(client: Client, full: Standing, url: str) -> None:
    before = Transfer.objects.count()
    text = said(client.post(url, asked()))
    assert "Envoyer 4 chéquiers à CCAS de Guéret ?" in text
    assert "Lot 1, n° 30 à 33" in text
    assert number(full, 30) in text
    assert "400 €" in text
    assert Transfer.objects.count() == before


def test_once_confirmed_they_leave_with_their_slip(client: Client, full: Standing, url: str) -> None:
    page = client.post(url, asked() | {"confirme": "oui"}, follow=True)
    sent = Transfer.objects.latest("pk")
    assert (sent.receiver_id, sent.booklets_sent) == (pk_of(full, "prescriber"), 4)
    assert "4 chéquiers partent vers CCAS de Guéret" in said(page)
    slip = client.get(f"/coordination/colis/{sent.pk}/bordereau.pdf")
    assert slip.content.startswith(b"%PDF")


def test_the_next_ones_of_the_pile_are_taken_by_their_count(client: Client, full: Standing, url: str) -> None:
    text = said(client.post(url, asked(quoi="pile", nombre="3", plages="")))
    assert "Envoyer 3 chéquiers" in text
    assert "Lot 1, n° 15" in text, "the one that came back is on top of the pile"


def test_numbers_read_on_the_covers_are_understood(client: Client, full: Standing, url: str) -> None:
    typed = f"{number(full, 30)} à {number(full, 31)}\n{number(full, 33)}"
    text = said(client.post(url, asked(plages=typed)))
    assert "Lot 1, n° 30 à 31" in text
    assert "Lot 1, n° 33" in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"plages": "lot 1 : 1 à 2"}, "ne sont pas en stock chez"),
        ({"plages": "lot 7 : 1"}, "Ligne 1 : Ce dispositif n’a pas de lot 7"),
        ({"plages": "rien"}, "contient une erreur"),
        ({"plages": ""}, "Tapez ou scannez au moins un numéro"),
        ({"quoi": "pile", "nombre": ""}, "Dites combien de chéquiers"),
        ({"quoi": "pile", "nombre": "900"}, "il en reste"),
    ],
)
def test_a_refusal_is_said_and_what_was_typed_stays(
    client: Client, full: Standing, url: str, changes: dict[str, Any], sentence: str
) -> None:
    data = asked(**changes)
    response = client.post(url, data)
    assert response.status_code == 200
    assert sentence in said(response)
    assert data["plages"] in response.content.decode()


def test_a_button_pressed_twice_sends_one_parcel(client: Client, full: Standing, url: str) -> None:
    """« The first 3 of my pile » are others once these have left: what leaves is what was read."""
    page = client.post(url, {"quoi": "pile", "nombre": "3", "plages": ""})
    confirmed = dict(page.context["typed"]) | {"confirme": "oui"}
    before = Transfer.objects.count()
    client.post(url, confirmed)
    again = client.post(url, confirmed)
    assert Transfer.objects.count() == before + 1
    assert "votre pile a changé depuis que vous l’avez relue" in said(again)
    assert "Envoyer 3 chéquiers à CCAS de Guéret ?" in said(again)


def test_correcting_gives_back_what_was_typed(client: Client, full: Standing, url: str) -> None:
    response = client.post(url, asked() | {"corriger": "oui"})
    assert "lot 1 : 30 à 33" in response.content.decode()
    assert "Vérifier avant d’envoyer" in said(response)


def test_a_parcel_announced_by_mistake_is_taken_back_at_once(client: Client, full: Standing, url: str) -> None:
    client.post(url, asked() | {"confirme": "oui"})
    sent = Transfer.objects.latest("pk")
    assert "L’envoi est annulé" in said(client.post(f"/coordination/colis/{sent.pk}/annuler/", follow=True))
    sent.refresh_from_db()
    assert sent.recalled_at is not None


def test_a_funder_sends_from_her_own_pile_only(client: Client, full: Standing) -> None:
    """The pile is the lead network's: its numbers are refused to the funder, who does not hold them."""
    from poincon.organisations.enums import Role
    from tests.world.story import Person

    text = said(full.client(Person(Role.FUNDER)).get(URL))
    assert "n’a aucun chéquier intact en stock" in text


def test_nobody_else_sends_them(full: Standing, url: str) -> None:
    for person in (BESIDE, STRANGER):
        response = full.client(person).post(url, asked() | {"confirme": "oui"})
        assert response.status_code == 200
        assert (
            not Transfer.objects.filter(booklets_sent=4, receiver=pk_of(full, "prescriber"), recalled_at=None)
            .exclude(pk__in=Transfer.objects.filter(movements__first_rank=23))
            .exists()
        )
