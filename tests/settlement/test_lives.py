"""Whatever happens, in whatever order, every cent paid is a pass used, and nothing is owed twice."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poincon.kernel.refusals import Refusal
from poincon.passes.models import Redemption
from poincon.settlement import queries
from poincon.settlement.enums import PaymentBatchState, PaymentState
from poincon.settlement.invariants import INVARIANTS
from poincon.settlement.models import Payment, PaymentBatch, Statement
from poincon.settlement.services import cancel_statement, close_month, confirm_paid, reject_payment
from tests.factories import SYSTEM, Scheme, make_scheme
from tests.settlement.making import MARCH, annul, approved, at, make_operator, use_passes

pytestmark = pytest.mark.django_db

LONG_AFTER = datetime(2026, 6, 1, 8, 0, tzinfo=timezone.get_default_timezone())
MONTHS = (MARCH, date(2026, 4, 1), date(2026, 5, 1))


class World:
    """A programme with two operators, to which things happen. ``choice`` picks what they happen to."""

    def __init__(self) -> None:
        self.scheme: Scheme = make_scheme()
        self.places = [at(self.scheme), make_operator(self.scheme)]

    def use(self, choice: int) -> None:
        day = MONTHS[choice % 3].replace(day=1 + choice % 28)
        use_passes(self.scheme, 1 + choice % 4, day=day, where=self.places[choice % 2])

    def annul(self, choice: int) -> None:
        live = list(Redemption.objects.filter(annulment=None).order_by("id"))
        if live:
            annul([live[choice % len(live)]], when=LONG_AFTER)

    def close(self, choice: int) -> None:
        close_month(by=SYSTEM, programme=self.scheme.programme, month=MONTHS[choice % 3], now=LONG_AFTER)

    def cancel(self, choice: int) -> None:
        statements = list(Statement.objects.order_by("id"))
        if statements:
            cancel_statement(by=SYSTEM, statement=statements[choice % len(statements)], reason="essai", now=LONG_AFTER)

    def order(self, _choice: int) -> None:
        approved(self.scheme)

    def confirm(self, choice: int) -> None:
        batches = list(PaymentBatch.objects.filter(state=PaymentBatchState.APPROVED).order_by("id"))
        if batches:
            confirm_paid(by=SYSTEM, batch=batches[choice % len(batches)], on=LONG_AFTER.date(), now=LONG_AFTER)

    def reject(self, choice: int) -> None:
        payments = list(Payment.objects.exclude(state=PaymentState.REJECTED).order_by("id"))
        if payments:
            payment = payments[choice % len(payments)]
            reject_payment(by=SYSTEM, payment=payment, reason="essai", on=LONG_AFTER.date(), now=LONG_AFTER)


EVENTS: tuple[Callable[[World, int], None], ...] = (
    *(World.use, World.use, World.annul, World.close),
    *(World.cancel, World.order, World.confirm, World.reject),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 11)), max_size=25))
def test_every_invariant_holds_after_any_life(events: list[tuple[Callable[[World, int], None], int]]) -> None:
    with transaction.atomic():
        world = World()
        for happen, choice in events:
            # What the rules refuse must change nothing; that is checked with the rest.
            try:
                happen(world, choice)
            except Refusal:
                continue
        programme = world.scheme.programme
        assert [fault for invariant in INVARIANTS for fault in invariant.find()] == []
        assert queries.redeemed_unpaid(programme) == queries.redeemed_unpaid_by_pass(programme)
        transaction.set_rollback(True)


def test_a_last_closing_and_payment_settle_everything() -> None:
    world = World()
    for choice in range(6):
        world.use(choice)
    for happen in (World.close, World.order, World.reject, World.order, World.confirm, World.annul, World.use):
        happen(world, 2)
    world.use(5)
    world.use(8)
    world.close(2)
    world.order(0)
    while PaymentBatch.objects.filter(state=PaymentBatchState.APPROVED).exists():
        world.confirm(0)
    assert queries.redeemed_unpaid(world.scheme.programme) == 0
    assert queries.paid_total(world.scheme.programme) == queries.redeemed_total(world.scheme.programme) > 0
