"""Recording what was paid and what came back."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from poincon.kernel.models import AuditEntry, Message
from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.settlement.enums import PaymentBatchState, PaymentState, StatementState
from poincon.settlement.models import Payment, PaymentBatch, Statement
from poincon.settlement.queries import WITH_PAYMENTS, payment_returned
from poincon.settlement.services import abandon_payments, confirm_paid, reject_payment
from tests.factories import SYSTEM, Scheme, make_actor, make_scheme
from tests.settlement.making import MARCH_OVER, approved, close, make_operator, prepared, use_passes

pytestmark = pytest.mark.django_db

PAID_ON = date(2026, 4, 7)
LATER = datetime(2026, 4, 20, 8, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def scheme() -> Scheme:
    scheme = make_scheme()
    use_passes(scheme, 3)
    use_passes(scheme, 2, where=make_operator(scheme))
    close(scheme)
    return scheme


def confirm(batch: PaymentBatch, **more: object) -> list[Payment]:
    return confirm_paid(by=SYSTEM, batch=batch, on=PAID_ON, now=LATER, **more)  # type: ignore[arg-type]  # only "payments" is given


def reject(payment: Payment, on: date = PAID_ON, reason: str = "compte clos") -> Payment:
    return reject_payment(by=SYSTEM, payment=payment, reason=reason, on=on, now=LATER)


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.FUNDER])
def test_those_who_pay_confirm_a_whole_batch(scheme: Scheme, role: Role) -> None:
    batch = approved(scheme)
    paid = confirm_paid(by=scheme.actor(role), batch=batch, on=PAID_ON, now=LATER)
    assert {(payment.state, payment.decided_on) for payment in paid} == {(PaymentState.PAID, PAID_ON)}
    assert set(Statement.objects.values_list("state", flat=True)) == {StatementState.PAID}
    batch.refresh_from_db()
    assert batch.state == PaymentBatchState.CLOSED


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OPERATOR_MANAGER, None])
def test_neither_the_others_nor_a_stranger_decide(scheme: Scheme, role: Role | None) -> None:
    batch = approved(scheme)
    by = scheme.actor(role) if role else make_actor()
    with pytest.raises(Refusal) as refused:
        confirm_paid(by=by, batch=batch, on=PAID_ON, now=LATER)
    assert refused.value.code == "right_missing"
    with pytest.raises(Refusal) as refused:
        reject_payment(by=by, payment=batch.payments.all()[0], reason="compte clos", on=PAID_ON, now=LATER)
    assert refused.value.code == "right_missing"


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.FUNDER])
def test_those_who_pay_record_a_rejection(scheme: Scheme, role: Role) -> None:
    payment = approved(scheme).payments.all()[0]
    back = reject_payment(by=scheme.actor(role), payment=payment, reason="compte clos", on=PAID_ON, now=LATER)
    assert (back.state, back.decided_on, back.rejection) == (PaymentState.REJECTED, PAID_ON, "compte clos")


def test_a_batch_stays_open_until_all_is_decided(scheme: Scheme) -> None:
    batch = approved(scheme)
    first, second = batch.payments.all()
    confirm(batch, payments=[first])
    batch.refresh_from_db()
    assert batch.state == PaymentBatchState.APPROVED
    reject(second)
    batch.refresh_from_db()
    assert batch.state == PaymentBatchState.CLOSED


def test_a_rejected_payment_leaves_its_statement_payable_and_it_is_paid_again(scheme: Scheme) -> None:
    batch = approved(scheme)
    first, second = batch.payments.all()
    confirm(batch, payments=[second])
    reject(first)
    assert Statement.objects.get(pk=first.statement_id).state == StatementState.PAYABLE
    again = approved(scheme)
    [payment] = again.payments.all()
    assert (payment.statement_id, payment.end_to_end) == (first.statement_id, f"POINCON-{first.statement_id}-2")
    confirm(again)
    assert set(Statement.objects.values_list("state", flat=True)) == {StatementState.PAID}


def test_a_transfer_returned_after_confirmation_is_payable_again(scheme: Scheme) -> None:
    batch = approved(scheme)
    [first, _] = confirm(batch)
    reject(first, on=PAID_ON + timedelta(days=3))
    assert Statement.objects.get(pk=first.statement_id).state == StatementState.PAYABLE


def test_a_transfer_does_not_come_back_before_it_left(scheme: Scheme) -> None:
    batch = approved(scheme)
    [first, _] = confirm(batch)
    with pytest.raises(Refusal) as refused:
        reject(first, on=PAID_ON - timedelta(days=1))
    assert refused.value.code == "payment_date_out_of_bounds"


def test_a_payment_is_rejected_once(scheme: Scheme) -> None:
    payment = approved(scheme).payments.all()[0]
    reject(payment)
    with pytest.raises(Refusal) as refused:
        reject(payment)
    assert refused.value.code == "payment_already_rejected"


def test_a_rejection_has_a_reason(scheme: Scheme) -> None:
    with pytest.raises(Refusal) as refused:
        reject(approved(scheme).payments.all()[0], reason="")
    assert refused.value.code == "reason_missing"


def test_a_batch_that_nobody_approved_is_not_decided(scheme: Scheme) -> None:
    batch = prepared(scheme)
    for decide in (lambda: confirm(batch), lambda: reject(batch.payments.all()[0])):
        with pytest.raises(Refusal) as refused:
            decide()
        assert refused.value.code == "payment_batch_state"


def test_a_payment_is_confirmed_once(scheme: Scheme) -> None:
    batch = approved(scheme)
    first = batch.payments.all()[0]
    confirm(batch, payments=[first])
    with pytest.raises(Refusal) as refused:
        confirm(batch, payments=[first])
    assert refused.value.code == "payment_state"
    assert first.end_to_end in str(refused.value)


@pytest.mark.parametrize("on", [MARCH_OVER.date() - timedelta(days=1), LATER.date() + timedelta(days=1)])
def test_the_day_lies_between_the_approval_and_today(scheme: Scheme, on: date) -> None:
    with pytest.raises(Refusal) as refused:
        confirm_paid(by=SYSTEM, batch=approved(scheme), on=on, now=LATER)
    assert refused.value.code == "payment_date_out_of_bounds"


def test_both_decisions_are_in_the_journal(scheme: Scheme) -> None:
    batch = approved(scheme)
    first, second = batch.payments.all()
    confirm(batch, payments=[first])
    reject(second)
    paid = AuditEntry.objects.get(action="settlement.confirm_paid")
    assert paid.after == {"on": "2026-04-07", "payments": [first.end_to_end], "state": "approved"}
    back = AuditEntry.objects.get(action="settlement.reject_payment")
    assert (back.before, back.after["reason"]) == ({"state": "waiting"}, "compte clos")


# --- what the operator learns -----------------------------------------------------------------------------------------


def returned(statement_id: int) -> Payment | None:
    return payment_returned(Statement.objects.prefetch_related(WITH_PAYMENTS).get(pk=statement_id))


def test_an_operator_is_written_to_when_its_payment_comes_back(scheme: Scheme) -> None:
    scheme.actor(Role.OPERATOR_MANAGER)
    payment = approved(scheme).payments.get(statement__operator=scheme.operator)
    reject_payment(by=SYSTEM, payment=payment, reason="compte clos", on=timezone.localdate())
    [told] = Message.objects.filter(template="settlement.payment_rejected")
    assert told.subject_id == str(payment.pk)


def test_a_statement_is_due_again_because_its_payment_came_back(scheme: Scheme) -> None:
    payment = approved(scheme).payments.all()[0]
    assert returned(payment.statement_id) is None
    reject(payment)
    assert returned(payment.statement_id) == payment
    # Once it is in another order, that is no longer what it waits for; nor is giving that order up a new return.
    again = prepared(scheme)
    assert returned(payment.statement_id) is None
    abandon_payments(by=SYSTEM, batch=again)
    assert returned(payment.statement_id) == payment


def test_an_order_given_up_is_not_a_payment_that_came_back(scheme: Scheme) -> None:
    batch = prepared(scheme)
    abandon_payments(by=SYSTEM, batch=batch)
    assert [returned(payment.statement_id) for payment in batch.payments.all()] == [None, None]


def test_an_order_of_today_can_only_be_paid_today(scheme: Scheme) -> None:
    batch = approved(scheme)
    assert batch.approved_at is not None
    with pytest.raises(Refusal, match=r"l’ordre est du .*, aujourd’hui"):
        confirm_paid(by=SYSTEM, batch=batch, on=PAID_ON - timedelta(days=30), now=batch.approved_at)
