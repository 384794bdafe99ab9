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


def asked(full: Standing, **changes: Any) -> dict[str, Any]:
    return {"a": pk_of(full, "prescriber"), "quoi": "plages", "plages": "lot 1 : 30 à 33"} | changes


def test_what_will_leave_is_told_and_nothing_moves(client: Client, full: Standing) -> None:
    before = Transfer.objects.count()
    text = said(client.post(URL, asked(full)))
    assert "Envoyer 4 chéquiers à CCAS de Guéret ?" in text
    assert "Lot 1, n° 30 à 33" in text
    assert number(full, 30) in text
    assert "400 €" in text
    assert Transfer.objects.count() == before


def test_once_confirmed_they_leave_with_their_slip(client: Client, full: Standing) -> None:
    page = client.post(URL, asked(full) | {"confirme": "oui"}, follow=True)
    sent = Transfer.objects.latest("pk")
    assert (sent.receiver_id, sent.booklets_sent) == (pk_of(full, "prescriber"), 4)
    assert "4 chéquiers partent vers CCAS de Guéret" in said(page)
    slip = client.get(f"/coordination/colis/{sent.pk}/bordereau.pdf")
    assert slip.content.startswith(b"%PDF")


def test_the_next_ones_of_the_pile_are_taken_by_their_count(client: Client, full: Standing) -> None:
    text = said(client.post(URL, asked(full, quoi="pile", nombre="3", plages="")))
    assert "Envoyer 3 chéquiers" in text
    assert "Lot 1, n° 15" in text, "the one that came back is on top of the pile"


def test_numbers_read_on_the_covers_are_understood(client: Client, full: Standing) -> None:
    typed = f"{number(full, 30)} à {number(full, 31)}\n{number(full, 33)}"
    text = said(client.post(URL, asked(full, plages=typed)))
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
        ({"a": ""}, "Remplissez « À qui »"),
    ],
)
def test_a_refusal_is_said_and_what_was_typed_stays(
    client: Client, full: Standing, changes: dict[str, Any], sentence: str
) -> None:
    data = asked(full, **changes)
    response = client.post(URL, data)
    assert response.status_code == 200
    assert sentence in said(response)
    assert data["plages"] in response.content.decode()


def test_correcting_gives_back_what_was_typed(client: Client, full: Standing) -> None:
    response = client.post(URL, asked(full) | {"corriger": "oui"})
    assert "lot 1 : 30 à 33" in response.content.decode()
    assert "Vérifier avant d’envoyer" in said(response)


def test_a_parcel_announced_by_mistake_is_taken_back_at_once(client: Client, full: Standing) -> None:
    client.post(URL, asked(full) | {"confirme": "oui"})
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


def test_nobody_else_sends_them(full: Standing) -> None:
    for person in (BESIDE, STRANGER):
        response = full.client(person).post(URL, asked(full) | {"confirme": "oui"})
        assert response.status_code == 200
        assert (
            not Transfer.objects.filter(booklets_sent=4, receiver=pk_of(full, "prescriber"), recalled_at=None)
            .exclude(pk__in=Transfer.objects.filter(movements__first_rank=23))
            .exists()
        )
