"""Preparing, approving and abandoning a payment batch."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.enums import LegalForm, Role
from poincon.settlement.enums import PaymentBatchState, PaymentMethod, PaymentState, StatementState
from poincon.settlement.models import Payment, PaymentBatch, Statement
from poincon.settlement.services import abandon_payments, approve_payments, prepare_payments
from tests.factories import SYSTEM, Scheme, make_actor, make_scheme
from tests.settlement.making import IBANS, MARCH_OVER, close, make_account, make_operator, prepared, use_passes

pytestmark = pytest.mark.django_db

ACCOUNTANT_FILE = PaymentMethod.PUBLIC_ACCOUNTANT


def refusal_of(by: Actor, scheme: Scheme, method: str = ACCOUNTANT_FILE, **more: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        prepare_payments(by=by, programme=scheme.programme, method=method, now=MARCH_OVER, **more)  # type: ignore[arg-type]  # only "statements" is given
    return refused.value


@pytest.fixture
def scheme() -> Scheme:
    """Two operators, one statement each: 30 € and 20 €."""
    scheme = make_scheme()
    use_passes(scheme, 3)
    use_passes(scheme, 2, where=make_operator(scheme, "Médiathèque"))
    close(scheme)
    return scheme


@pytest.fixture
def association(scheme: Scheme) -> Scheme:
    """The same, paid by an association that has a bank account."""
    scheme.funder.legal_form = LegalForm.ASSOCIATION
    scheme.funder.save()
    scheme.programme.refresh_from_db()
    make_account(scheme.funder)
    return scheme


# --- prepare --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.FUNDER])
def test_those_who_pay_prepare_everything_payable(scheme: Scheme, role: Role) -> None:
    by = scheme.actor(role)
    batch = prepare_payments(by=by, programme=scheme.programme, method=ACCOUNTANT_FILE, now=MARCH_OVER)
    assert (batch.state, batch.total, batch.prepared_by) == (PaymentBatchState.PREPARED, 5000, by.user)
    assert sorted(batch.payments.values_list("amount", flat=True)) == [2000, 3000]
    assert set(Statement.objects.values_list("state", flat=True)) == {StatementState.IN_PAYMENT}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OBSERVER, Role.OPERATOR_MANAGER])
def test_the_others_of_the_scheme_do_not_prepare(scheme: Scheme, role: Role) -> None:
    assert refusal_of(scheme.actor(role), scheme).code == "right_missing"


def test_a_stranger_does_not_prepare(scheme: Scheme) -> None:
    assert refusal_of(make_actor(), scheme).code == "right_missing"


def test_the_machine_does_not_prepare(scheme: Scheme) -> None:
    assert refusal_of(SYSTEM, scheme).code == "person_required"


def test_only_the_named_statements_are_paid(scheme: Scheme) -> None:
    first = Statement.objects.get(total=3000)
    by = scheme.actor(Role.ACCOUNTANT)
    batch = prepare_payments(by=by, programme=scheme.programme, method=ACCOUNTANT_FILE, statements=[first])
    assert batch.total == 3000
    assert Statement.objects.get(total=2000).state == StatementState.PAYABLE


def test_a_statement_is_prepared_once(scheme: Scheme) -> None:
    prepared(scheme)
    by = scheme.actor(Role.ACCOUNTANT)
    again = refusal_of(by, scheme, statements=[Statement.objects.get(total=3000)])
    assert again.code == "statement_not_payable"
    assert Statement.objects.get(total=3000).number in str(again)
    assert refusal_of(by, scheme).code == "nothing_to_pay"


def test_a_statement_of_another_programme_is_not_paid(scheme: Scheme) -> None:
    other = make_scheme()
    use_passes(other)
    assert refusal_of(scheme.actor(Role.ACCOUNTANT), scheme, statements=close(other)).code == "statement_not_payable"


def test_an_empty_selection_pays_nothing(scheme: Scheme) -> None:
    assert refusal_of(scheme.actor(Role.ACCOUNTANT), scheme, statements=[]).code == "nothing_to_pay"


def test_hours_are_never_paid() -> None:
    scheme = make_scheme(unit_value=0, unit_minutes=60)
    use_passes(scheme)
    close(scheme)
    assert refusal_of(scheme.actor(Role.ACCOUNTANT), scheme).code == "nothing_to_pay"


def test_a_public_body_does_not_order_transfers(scheme: Scheme) -> None:
    refusal = refusal_of(scheme.actor(Role.ACCOUNTANT), scheme, PaymentMethod.SEPA)
    assert refusal.code == "public_payer"
    assert scheme.funder.name in str(refusal)


def test_its_regie_does(scheme: Scheme) -> None:
    for organisation in (scheme.funder, *(statement.operator for statement in Statement.objects.all())):
        make_account(organisation)
    assert prepared(scheme, PaymentMethod.SEPA_REGIE).total == 5000


def test_an_association_has_no_regie(association: Scheme) -> None:
    refusal = refusal_of(association.actor(Role.ACCOUNTANT), association, PaymentMethod.SEPA_REGIE)
    assert refusal.code == "payer_has_no_regie"


def test_the_account_to_debit_is_needed(association: Scheme) -> None:
    association.funder.bank_accounts.update(ended_at=timezone.now())
    refusal = refusal_of(association.actor(Role.ACCOUNTANT), association, PaymentMethod.SEPA)
    assert refusal.code == "payer_account_missing"


def test_operators_without_account_are_named_and_nothing_is_written(association: Scheme) -> None:
    make_account(association.operator)
    refusal = refusal_of(association.actor(Role.ACCOUNTANT), association, PaymentMethod.SEPA)
    assert refusal.code == "operator_accounts_missing"
    assert "Médiathèque" in str(refusal)
    assert association.operator.name not in str(refusal)
    assert not PaymentBatch.objects.exists()
    assert set(Statement.objects.values_list("state", flat=True)) == {StatementState.PAYABLE}


def test_each_payment_keeps_the_account_and_a_reference(association: Scheme) -> None:
    for statement in Statement.objects.select_related("operator"):
        make_account(statement.operator, IBANS[1])
    batch = prepared(association, PaymentMethod.SEPA)
    for payment in batch.payments.select_related("bank_account"):
        assert payment.bank_account is not None
        assert payment.bank_account.iban_end == IBANS[1][-4:]
        assert payment.end_to_end == f"POINCON-{payment.statement_id}-1"


# --- approve --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.FUNDER])
def test_another_person_approves(scheme: Scheme, role: Role) -> None:
    by = scheme.actor(role)
    batch = approve_payments(by=by, batch=prepared(scheme), now=MARCH_OVER)
    assert (batch.state, batch.approved_by, batch.approved_at) == (PaymentBatchState.APPROVED, by.user, MARCH_OVER)


def test_whoever_prepared_does_not_approve(scheme: Scheme) -> None:
    batch = prepared(scheme)
    with pytest.raises(Refusal) as refused:
        approve_payments(by=Actor(user=batch.prepared_by, source="test"), batch=batch)
    assert refused.value.code == "same_person"


def test_the_database_too_refuses_the_same_person(scheme: Scheme) -> None:
    batch = prepared(scheme)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentBatch.objects.filter(pk=batch.pk).update(approved_by=batch.prepared_by)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OBSERVER, Role.OPERATOR_MANAGER])
def test_the_others_of_the_scheme_do_not_approve(scheme: Scheme, role: Role) -> None:
    with pytest.raises(Refusal) as refused:
        approve_payments(by=scheme.actor(role), batch=prepared(scheme))
    assert refused.value.code == "right_missing"


@pytest.mark.parametrize(("by", "code"), [("stranger", "right_missing"), ("machine", "person_required")])
def test_strangers_and_the_machine_do_not_approve(scheme: Scheme, by: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        approve_payments(by=make_actor() if by == "stranger" else SYSTEM, batch=prepared(scheme))
    assert refused.value.code == code


def test_a_batch_is_approved_once(scheme: Scheme) -> None:
    batch = prepared(scheme)
    approve_payments(by=scheme.actor(Role.FUNDER), batch=batch)
    with pytest.raises(Refusal) as refused:
        approve_payments(by=scheme.actor(Role.FUNDER), batch=batch)
    assert refused.value.code == "payment_batch_state"
    assert "approuvé" in str(refused.value)


def test_an_account_changed_meanwhile_stops_the_approval(association: Scheme) -> None:
    for statement in Statement.objects.select_related("operator"):
        make_account(statement.operator)
    batch = prepared(association, PaymentMethod.SEPA)
    association.operator.bank_accounts.update(ended_at=timezone.now())
    with pytest.raises(Refusal) as refused:
        approve_payments(by=association.actor(Role.FUNDER), batch=batch)
    assert refused.value.code == "operator_accounts_changed"
    assert association.operator.name in str(refused.value)
    assert "Médiathèque" not in str(refused.value)


# --- abandon --------------------------------------------------------------------------------------------------------


def test_an_abandoned_batch_leaves_its_statements_payable(scheme: Scheme) -> None:
    batch = abandon_payments(by=scheme.actor(Role.ACCOUNTANT), batch=prepared(scheme), now=MARCH_OVER)
    assert batch.state == PaymentBatchState.ABANDONED
    assert set(Statement.objects.values_list("state", flat=True)) == {StatementState.PAYABLE}
    assert set(Payment.objects.values_list("state", flat=True)) == {PaymentState.REJECTED}
    again = prepared(scheme)
    assert {payment.end_to_end[-2:] for payment in again.payments.all()} == {"-2"}


def test_an_approved_batch_is_not_abandoned(scheme: Scheme) -> None:
    batch = prepared(scheme)
    approve_payments(by=scheme.actor(Role.FUNDER), batch=batch)
    with pytest.raises(Refusal) as refused:
        abandon_payments(by=scheme.actor(Role.ACCOUNTANT), batch=batch)
    assert refused.value.code == "payment_batch_state"


@pytest.mark.parametrize("role", [Role.COORDINATOR, None])
def test_neither_the_others_nor_a_stranger_abandon(scheme: Scheme, role: Role | None) -> None:
    batch = prepared(scheme)
    with pytest.raises(Refusal) as refused:
        abandon_payments(by=scheme.actor(role) if role else make_actor(), batch=batch)
    assert refused.value.code == "right_missing"


def test_each_step_is_in_the_journal(scheme: Scheme) -> None:
    abandon_payments(by=scheme.actor(Role.FUNDER), batch=prepared(scheme), reason="erreur de mois")
    approve_payments(by=scheme.actor(Role.FUNDER), batch=prepared(scheme))
    actions = AuditEntry.objects.filter(subject="settlement.paymentbatch").order_by("id")
    assert [entry.action.removeprefix("settlement.") for entry in actions] == [
        "prepare_payments",
        "abandon_payments",
        "prepare_payments",
        "approve_payments",
    ]
    assert actions[1].after["reason"] == "erreur de mois"
