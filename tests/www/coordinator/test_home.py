"""The decisions of the home: each thing that waits is said, with a gesture that answers it."""

import pytest
from django.test import Client

from poincon.kernel.models import Message
from poincon.organisations.models import Invitation
from poincon.passes.models import Transfer
from poincon.passes.notices import PARCEL_SENT, STOCK_SLEEPING
from poincon.passes.ranges import BookletRange
from poincon.passes.services.move import receive, send
from tests.factories import SYSTEM
from tests.world.standing import Standing
from tests.www.coordinator.network import STRANGER, batch_of, coordinator, pk_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(full: Standing) -> Client:
    return coordinator(full)


def test_everything_that_waits_is_said(client: Client) -> None:
    text = said(client.get("/coordination/"))
    for expected in (
        "Colis à recevoir chez vous",
        "12 chéquiers demandés aujourd’hui : « Une permanence ouvre en avril »",
        "Colis non reçus depuis plus de deux semaines",
        "Chéquiers qui dorment",
        "MJC d’Aubusson prescrit et opère, ni convention ni qualification",
        "Maison France services convention jusqu’au",
        "personne n’y a de compte, ni d’invitation",
        "Odile Attente",
    ):
        assert expected in text


def test_discrepancies_are_counted_beyond_those_that_are_shown(client: Client, full: Standing) -> None:
    batch, receiver = batch_of(full), full.world.organisations["prescriber"]
    for rank in range(27, 33):
        ranges = [BookletRange(batch.pk, rank, rank)]
        parcel = send(by=SYSTEM, sender=batch.stock_holder, receiver=receiver, ranges=ranges)
        receive(by=SYSTEM, transfer=parcel, missing=[batch.booklets.get(rank=rank).number])
    text = said(client.get("/coordination/"))
    assert "Écarts à la réception 7" in text
    assert text.count("Examiner") == 5


def test_another_network_reads_nothing_of_it(full: Standing) -> None:
    text = said(full.client(STRANGER).get("/coordination/"))
    assert "MJC d’Aubusson" not in text
    assert "Odile" not in text


def test_a_late_parcel_is_chased_in_one_click_not_two(client: Client, full: Standing) -> None:
    late = Transfer.objects.get(receiver=pk_of(full, "alone"))
    url = f"/coordination/colis/{late.pk}/relancer/"
    before = Message.objects.filter(template=PARCEL_SENT.code, subject_id=str(late.pk)).count()
    assert "Un courriel part à Maison France services" in said(client.post(url, follow=True))
    assert Message.objects.filter(template=PARCEL_SENT.code, subject_id=str(late.pk)).count() == before + 1
    assert "a déjà reçu un courriel pour ce colis" in said(client.post(url, follow=True))


def test_a_stock_that_sleeps_is_chased_from_the_home(client: Client, full: Standing) -> None:
    url = f"/coordination/stock/{pk_of(full, 'other prescriber')}/relancer/"
    page = said(client.post(url, {"retour": "accueil"}, follow=True))
    assert "Un courriel part à Mission locale d’Aubusson" in page
    assert "relancé aujourd’hui" in page
    assert Message.objects.filter(template=STOCK_SLEEPING.code).exists()


def test_all_those_that_sleep_are_chased_once(client: Client) -> None:
    first = said(client.post("/coordination/stock/relancer/", follow=True))
    assert "1 détenteur est relancé." in first
    assert "Il n’y a personne à relancer" in said(client.post("/coordination/stock/relancer/", follow=True))


def test_an_invitation_without_answer_is_sent_again(client: Client) -> None:
    asked = Invitation.objects.get(email="mjc@essai.example")
    page = client.post(f"/coordination/invitations/{asked.pk}/renvoyer/", {"retour": "accueil"}, follow=True)
    assert "L’invitation repart à mjc@essai.example" in said(page)
    assert "Odile Attente" not in said(page)


def test_a_stranger_chases_nobody(full: Standing) -> None:
    late = Transfer.objects.get(receiver=pk_of(full, "alone"))
    stranger = full.client(STRANGER)
    assert stranger.post(f"/coordination/colis/{late.pk}/relancer/").status_code == 404
    assert stranger.post(f"/coordination/stock/{pk_of(full, 'alone')}/relancer/").status_code == 404
