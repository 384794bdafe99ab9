"""The booklets of a programme: found by their batch and by part of the name of their holder, typed."""

import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.passes import codes
from poincon.passes.enums import BlockReason
from poincon.passes.models import Booklet
from poincon.passes.services.block import block, replace
from poincon.passes.services.hand_over import hand_over
from tests.factories import NOW, SYSTEM, Scheme, make_case_file, make_membership, make_programme, make_scheme
from tests.lives import active_batch, delivered
from tests.www.funder.entering import Enter, person, stranger
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def funder(scheme: Scheme, as_proved_user: Enter) -> Client:
    return as_proved_user(person(scheme, Role.FUNDER))


def listed(funder: Client, scheme: Scheme, asked: str) -> list[int]:
    """The ranks of the booklets of the page."""
    page = funder.get(f"/commanditaire/chequiers/?{asked}").content.decode()
    booklets = Booklet.objects.filter(batch__programme=scheme.programme).order_by("batch", "rank")
    return [booklet.rank for booklet in booklets if as_shown(codes.written(booklet.number)) in page]


def test_booklets_are_found_by_part_of_the_name_of_their_holder(funder: Client, scheme: Scheme) -> None:
    batch = active_batch(scheme, quantity=3)
    assert listed(funder, scheme, "") == [1, 2, 3]
    delivered(batch, scheme.prescriber)
    assert listed(funder, scheme, f"detenteur={scheme.prescriber.name[2:].upper()}") == [1, 2, 3]
    assert listed(funder, scheme, "detenteur=Inconnu") == []


def stopped_and_replaced(scheme: Scheme) -> tuple[str, str]:
    """The numbers of a booklet that was lost, and of the one given instead."""
    batch = active_batch(scheme, quantity=2)
    delivered(batch, scheme.prescriber)
    lost, new = (codes.written(booklet.number) for booklet in batch.booklets.order_by("rank"))
    case = make_case_file(scheme.programme, scheme.prescriber)
    hand_over(by=SYSTEM, prescriber=scheme.prescriber, number=lost, case_file=case, now=NOW)
    block(by=SYSTEM, number=lost, reason=BlockReason.LOST, note="dans le bus", now=NOW)
    replace(by=SYSTEM, prescriber=scheme.prescriber, number=lost, new_number=new, now=NOW)
    return lost, new


def test_what_was_stopped_is_listed_with_what_replaced_it(funder: Client, scheme: Scheme) -> None:
    lost, new = map(as_shown, stopped_and_replaced(scheme))
    page = funder.get("/commanditaire/chequiers/oppositions/").content.decode()
    for told in (lost, new, "perte", "1 opposition"):
        assert told in page
    assert lost not in funder.get("/commanditaire/chequiers/oppositions/?suite=non").content.decode()
    assert lost in funder.get("/commanditaire/chequiers/oppositions/?suite=fait&motif=lost").content.decode()
    file = b"".join(funder.get("/commanditaire/chequiers/oppositions/?format=csv"))
    assert "dans le bus" in file.decode("utf-8-sig")


def test_what_is_found_in_another_of_ones_programmes_opens_there(as_proved_user: Enter, scheme: Scheme) -> None:
    funder = as_proved_user(make_membership(Role.FUNDER, scheme.programme.owner).user)
    other = make_programme(owner=scheme.programme.owner, name="L’autre dispositif")
    active = active_batch(scheme, quantity=1)
    session = funder.session
    session["hat_programme"] = other.pk
    session.save()
    assert "L’autre dispositif" in funder.get("/commanditaire/").content.decode()
    booklet = active.booklets.get()
    page = funder.get(f"/commanditaire/chequiers/{booklet.pk}/")
    assert page.status_code == 200
    assert funder.session["hat_programme"] == scheme.programme.pk
    assert as_proved_user(stranger()).get(f"/commanditaire/chequiers/{booklet.pk}/").status_code in {302, 404}


def test_a_stopped_booklet_leads_to_the_one_that_replaced_it(funder: Client, scheme: Scheme) -> None:
    _lost, new = stopped_and_replaced(scheme)
    old = Booklet.objects.get(batch__programme=scheme.programme, rank=1)
    page = funder.get(f"/commanditaire/chequiers/{old.pk}/").content.decode()
    assert as_shown(new) in page
    assert "dans le bus" in page


def test_booklets_are_found_by_the_number_of_their_batch(funder: Client, scheme: Scheme) -> None:
    first, second = active_batch(scheme, quantity=3), active_batch(scheme, quantity=2)
    assert listed(funder, scheme, f"lot={second.number}") == [1, 2]
    assert listed(funder, scheme, f"lot={second.number + 1}") == []
    page = funder.get(f"/commanditaire/lots/{first.pk}/").content.decode()
    assert f"/commanditaire/chequiers/?lot={first.number}" in page
