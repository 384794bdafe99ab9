"""Cancelling a statement, while nobody started to pay it."""

import pytest

from poincon.kernel.models import AuditEntry, Message
from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.settlement.enums import StatementState
from poincon.settlement.models import StatementLine
from poincon.settlement.notices import STATEMENT_CANCELLED
from poincon.settlement.services import cancel_statement
from tests.factories import SYSTEM, Scheme, make_actor, make_scheme
from tests.settlement.making import (
    APRIL,
    APRIL_OVER,
    IN_APRIL,
    annul,
    approved,
    close,
    prepared,
    use_passes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    scheme = make_scheme()
    use_passes(scheme, 2)
    return scheme


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.FUNDER])
def test_those_who_pay_cancel(scheme: Scheme, role: Role) -> None:
    [statement] = close(scheme)
    cancelled = cancel_statement(by=scheme.actor(role), statement=statement, reason="doublon")
    assert cancelled.state == StatementState.CANCELLED
    assert not StatementLine.objects.filter(cancelled_at=None).exists()


def test_its_operator_is_written_to(scheme: Scheme) -> None:
    scheme.actor(Role.OPERATOR_MANAGER)
    [statement] = close(scheme)
    cancel_statement(by=SYSTEM, statement=statement, reason="atelier compté deux fois")
    [told] = Message.objects.filter(template="settlement.statement_cancelled")
    assert told.subject_id == str(statement.pk)
    letter = STATEMENT_CANCELLED.build(told.subject_id, None)
    assert letter is not None
    assert any(fact.value == "atelier compté deux fois" for fact in letter.facts)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OPERATOR_MANAGER])
def test_the_others_of_the_scheme_do_not_cancel(scheme: Scheme, role: Role) -> None:
    [statement] = close(scheme)
    with pytest.raises(Refusal) as refused:
        cancel_statement(by=scheme.actor(role), statement=statement, reason="doublon")
    assert refused.value.code == "right_missing"


def test_a_stranger_does_not_cancel(scheme: Scheme) -> None:
    [statement] = close(scheme)
    with pytest.raises(Refusal) as refused:
        cancel_statement(by=make_actor(), statement=statement, reason="doublon")
    assert refused.value.code == "right_missing"


@pytest.mark.parametrize(("reason", "code"), [("  ", "reason_missing"), ("x" * 301, "text_too_long")])
def test_a_reason_is_asked(scheme: Scheme, reason: str, code: str) -> None:
    [statement] = close(scheme)
    with pytest.raises(Refusal) as refused:
        cancel_statement(by=SYSTEM, statement=statement, reason=reason)
    assert refused.value.code == code


@pytest.mark.parametrize("pay", [prepared, approved])
def test_what_is_being_paid_is_not_cancelled(scheme: Scheme, pay: object) -> None:
    [statement] = close(scheme)
    assert callable(pay)
    pay(scheme)
    with pytest.raises(Refusal) as refused:
        cancel_statement(by=SYSTEM, statement=statement, reason="doublon")
    assert refused.value.code == "statement_not_cancellable"
    assert "en cours de paiement" in str(refused.value)


def test_a_statement_is_cancelled_once(scheme: Scheme) -> None:
    [statement] = close(scheme)
    cancel_statement(by=SYSTEM, statement=statement, reason="doublon")
    with pytest.raises(Refusal) as refused:
        cancel_statement(by=SYSTEM, statement=statement, reason="doublon")
    assert refused.value.code == "statement_not_cancellable"


def test_hours_counted_by_mistake_are_cancelled() -> None:
    scheme = make_scheme(unit_value=0, unit_minutes=60)
    use_passes(scheme)
    [statement] = close(scheme)
    assert cancel_statement(by=SYSTEM, statement=statement, reason="doublon").state == StatementState.CANCELLED


def test_what_a_later_statement_takes_back_is_not_cancelled_first(scheme: Scheme) -> None:
    mistake = use_passes(scheme)
    [march] = close(scheme)
    annul(mistake)
    use_passes(scheme, 3, day=IN_APRIL)
    [april] = close(scheme, APRIL, APRIL_OVER)
    with pytest.raises(Refusal) as refused:
        cancel_statement(by=SYSTEM, statement=march, reason="doublon")
    assert refused.value.code == "statement_corrected_elsewhere"
    assert april.number in str(refused.value)


def test_the_later_one_then_the_earlier_one_are_cancelled_and_owed_again(scheme: Scheme) -> None:
    mistake = use_passes(scheme)
    [march] = close(scheme)
    annul(mistake)
    use_passes(scheme, 3, day=IN_APRIL)
    [april] = close(scheme, APRIL, APRIL_OVER)
    for statement in (april, march):
        cancel_statement(by=SYSTEM, statement=statement, reason="doublon")
    [again] = close(scheme, APRIL, APRIL_OVER)
    assert again.total == 5000


def test_cancelling_is_in_the_journal_with_its_reason(scheme: Scheme) -> None:
    [statement] = close(scheme)
    cancel_statement(by=SYSTEM, statement=statement, reason=" doublon ")
    entry = AuditEntry.objects.get(action="settlement.cancel_statement")
    assert entry.before == {"state": "payable"}
    assert entry.after == {"state": "cancelled", "reason": "doublon"}
