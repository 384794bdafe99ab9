"""A parcel arrives: counted, received, with what differs."""

import io
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Transfer
from poincon.passes.ranges import BookletRange
from poincon.passes.services.move import recall, return_booklets, send
from poincon.passes.services.move import receive as receive_parcel
from poincon.www.base.parcels import NumbersField
from tests.factories import SYSTEM, make_agreement, make_membership, make_organisation, make_programme
from tests.lives import active_batch
from tests.www.prescriber.desk import Desk, make_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Desk:
    return make_desk(client)


@pytest.fixture
def parcel(desk: Desk) -> Transfer:
    """Six booklets on their way; two more stay with the network."""
    desk.batch = active_batch(desk.scheme, quantity=8)
    ranges = [BookletRange(desk.batch.pk, 1, 6)]
    return send(by=SYSTEM, sender=desk.scheme.network, receiver=desk.scheme.prescriber, ranges=ranges)


def receive(desk: Desk, parcel: Transfer, **sent: object) -> object:
    return desk.client.post(f"/prescripteur/colis/{parcel.pk}/", {"compte": "6"} | sent, follow=True)


def value(desk: Desk, rank: int) -> str:
    return str(desk.booklet(rank).number)


def test_all_is_there(desk: Desk, parcel: Transfer) -> None:
    assert "6 chéquiers sont entrés dans votre stock." in text_of(receive(desk, parcel))
    assert desk.booklet(6).custody == Custody.STOCK
    assert "Recevoir ce colis" not in text_of(desk.get(f"colis/{parcel.pk}/"))


def test_a_parcel_of_another_programme_waits_at_home_too(desk: Desk, parcel: Transfer) -> None:
    other = make_programme(name="Le dispositif de l’an prochain")
    make_agreement(desk.scheme.prescriber, other)
    desk.client.post("/accueil/casquette/", {"dispositif": str(other.pk)})
    home = text_of(desk.get(""))
    assert "Un colis à recevoir 6 chéquiers" in home
    assert desk.scheme.programme.name in home


def test_the_stock_of_another_programme_is_said_to_be_there(desk: Desk, parcel: Transfer) -> None:
    other = make_programme(name="Le dispositif de l’an prochain")
    make_agreement(desk.scheme.prescriber, other)
    desk.client.post("/accueil/casquette/", {"dispositif": str(other.pk)})
    assert f"C’est le stock du dispositif « {desk.scheme.programme.name} »" in text_of(receive(desk, parcel))


def test_a_parcel_received_meanwhile_is_shown_as_it_is(
    desk: Desk, parcel: Transfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button pressed twice: the second answer does not pretend that nothing was written."""

    def a_moment_later(**asked: Any) -> Transfer:
        receive_parcel(by=SYSTEM, transfer=parcel)
        return receive_parcel(**asked)

    monkeypatch.setattr("poincon.www.base.parcels.receive", a_moment_later)
    page = text_of(receive(desk, parcel))
    assert "Ce colis n’est plus à recevoir : voici où il en est." in page
    assert "Rien n’est encore enregistré" not in page
    assert "Chéquiers reçus 6 sur 6" in page


def test_those_out_of_sight_are_counted(desk: Desk, parcel: Transfer) -> None:
    assert "Cochez-les parmi les 6 du bordereau." in text_of(desk.get(f"colis/{parcel.pk}/"))


def test_a_missing_booklet_is_ticked_and_blocked(desk: Desk, parcel: Transfer) -> None:
    page = text_of(receive(desk, parcel, compte="5", manquants=[value(desk, 3)]))
    assert "5 chéquiers sont entrés" in page
    assert "Écart : 1 chéquier manquant" in page
    assert f"Ils ne peuvent plus servir, où qu’ils soient. {desk.number(3)}" in page
    assert desk.booklet(3).validity == Validity.BLOCKED


def test_damaged_and_extra_booklets_are_told(desk: Desk, parcel: Transfer) -> None:
    page = text_of(receive(desk, parcel, compte="7", abimes=[value(desk, 1)], en_trop=desk.number(7), note="Mouillé"))
    assert f"1 chéquier abîmé ({desk.number(1)}) ; 1 chéquier en trop ({desk.number(7)}) ; Mouillé" in page


@pytest.mark.parametrize(("count", "said"), [("5", "dites lesquels manquent"), ("7", "dites lesquels sont en trop")])
def test_a_count_that_differs_asks_which(desk: Desk, parcel: Transfer, count: str, said: str) -> None:
    page = text_of(receive(desk, parcel, compte=count))
    assert said in page
    assert "Le bordereau en annonce 6" in page
    parcel.refresh_from_db()
    assert parcel.received_at is None


def test_a_wrong_number_is_said_at_its_field(desk: Desk, parcel: Transfer) -> None:
    response = desk.post(f"colis/{parcel.pk}/", compte="6", en_trop="4829 1570")
    assert "contient une erreur" in response.context["form"].errors["en_trop"][0]


def test_a_large_parcel_has_its_differences_typed(
    desk: Desk, parcel: Transfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poincon.www.base.parcels.MOST_BOXES", 2)
    assert isinstance(desk.get(f"colis/{parcel.pk}/").context["form"].fields["manquants"], NumbersField)
    assert "4 chéquiers" in text_of(receive(desk, parcel, compte="4", manquants=f"{desk.number(1)}\n{desk.number(2)}"))


def test_a_parcel_received_meanwhile_says_so(desk: Desk, parcel: Transfer) -> None:
    receive(desk, parcel)
    assert "n’est plus à recevoir" in text_of(receive(desk, parcel))


def test_a_recalled_parcel_tells_why(desk: Desk, parcel: Transfer) -> None:
    recall(by=SYSTEM, transfer=parcel, reason="Mauvaise adresse")
    page = text_of(desk.get(f"colis/{parcel.pk}/"))
    assert "Mauvaise adresse" in page
    assert "Recevoir ce colis" not in page


def test_the_slip_is_printed(desk: Desk, parcel: Transfer) -> None:
    pdf = desk.get(f"colis/{parcel.pk}/bordereau.pdf").content
    text = pypdfium2.PdfDocument(io.BytesIO(pdf))[0].get_textpage().get_text_range()
    assert f"Bordereau {parcel.pk}" in text


def test_what_one_sends_back_is_followed_not_received(desk: Desk, parcel: Transfer) -> None:
    receive(desk, parcel)
    back = return_booklets(
        by=SYSTEM,
        sender=desk.scheme.prescriber,
        receiver=desk.scheme.network,
        ranges=[BookletRange(desk.batch.pk, 1, 2)],
    )
    assert "Recevoir ce colis" not in text_of(desk.get(f"colis/{back.pk}/"))
    receive(desk, back)
    back.refresh_from_db()
    assert back.received_at is None


def test_only_the_receiver_s_prescribers_open_it(desk: Desk, parcel: Transfer) -> None:
    desk.client.force_login(make_membership(Role.PRESCRIBER, desk.scheme.prescriber).user)
    assert desk.get(f"colis/{parcel.pk}/").status_code == 200
    desk.client.force_login(make_membership(Role.MEDIATOR, desk.scheme.prescriber).user)
    assert desk.get(f"colis/{parcel.pk}/").status_code == 403
    desk.client.force_login(make_membership(Role.PRESCRIBER, make_organisation(is_prescriber=True)).user)
    assert desk.get(f"colis/{parcel.pk}/").status_code == 404
    assert desk.post(f"colis/{parcel.pk}/", compte="6").status_code == 404
