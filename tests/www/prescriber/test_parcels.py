"""A parcel arrives: counted, received, with what differs."""

import io
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.passes.enums import Custody, DiscrepancyEnding, Validity
from poincon.passes.models import Transfer
from poincon.passes.ranges import BookletRange
from poincon.passes.services.move import recall, return_booklets, send
from poincon.passes.services.move import receive as receive_parcel
from poincon.passes.services.resolve import resolve_discrepancy
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


# --- taken back -------------------------------------------------------------------------------------------------------


@pytest.fixture
def back(desk: Desk, parcel: Transfer) -> Transfer:
    """Two of the six she received, on their way back."""
    receive(desk, parcel)
    scheme, ranges = desk.scheme, [BookletRange(desk.batch.pk, 1, 2)]
    return return_booklets(by=SYSTEM, sender=scheme.prescriber, receiver=scheme.network, ranges=ranges)


def test_what_was_sent_back_by_mistake_is_recalled(desk: Desk, back: Transfer) -> None:
    assert "Rappeler ce colis" in text_of(desk.get(f"colis/{back.pk}/"))
    url = f"/prescripteur/colis/{back.pk}/rappeler/"
    assert "Remplissez « Motif »" in text_of(desk.client.post(url, {"motif": ""}))
    page = text_of(desk.client.post(url, {"motif": "Ce n’était pas la bonne pile"}, follow=True))
    assert "de nouveau dans votre stock" in page
    assert "Ce n’était pas la bonne pile" in page
    assert desk.booklet(1).custody == Custody.STOCK
    assert "n’est plus à rappeler" in text_of(desk.client.get(url, follow=True))


def test_what_was_just_sent_back_is_undone_in_one_press(desk: Desk, parcel: Transfer) -> None:
    receive(desk, parcel)
    sent = {"quoi": "partie", "premier": desk.number(1), "a": str(desk.scheme.network.pk)}
    page = desk.client.post("/prescripteur/stock/rendre/", sent, follow=True)
    left = Transfer.objects.latest("pk")
    undo = f"/prescripteur/colis/{left.pk}/annuler/"
    assert undo in page.content.decode()
    assert "L’envoi est annulé" in text_of(desk.client.post(undo, follow=True))
    assert desk.booklet(1).custody == Custody.STOCK
    assert "a été rappelé" in text_of(desk.client.post(undo, follow=True))


def test_a_parcel_that_arrives_is_not_hers_to_recall(desk: Desk, parcel: Transfer) -> None:
    assert "Rappeler ce colis" not in text_of(desk.get(f"colis/{parcel.pk}/"))
    url = f"/prescripteur/colis/{parcel.pk}/rappeler/"
    assert "n’est plus à rappeler" in text_of(desk.client.post(url, {"motif": "x"}, follow=True))
    desk.client.post(f"/prescripteur/colis/{parcel.pk}/annuler/")
    parcel.refresh_from_db()
    assert parcel.recalled_at is None


# --- found after all --------------------------------------------------------------------------------------------------


def test_what_was_missing_is_found_and_enters_her_stock_out_of_use(desk: Desk, parcel: Transfer) -> None:
    receive(desk, parcel, compte="4", manquants=[value(desk, 1), value(desk, 2)])
    url = f"/prescripteur/colis/{parcel.pk}/retrouves/"
    assert "Dites lequel est retrouvé." in text_of(desk.client.post(url, {}))
    page = text_of(desk.client.post(url, {"retrouves": [value(desk, 2)]}, follow=True))
    assert "1 chéquier est rentré dans votre stock, hors d’usage." in page
    assert "Chéquiers encore manquants" in page
    assert f"{desk.number(2)}, chez {desk.scheme.prescriber.name}" in page
    assert (desk.booklet(2).custody, desk.booklet(2).validity) == (Custody.STOCK, Validity.BLOCKED)
    assert desk.booklet(1).custody == Custody.LOST


def test_what_is_found_among_many_is_typed(desk: Desk, parcel: Transfer, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(desk, parcel, compte="4", manquants=[value(desk, 1), value(desk, 2)])
    monkeypatch.setattr("poincon.www.base.discrepancies.MOST_BOXES", 1)
    url = f"/prescripteur/colis/{parcel.pk}/retrouves/"
    assert "contient une erreur" in text_of(desk.client.post(url, {"retrouves": "4829 1570"}))
    assert "ne manque pas à ce bordereau" in text_of(desk.client.post(url, {"retrouves": desk.number(5)}))
    typed = f"{desk.number(1)}\n{desk.number(2)}"
    assert "2 chéquiers sont rentrés" in text_of(desk.client.post(url, {"retrouves": typed}, follow=True))


def test_a_parcel_that_lacked_nothing_has_nothing_to_find(desk: Desk, parcel: Transfer) -> None:
    receive(desk, parcel)
    page = desk.client.get(f"/prescripteur/colis/{parcel.pk}/retrouves/", follow=True)
    assert "n’est à faire rentrer chez vous" in text_of(page)


def test_how_the_network_closed_a_discrepancy_is_read(desk: Desk, parcel: Transfer) -> None:
    receive(desk, parcel, compte="5", manquants=[value(desk, 1)])
    parcel.refresh_from_db()
    note = "Le transporteur l’a perdu."
    resolve_discrepancy(by=SYSTEM, transfer=parcel, how=DiscrepancyEnding.LOST, note=note)
    assert note in text_of(desk.get(f"colis/{parcel.pk}/"))
    assert "reçu, écart clos" in text_of(desk.get("colis/"))


@pytest.mark.parametrize("page", ["", "rappeler/", "retrouves/"])
def test_only_its_prescribers_open_it(desk: Desk, parcel: Transfer, page: str) -> None:
    address = f"colis/{parcel.pk}/{page}"
    desk.client.force_login(make_membership(Role.PRESCRIBER, desk.scheme.prescriber).user)
    assert desk.get(address).status_code in (200, 302)
    desk.client.force_login(make_membership(Role.MEDIATOR, desk.scheme.prescriber).user)
    assert desk.get(address).status_code == 403
    desk.client.force_login(make_membership(Role.PRESCRIBER, make_organisation(is_prescriber=True)).user)
    assert desk.get(address).status_code == 404
