"""Cancel a statement: its redemptions may be owed again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from poincon.kernel import audit
from poincon.organisations.actors import Actor
from poincon.settlement import rules
from poincon.settlement.enums import StatementState
from poincon.settlement.models import Statement, StatementLine
from poincon.settlement.notices import STATEMENT_CANCELLED
from poincon.settlement.permissions import CANCEL_STATEMENT
from poincon.settlement.queries import corrected_elsewhere
from poincon.settlement.refusals import CORRECTED_ELSEWHERE, NOT_CANCELLABLE
from poincon.settlement.services.telling import tell_operators

#: Nothing has been ordered for these.
CANCELLABLE = frozenset({StatementState.PAYABLE, StatementState.NOTHING_DUE})


@transaction.atomic
def cancel_statement(*, by: Actor, statement: Statement, reason: str, now: datetime | None = None) -> Statement:
    """Cancel a statement that nobody started to pay. Its lines stay, marked; the next closing owes them again.

    Its operator, who was told of it, is written to.
    Raises the refusals ``right_missing``, ``reason_missing``, ``text_too_long``, ``statement_not_cancellable``, and
    ``statement_corrected_elsewhere`` when a later statement takes back some of its passes.
    """
    by.require(CANCEL_STATEMENT, programme=statement.programme)
    given = rules.reason_given(reason)
    locked = Statement.objects.select_for_update(of=("self",), no_key=True).get(pk=statement.pk)
    _refuse_unless_cancellable(locked)
    StatementLine.objects.filter(statement=locked).update(cancelled_at=now or timezone.now())
    before = locked.state
    locked.state = StatementState.CANCELLED
    locked.save(update_fields=["state"])
    tell_operators(
        STATEMENT_CANCELLED, locked.programme, {locked.pk: locked.operator_id}, happened_at=now or timezone.now()
    )
    audit.record(
        by,
        "settlement.cancel_statement",
        locked,
        programme_id=locked.programme_id,
        before={"state": before},
        after={"state": locked.state, "reason": given},
    )
    return locked


def _refuse_unless_cancellable(statement: Statement) -> None:
    if statement.state not in CANCELLABLE:
        raise NOT_CANCELLABLE.filled(number=statement.number, state=statement.get_state_display())
    if others := corrected_elsewhere(statement):
        raise CORRECTED_ELSEWHERE.filled(number=statement.number, others=", ".join(others))
