"""The past of the cover, computed again from facts: it ends where the cover of now is."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from poincon.passes.cover import cover
from poincon.passes.enums import BlockReason
from poincon.passes.ranges import BookletRange
from poincon.passes.services.activate import expire
from poincon.passes.services.annul import annul
from poincon.passes.services.block import block
from poincon.passes.services.move import destroy
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import FundingReceipt, Programme
from poincon.programmes.services import correct_receipt, record_receipt
from poincon.settlement.cover_history import CoverPoint, cover_history, month_ends
from poincon.settlement.services import close_month, confirm_paid
from tests.factories import NOW, SYSTEM
from tests.guards import guards_lifted
from tests.lives import Life, make_life
from tests.settlement.making import APRIL, APRIL_OVER, MARCH, MARCH_OVER, approved

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=5)
LONG_AFTER = NOW + timedelta(days=900)


@pytest.fixture
def life() -> Life:
    """Three booklets of ten passes of 10 €, active since ``NOW``, the first in somebody's hands; no money at all."""
    life = make_life(price=2, quantity=3)
    with guards_lifted("programmes_fundingreceipt"):
        FundingReceipt.objects.all().delete()
    return life


def at(programme: Programme, *moments: datetime) -> list[tuple[int, int]]:
    return [(point.received, point.engaged) for point in cover_history(programme, moments)]


def ends_as_now(programme: Programme, now: datetime) -> bool:
    figures = cover(programme)
    [last] = cover_history(programme, [now])
    return (last.received, last.engaged, last.ratio_bp) == (figures.received, figures.engaged, figures.ratio_bp)


def receive_money(life: Life, amount: int, when: datetime, **fields: object) -> FundingReceipt:
    values = {"kind": ReceiptKind.CASH, "received_on": when.date(), "reference": f"VIR-{when}-{amount}"} | fields
    return record_receipt(by=SYSTEM, programme=life.scheme.programme, amount=amount, now=when, **values)  # type: ignore[arg-type]  # plain fields


def test_passes_engage_from_their_activation_on(life: Life) -> None:
    programme = life.scheme.programme
    assert at(programme, NOW - timedelta(seconds=1), NOW) == [(0, 0), (0, 30_000)]
    life.scan()
    assert at(programme, LATER) == [(0, 30_000)]
    assert ends_as_now(programme, LATER)


def test_money_counts_from_the_moment_it_is_recorded(life: Life) -> None:
    programme = life.scheme.programme
    receive_money(life, 40_000, LATER)
    assert at(programme, NOW, LATER) == [(0, 30_000), (40_000, 30_000)]
    assert ends_as_now(programme, LATER)


def test_cash_that_honours_a_commitment_counts_once(life: Life) -> None:
    programme = life.scheme.programme
    promised = receive_money(life, 30_000, NOW, kind=ReceiptKind.COMMITMENT)
    cash = receive_money(life, 20_000, LATER, realises=promised)
    assert at(programme, NOW, LATER) == [(30_000, 30_000), (30_000, 30_000)]
    correct_receipt(by=SYSTEM, receipt=cash, reason="erreur", now=LATER)
    assert at(programme, LATER) == [(30_000, 30_000)]
    assert ends_as_now(programme, LATER)


def test_a_blocked_booklet_keeps_only_what_was_used(life: Life) -> None:
    programme = life.scheme.programme
    life.scan()
    block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, now=LATER)
    assert at(programme, NOW, LATER) == [(0, 30_000), (0, 20_000 + 2_000)]
    assert ends_as_now(programme, LATER)


def test_a_booklet_destroyed_engages_no_more(life: Life) -> None:
    programme, batch = life.scheme.programme, life.batch
    booklet = life.booklet(3)
    assert booklet.holder is not None
    destroy(
        by=SYSTEM,
        holder=booklet.holder,
        ranges=[BookletRange(batch.pk, 3, 3)],
        place="Guéret",
        method="broyage",
        witness="un témoin",
        reason="abîmé",
        now=LATER,
    )
    assert at(programme, NOW, LATER) == [(0, 30_000), (0, 20_000)]
    assert ends_as_now(programme, LATER)


def test_what_expires_engages_no_more(life: Life) -> None:
    programme = life.scheme.programme
    life.scan()
    expire(by=SYSTEM, batch=life.batch, now=LONG_AFTER)
    assert at(programme, LATER, LONG_AFTER) == [(0, 30_000), (0, 2_000)]
    assert ends_as_now(programme, LONG_AFTER)


def test_what_is_to_give_back_weighs_until_it_is_taken_back(life: Life) -> None:
    programme = life.scheme.programme
    mistake = UUID(life.scan()["id"])
    close_month(by=SYSTEM, programme=programme, month=MARCH, now=MARCH_OVER)
    confirm_paid(by=SYSTEM, batch=approved(life.scheme), on=MARCH_OVER.date(), now=MARCH_OVER)
    annul(by=SYSTEM, uuid=mistake, reason="erreur", now=MARCH_OVER)
    assert at(programme, NOW, MARCH_OVER) == [(0, 30_000), (0, 32_000)]
    assert ends_as_now(programme, MARCH_OVER)
    for day in (10, 11):
        april = MARCH_OVER.replace(day=day)
        life.scan(now=april, occurred_at=april)
    close_month(by=SYSTEM, programme=programme, month=APRIL, now=APRIL_OVER)
    assert at(programme, MARCH_OVER, APRIL_OVER) == [(0, 32_000), (0, 30_000)]
    assert ends_as_now(programme, APRIL_OVER)


def test_the_past_costs_the_same_whatever_its_length(
    life: Life, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(7):
        cover_history(life.scheme.programme, [NOW + timedelta(days=30 * rank) for rank in range(40)])


def test_months_end_at_midnight_where_the_programme_is(life: Life) -> None:
    ends = month_ends(life.scheme.programme, NOW)
    assert [f"{end:%Y-%m-%d %H:%M}" for end in ends[:-1]] == ["2026-01-31 23:59", "2026-02-28 23:59"]
    assert ends[-1] == NOW


def test_nothing_engaged_has_no_ratio() -> None:
    assert CoverPoint(NOW, 1000, 0).ratio_bp is None
    assert CoverPoint(NOW, 1500, 1000).ratio_bp == 15_000
