"""Record what the bank or the public accountant did: paid, or rejected."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from poincon.kernel import audit
from poincon.kernel.texts import written_day
from poincon.organisations.actors import Actor
from poincon.settlement import refusals, rules
from poincon.settlement.enums import PaymentBatchState, PaymentState, StatementState
from poincon.settlement.models import Payment, PaymentBatch, Statement
from poincon.settlement.notices import PAYMENT_MADE, PAYMENT_REJECTED
from poincon.settlement.permissions import RECORD_PAYMENTS
from poincon.settlement.services.paying import lock_batch
from poincon.settlement.services.telling import tell_operators


@transaction.atomic
def confirm_paid(
    *,
    by: Actor,
    batch: PaymentBatch,
    on: date,
    payments: Iterable[Payment] | None = None,
    now: datetime | None = None,
) -> list[Payment]:
    """Record that payments of an approved batch (all those waiting, unless named) reached their operators that day.

    The batch is closed once every payment is decided. Raises the refusals ``right_missing``, ``payment_batch_state``,
    ``payment_state`` and ``payment_date_out_of_bounds``.
    """
    by.require(RECORD_PAYMENTS, programme=batch.programme)
    locked = lock_batch(batch, PaymentBatchState.APPROVED)
    _refuse_date(on, earliest=_approved_on(locked), now=now, batch=locked)
    paid = _lock_waiting(locked, payments)
    ids = [payment.pk for payment in paid]
    Payment.objects.filter(pk__in=ids).update(state=PaymentState.PAID, decided_on=on)
    Statement.objects.filter(payments__in=ids).update(state=StatementState.PAID)
    _close_when_decided(locked)
    audit.record(
        by,
        "settlement.confirm_paid",
        locked,
        programme_id=locked.programme_id,
        after={"on": on.isoformat(), "payments": [payment.end_to_end for payment in paid], "state": locked.state},
    )
    operators = dict(Payment.objects.filter(pk__in=ids).values_list("pk", "statement__operator"))
    tell_operators(PAYMENT_MADE, locked.programme, operators, happened_at=now or timezone.now())
    return list(Payment.objects.filter(pk__in=ids))


@transaction.atomic
def reject_payment(*, by: Actor, payment: Payment, reason: str, on: date, now: datetime | None = None) -> Payment:
    """Record that a payment came back: its statement is payable again.

    A bank may return a transfer days after it was confirmed, so a paid one can be rejected too. Its operator is
    written to: an account that changed is for her to say. Raises the refusals
    ``right_missing``, ``reason_missing``, ``text_too_long``, ``payment_batch_state``,
    ``payment_already_rejected`` and ``payment_date_out_of_bounds``.
    """
    by.require(RECORD_PAYMENTS, programme=payment.batch.programme)
    given = rules.reason_given(reason)
    batch = lock_batch(payment.batch, PaymentBatchState.APPROVED, PaymentBatchState.CLOSED)
    locked = Payment.objects.select_for_update(of=("self",), no_key=True).get(pk=payment.pk)
    if locked.state == PaymentState.REJECTED:
        raise refusals.ALREADY_REJECTED.filled(reference=locked.end_to_end)
    _refuse_date(on, earliest=locked.decided_on or _approved_on(batch), now=now, batch=batch)
    before = locked.state
    locked.state, locked.decided_on, locked.rejection = PaymentState.REJECTED, on, given
    locked.save(update_fields=["state", "decided_on", "rejection"])
    Statement.objects.filter(pk=locked.statement_id).update(state=StatementState.PAYABLE)
    _close_when_decided(batch)
    told = {locked.pk: locked.statement.operator_id}
    tell_operators(PAYMENT_REJECTED, batch.programme, told, happened_at=now or timezone.now())
    audit.record(
        by,
        "settlement.reject_payment",
        locked,
        programme_id=batch.programme_id,
        before={"state": before},
        after={"state": locked.state, "on": on.isoformat(), "reason": locked.rejection},
    )
    return locked


def _approved_on(batch: PaymentBatch) -> date:
    if batch.approved_at is None:
        raise ValueError(f"payment batch {batch.pk} is {batch.state} but was never approved")
    return rules.local_day(batch.approved_at, batch.programme.time_zone)


def _refuse_date(on: date, *, earliest: date, now: datetime | None, batch: PaymentBatch) -> None:
    today = rules.local_day(now or timezone.now(), batch.programme.time_zone)
    if not earliest <= on <= today:
        said = refusals.DATE_OUT_OF_BOUNDS if earliest < today else refusals.ONLY_THAT_DAY
        raise said.filled(day=written_day(on), first=written_day(earliest), last=written_day(today))


def _lock_waiting(batch: PaymentBatch, payments: Iterable[Payment] | None) -> list[Payment]:
    waiting = batch.payments.filter(state=PaymentState.WAITING)
    chosen = None if payments is None else {payment.pk: payment for payment in payments}
    if chosen is not None:
        waiting = waiting.filter(pk__in=chosen)
    locked = list(waiting.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if chosen and (missing := chosen.keys() - {payment.pk for payment in locked}):
        raise refusals.PAYMENT_STATE.filled(references=", ".join(sorted(chosen[pk].end_to_end for pk in missing)))
    return locked


def _close_when_decided(batch: PaymentBatch) -> None:
    if not batch.payments.filter(state=PaymentState.WAITING).exists():
        batch.state = PaymentBatchState.CLOSED
        batch.save(update_fields=["state"])
