"""The booklets of a prescriber: listed, lost, replaced, given back, asked for; and the home that sums them up."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from poincon.kernel.models import Message
from poincon.organisations.enums import Role
from poincon.passes.enums import BlockReason, Custody, TransferKind, Validity
from poincon.passes.models import HandOver, Transfer
from poincon.passes.ranges import BookletRange
from poincon.passes.services.block import block
from poincon.passes.services.move import send
from tests.factories import SYSTEM, make_membership, make_organisation
from tests.www.prescriber.desk import Desk, hand_over, make_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Desk:
    return make_desk(client, quantity=5)


@pytest.fixture
def given(desk: Desk) -> HandOver:
    """The first booklet is Marie's."""
    desk.take()
    desk.name()
    desk.qualify()
    desk.post("remettre/verifier/")
    return HandOver.objects.get()


# --- the home ---------------------------------------------------------------------------------------------------------


def test_the_home_says_how_many_are_left(desk: Desk, given: HandOver) -> None:
    page = text_of(desk.get(""))
    assert "Il vous en reste 4." in page
    assert "Marie" in page
    assert "dorment" not in page


def test_a_stock_that_sleeps_is_said_with_its_end(desk: Desk) -> None:
    Transfer.objects.update(received_at=timezone.now() - timedelta(days=45))
    page = text_of(desk.get(""))
    assert "Vos chéquiers dorment" in page
    assert "ne seront plus valables après" in page


def test_a_parcel_on_its_way_waits_on_the_home(desk: Desk) -> None:
    back = [BookletRange(desk.batch.pk, 5, 5)]
    send(by=SYSTEM, sender=desk.scheme.prescriber, receiver=desk.scheme.network, ranges=back)
    Transfer.objects.update(received_at=timezone.now())
    desk.batch.booklets.filter(rank=5).update(custody=Custody.STOCK, holder=desk.scheme.network)
    send(by=SYSTEM, sender=desk.scheme.network, receiver=desk.scheme.prescriber, ranges=back)
    assert "Un colis à recevoir 1 chéquier" in text_of(desk.get(""))


def test_a_prescriber_without_agreement_is_told_whom_to_call(client: Client) -> None:
    organisation = make_organisation(is_prescriber=True)
    client.force_login(make_membership(Role.PRESCRIBER, organisation).user)
    assert "Aucun dispositif ne vous est encore ouvert" in text_of(client.get("/prescripteur/"))


# --- the list and one booklet -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "count"), [("", 5), ("a-remettre", 4), ("remis", 1), ("arretes", 0)])
def test_the_stock_is_filtered(desk: Desk, given: HandOver, state: str, count: int) -> None:
    assert desk.get("stock/", etat=state).context["listing"].total == count


def test_a_number_is_found_with_or_without_spaces(desk: Desk) -> None:
    for typed in (desk.number(2), desk.number(2)[:6], desk.number(2).replace(" ", "").lower()):
        listing = desk.get("stock/", q=typed).context["listing"]
        assert [line.row.rank for line in listing.rows] == [2]


def test_a_booklet_tells_its_story(desk: Desk, given: HandOver) -> None:
    page = text_of(desk.get(f"stock/{given.booklet_id}/"))
    for words in (desk.number(), "Marie", "10 pass remis", str(desk.user)):
        assert words in page


def test_the_booklet_of_another_is_not_found(desk: Desk) -> None:
    other = make_membership(Role.PRESCRIBER, make_organisation(is_prescriber=True)).user
    desk.client.force_login(other)
    for page in ("", "perdu/", "remplacer/"):
        assert desk.get(f"stock/{desk.booklet().pk}/{page}").status_code == 404


def test_somebody_of_the_organisation_without_the_role_does_not_see_the_stock(desk: Desk) -> None:
    desk.client.force_login(make_membership(Role.MEDIATOR, desk.scheme.prescriber).user)
    assert desk.get("stock/").status_code == 403


# --- lost, replaced ---------------------------------------------------------------------------------------------------


def test_a_lost_booklet_is_replaced(desk: Desk, given: HandOver) -> None:
    path = f"stock/{given.booklet_id}/"
    assert desk.post(f"{path}perdu/", motif="lost", precision="dans le bus").status_code == 302
    assert desk.booklet().validity == Validity.BLOCKED
    assert "Le remplacer" in text_of(desk.get(path))
    assert "Marie : 10 pass à redonner" in text_of(desk.get(f"{path}remplacer/"))
    response = desk.post(f"{path}remplacer/", numero=desk.number(2))
    made = HandOver.objects.latest("pk")
    assert response["Location"] == f"/prescripteur/remettre/{made.pk}/fait/"
    assert (made.replaces, made.case_file, made.booklet) == (given, given.case_file, desk.booklet(2))
    assert "Il n’y a rien à remplacer" in text_of(desk.get(f"{path}remplacer/"))


def test_what_happened_is_chosen(desk: Desk) -> None:
    assert desk.post(f"stock/{desk.booklet().pk}/perdu/").context["form"].errors["motif"]


def test_a_booklet_blocked_twice_says_so(desk: Desk) -> None:
    block(by=SYSTEM, number=desk.number(), reason=BlockReason.LOST)
    response = desk.post(f"stock/{desk.booklet().pk}/perdu/", motif="lost")
    assert "déjà en opposition" in text_of(response)


def test_a_replacement_must_be_in_stock(desk: Desk, given: HandOver) -> None:
    block(by=SYSTEM, number=desk.number(), reason=BlockReason.LOST)
    response = desk.post(f"stock/{given.booklet_id}/remplacer/", numero=desk.number(1))
    assert response.context["form"].errors["numero"]


# --- given back, asked for --------------------------------------------------------------------------------------------


def test_the_whole_stock_goes_back(desk: Desk, given: HandOver) -> None:
    response = desk.post("stock/rendre/", quoi="tout", a=str(desk.scheme.network.pk))
    back = Transfer.objects.latest("pk")
    assert response["Location"] == f"/prescripteur/colis/{back.pk}/"
    assert (back.kind, back.booklets_sent, back.receiver) == (TransferKind.RETURN, 4, desk.scheme.network)


def test_a_part_of_the_pile_goes_back(desk: Desk) -> None:
    sent = {"quoi": "partie", "a": str(desk.scheme.funder.pk)}
    assert desk.post("stock/rendre/", **sent).context["form"].errors["premier"]
    desk.post("stock/rendre/", premier=desk.number(2), dernier=desk.number(4), **sent)
    assert list(desk.batch.booklets.filter(custody=Custody.TRANSIT).values_list("rank", flat=True)) == [2, 3, 4]
    desk.post("stock/rendre/", premier=desk.number(5), **sent)
    assert desk.booklet(5).custody == Custody.TRANSIT


def test_a_booklet_begun_stays(desk: Desk) -> None:
    desk.take(quoi="quelques", nombre="2")
    desk.name()
    desk.qualify()
    desk.post("remettre/verifier/")
    response = desk.post("stock/rendre/", quoi="partie", premier=desk.number(1), a=str(desk.scheme.network.pk))
    assert "n’est pas en stock chez" in text_of(response)


def test_without_a_programme_nothing_is_asked_for_nor_handed(client: Client) -> None:
    client.force_login(make_membership(Role.PRESCRIBER, make_organisation(is_prescriber=True)).user)
    for page in ("stock/demander/", "remettre/"):
        assert "Aucun dispositif ne vous est encore ouvert" in text_of(client.get(f"/prescripteur/{page}"))
    assert 'name="nombre"' not in client.get("/prescripteur/stock/demander/").content.decode()


def test_an_empty_stock_says_to_ask_for_more(client: Client) -> None:
    desk = make_desk(client, quantity=1)
    assert "plus de chéquier à remettre" not in text_of(desk.get("remettre/"))
    desk.take()
    desk.name()
    desk.qualify()
    hand_over(desk)
    assert "plus de chéquier à remettre" in text_of(desk.get("remettre/"))


def test_booklets_are_asked_for_by_mail(desk: Desk) -> None:
    make_membership(Role.COORDINATOR, desk.scheme.network)
    assert desk.scheme.network.name in text_of(desk.get("stock/demander/"))
    assert desk.post("stock/demander/", nombre="20", precision="Permanence").status_code == 302
    assert Message.objects.get().template == "passes.stock_asked"
    assert "demande 20 chéquiers" in mail.outbox[0].subject


@pytest.mark.parametrize("count", ["", "0", "501", "vingt"])
def test_how_many_is_asked_within_reason(desk: Desk, count: str) -> None:
    assert desk.post("stock/demander/", nombre=count).context["form"].errors["nombre"]
