"""The booklets of a programme: found by their batch and by part of the name of their holder, typed."""

import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.passes import codes
from poincon.passes.models import Booklet
from tests.factories import Scheme, make_scheme
from tests.lives import active_batch, delivered
from tests.www.funder.entering import Enter, person
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


def test_booklets_are_found_by_the_number_of_their_batch(funder: Client, scheme: Scheme) -> None:
    first, second = active_batch(scheme, quantity=3), active_batch(scheme, quantity=2)
    assert listed(funder, scheme, f"lot={second.number}") == [1, 2]
    assert listed(funder, scheme, f"lot={second.number + 1}") == []
    page = funder.get(f"/commanditaire/lots/{first.pk}/").content.decode()
    assert f"/commanditaire/chequiers/?lot={first.number}" in page
