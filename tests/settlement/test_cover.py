"""What operators must give back covers nothing: no batch wakes up on that money, to the cent."""

from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from poincon.passes.cover import cover
from poincon.passes.models import Batch
from poincon.passes.services.activate import activate
from poincon.passes.services.annul import annul
from poincon.passes.services.order import enter_stock, order_batch
from poincon.passes.services.printing import approve_proof
from poincon.programmes.models import FundingReceipt
from poincon.settlement.invariants import INVARIANTS
from poincon.settlement.services import close_month, confirm_paid
from tests.factories import NOW, SYSTEM, Scheme, make_receipt
from tests.guards import guards_lifted
from tests.lives import Life, make_life
from tests.refusing import refused
from tests.settlement.making import APRIL, APRIL_OVER, MARCH, MARCH_OVER, approved

pytestmark = pytest.mark.django_db

#: Two passes paid, then annulled.
DEBT = 2_000


@pytest.fixture
def life() -> Life:
    """A booklet of ten passes, two of which were used, paid, then annulled; money for it and for a batch of five."""
    life = make_life(price=2, quantity=1)
    mistake = UUID(life.scan()["id"])
    close_month(by=SYSTEM, programme=life.scheme.programme, month=MARCH, now=MARCH_OVER)
    pay(life.scheme)
    annul(by=SYSTEM, uuid=mistake, reason="erreur", now=MARCH_OVER)
    with guards_lifted("programmes_fundingreceipt"):
        FundingReceipt.objects.all().delete()
    make_receipt(life.scheme.programme, 10_000 + 5_000)
    return life


def pay(scheme: Scheme) -> None:
    confirm_paid(by=SYSTEM, batch=approved(scheme), on=MARCH_OVER.date(), now=MARCH_OVER)


def new_batch(life: Life) -> Batch:
    batch = order_batch(by=SYSTEM, programme=life.scheme.programme, quantity=1, size=5, now=NOW)
    approve_proof(by=SYSTEM, batch=batch, now=NOW)
    return enter_stock(by=SYSTEM, batch=batch, now=NOW)


def faults() -> set[str]:
    return {invariant.code for invariant in INVARIANTS if invariant.find()}


def test_the_debt_is_in_the_figures(life: Life) -> None:
    figures = cover(life.scheme.programme)
    assert (figures.active_unused, figures.redeemed, figures.owed_back) == (10_000, 0, DEBT)
    assert (figures.engaged, figures.holds(), figures.missing(more=5_000)) == (12_000, True, DEBT)


def test_a_batch_does_not_wake_up_on_money_to_be_given_back(life: Life) -> None:
    batch = new_batch(life)
    make_receipt(life.scheme.programme, DEBT - 1)
    with refused("not_covered", match="Il manque 0,01\xa0€ .* doivent rendre 20\xa0€"):
        activate(by=SYSTEM, batch=batch, now=NOW)
    make_receipt(life.scheme.programme, 1)
    assert activate(by=SYSTEM, batch=batch, now=NOW)
    assert cover(life.scheme.programme).missing() == 0
    assert faults() == set()


def test_once_taken_back_it_is_missing_no_more(life: Life) -> None:
    batch = new_batch(life)
    for day in (10, 11):
        april = MARCH_OVER.replace(day=day)
        life.scan(now=april, occurred_at=april)
    close_month(by=SYSTEM, programme=life.scheme.programme, month=APRIL, now=APRIL_OVER)
    assert cover(life.scheme.programme).owed_back == 0
    assert activate(by=SYSTEM, batch=batch, now=NOW)
    assert faults() == set()


def test_the_cover_costs_three_statements(life: Life, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):
        cover(life.scheme.programme)
