"""Order payments: one person prepares, another approves; before that anyone entitled may abandon."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from poincon.kernel import audit
from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.models import BankAccount, Organisation, User
from poincon.programmes.models import Programme
from poincon.settlement import refusals, rules
from poincon.settlement.enums import PaymentBatchState, PaymentMethod, PaymentState, StatementState
from poincon.settlement.models import Payment, PaymentBatch, Statement
from poincon.settlement.permissions import APPROVE_PAYMENTS, PREPARE_PAYMENTS
from poincon.settlement.queries import live_account, operators_whose_account_ended


@transaction.atomic
def prepare_payments(
    *,
    by: Actor,
    programme: Programme,
    method: str,
    statements: Iterable[Statement] | None = None,
    now: datetime | None = None,
) -> PaymentBatch:
    """Put payable statements (all those of the programme, unless named) into one payment batch, to be approved.

    ``method`` is a PaymentMethod; a public body pays by transfer only from its régie d'avances. Raises the refusals
    ``right_missing``, ``person_required``, ``nothing_to_pay``, ``statement_not_payable``, ``public_payer``,
    ``payer_has_no_regie``, ``payer_account_missing`` and ``operator_accounts_missing`` (nothing is then written).
    """
    by.require(PREPARE_PAYMENTS, programme=programme)
    person = _person(by)
    chosen = PaymentMethod(method)
    _refuse_payer(programme.owner, chosen)
    locked = _lock_payable(programme, statements)
    accounts = _accounts(locked, chosen)
    batch = PaymentBatch.objects.create(
        programme=programme,
        method=chosen,
        total=sum(statement.total for statement in locked),
        prepared_by=person,
        prepared_at=now or timezone.now(),
    )
    Payment.objects.bulk_create(_payments(batch, locked, accounts))
    _move(locked, StatementState.IN_PAYMENT)
    _record(by, "settlement.prepare_payments", batch, payments=len(locked), total=batch.total, method=batch.method)
    return batch


@transaction.atomic
def approve_payments(*, by: Actor, batch: PaymentBatch, now: datetime | None = None) -> PaymentBatch:
    """Approve a batch that another person prepared: its file may then leave.

    It freezes the account to debit. Raises the refusals ``right_missing``, ``person_required``,
    ``payment_batch_state``, ``same_person``, ``payer_account_missing`` and ``operator_accounts_changed``, because what
    is approved must be what will be paid.
    """
    by.require(APPROVE_PAYMENTS, programme=batch.programme)
    person = _person(by)
    locked = lock_batch(batch, PaymentBatchState.PREPARED)
    if locked.prepared_by_id == person.pk:
        raise refusals.SAME_PERSON.filled()
    if names := operators_whose_account_ended(locked):
        raise refusals.ACCOUNTS_CHANGED.filled(operators=", ".join(names))
    locked.state = PaymentBatchState.APPROVED
    locked.approved_by = person
    locked.approved_at = now or timezone.now()
    locked.payer_account = _account_to_debit(locked)
    locked.save(update_fields=["state", "approved_by", "approved_at", "payer_account"])
    _record(by, "settlement.approve_payments", locked, total=locked.total)
    return locked


@transaction.atomic
def abandon_payments(*, by: Actor, batch: PaymentBatch, reason: str = "", now: datetime | None = None) -> PaymentBatch:
    """Give up a batch that nobody approved yet: its statements are payable again, its payments stay, as rejected.

    Raises the refusals ``right_missing``, ``text_too_long`` and ``payment_batch_state``.
    """
    by.require(PREPARE_PAYMENTS, programme=batch.programme)
    given = rules.reason_kept(reason)
    locked = lock_batch(batch, PaymentBatchState.PREPARED)
    today = rules.local_day(now or timezone.now(), batch.programme.time_zone)
    Statement.objects.filter(payments__batch=locked).update(state=StatementState.PAYABLE)
    locked.payments.update(
        state=PaymentState.REJECTED, decided_on=today, rejection=_("Ordre de paiement abandonné avant approbation.")
    )
    locked.state = PaymentBatchState.ABANDONED
    locked.save(update_fields=["state"])
    _record(by, "settlement.abandon_payments", locked, reason=given)
    return locked


def lock_batch(batch: PaymentBatch, *states: PaymentBatchState) -> PaymentBatch:
    """The batch, locked. Raises the refusal ``payment_batch_state`` unless it is in one of ``states``."""
    locked = PaymentBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    if locked.state not in states:
        raise refusals.BATCH_STATE.filled(batch=locked.pk, state=locked.get_state_display())
    return locked


def _person(by: Actor) -> User:
    # Two different people: the machine is nobody, so it cannot be one of them.
    if by.user is None:
        raise refusals.PERSON_REQUIRED.filled()
    return by.user


def _refuse_payer(payer: Organisation, method: PaymentMethod) -> None:
    refusal: Refusal | None = None
    if method is PaymentMethod.SEPA and rules.is_public(payer.legal_form):
        refusal = refusals.PUBLIC_PAYER
    elif method is PaymentMethod.SEPA_REGIE and not rules.is_public(payer.legal_form):
        refusal = refusals.NO_REGIE
    elif rules.is_transfer(method) and live_account(payer.pk) is None:
        refusal = refusals.PAYER_ACCOUNT_MISSING
    if refusal:
        raise refusal.filled(payer=payer.name)


def _account_to_debit(batch: PaymentBatch) -> BankAccount | None:
    if not rules.is_transfer(batch.method):
        return None
    account = live_account(batch.programme.owner_id)
    if account is None:
        raise refusals.PAYER_ACCOUNT_MISSING.filled(payer=batch.programme.owner.name)
    return account


def _lock_payable(programme: Programme, statements: Iterable[Statement] | None) -> list[Statement]:
    """The statements to pay, locked in the order of their numbers in the table, so that two people never deadlock."""
    payable = Statement.objects.filter(programme=programme, state=StatementState.PAYABLE)
    chosen = None if statements is None else {statement.pk: statement for statement in statements}
    if chosen is not None:
        payable = payable.filter(pk__in=chosen)
    locked = list(payable.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if chosen and (missing := chosen.keys() - {statement.pk for statement in locked}):
        raise refusals.NOT_PAYABLE.filled(numbers=", ".join(sorted(chosen[pk].number for pk in missing)))
    if not locked:
        raise refusals.NOTHING_TO_PAY.filled()
    return locked


def _accounts(statements: list[Statement], method: PaymentMethod) -> dict[int, BankAccount]:
    """The live bank account of each operator, by organisation. Transfers need them all."""
    operator_ids = {statement.operator_id for statement in statements}
    live = BankAccount.objects.filter(organisation_id__in=operator_ids, ended_at=None)
    accounts = {account.organisation_id: account for account in live}
    if rules.is_transfer(method) and (missing := operator_ids - accounts.keys()):
        names = (
            Organisation.objects.filter(pk__in=missing).order_by(Alphabetical("name")).values_list("name", flat=True)
        )
        raise refusals.ACCOUNTS_MISSING.filled(operators=", ".join(names))
    return accounts


def _payments(batch: PaymentBatch, statements: list[Statement], accounts: dict[int, BankAccount]) -> list[Payment]:
    tried = Payment.objects.filter(statement__in=statements).values("statement").annotate(times=Count("pk"))
    attempts = {row["statement"]: row["times"] for row in tried.order_by("statement")}
    return [
        Payment(
            batch=batch,
            statement=statement,
            amount=statement.total,
            bank_account=accounts.get(statement.operator_id),
            end_to_end=rules.end_to_end(statement.pk, attempts.get(statement.pk, 0) + 1),
        )
        for statement in statements
    ]


def _move(statements: list[Statement], state: StatementState) -> None:
    Statement.objects.filter(pk__in=[statement.pk for statement in statements]).update(state=state)


def _record(by: Actor, action: str, batch: PaymentBatch, **after: object) -> None:
    audit.record(by, action, batch, programme_id=batch.programme_id, after={"state": str(batch.state), **after})
