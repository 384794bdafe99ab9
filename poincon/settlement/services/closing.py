"""Close a month: one statement for each operator, made by a few statements of SQL whatever the number of passes."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from poincon.kernel import audit
from poincon.kernel.db import row_lock
from poincon.kernel.texts import written_day
from poincon.organisations.actors import Actor
from poincon.programmes.models import Programme
from poincon.settlement import rules
from poincon.settlement.enums import StatementState
from poincon.settlement.models import Statement
from poincon.settlement.notices import STATEMENT_READY
from poincon.settlement.permissions import CLOSE_MONTH
from poincon.settlement.queries import wrong_totals
from poincon.settlement.refusals import MONTH_NOT_ENDED
from poincon.settlement.rules import Owed
from poincon.settlement.services.telling import tell_operators

#: Called with (steps done, steps in all).
Progress = Callable[[int, int], None]
STEPS = 4


class ClosingMismatchError(RuntimeError):
    """The totals of a closing differ from its redemptions. Never expected: the whole closing is rolled back."""


def _silent(_done: int, _total: int) -> None:
    pass


@transaction.atomic
def close_month(
    *, by: Actor, programme: Programme, month: date, now: datetime | None = None, progress: Progress = _silent
) -> list[Statement]:
    """Establish what each operator is owed for everything redeemed up to the end of ``month`` (any day of it).

    One statement per operator: a line +1 for each live redemption not owed yet, late ones of earlier months included,
    and −1 for each one annulled after it had been owed. An operator whose corrections outweigh what it is owed gets
    none: its lines wait. Closing twice is harmless. Amounts are cents. Raises the refusals ``right_missing`` and
    ``month_not_ended`` (domain, section "Money"; docs/decisions/0006-statements-and-annulments.md).
    """
    by.require(CLOSE_MONTH, programme=programme)
    now = now or timezone.now()
    first = month.replace(day=1)
    refuse_unended(programme, first, now)
    # One closing at a time: the second waits here, then finds nothing left to owe.
    Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    _freeze(programme.pk, rules.last_day(first))
    progress(1, STEPS)
    statements = _open_statements(by, programme, first, now)
    progress(2, STEPS)
    if statements:
        _write_lines(programme.pk, statements)
    progress(3, STEPS)
    _thaw()
    _prove(statements)
    _record(by, programme, first, statements)
    tell_operators(STATEMENT_READY, programme, {one.pk: one.operator_id for one in statements}, happened_at=now)
    progress(STEPS, STEPS)
    return statements


def refuse_unended(programme: Programme, month: date, now: datetime | None = None) -> None:
    """Raise the refusal ``month_not_ended`` while passes may still be used in ``month`` (any day of it)."""
    last = rules.last_day(month)
    if last >= rules.local_day(now or timezone.now(), programme.time_zone):
        raise MONTH_NOT_ENDED.filled(month=rules.of_month(month), day=written_day(last + timedelta(days=1)))


def lock_redemptions() -> str:
    """The barrier against a concurrent annulment: the clause that locks the redemptions being owed.

    An annulment that came first is waited for, and its passes are then left out; one that comes after waits for the end
    of the closing, and is set against the next month. Both lock in the order of ids, so they never deadlock.
    """
    return row_lock(of="r")


def _freeze(programme_id: int, last: date) -> None:
    """Put aside what this closing owes, so that totals and lines are made of the very same rows.

    A pass may be redeemed or annulled between two statements of SQL: reading the tables twice would see two truths.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE closing_line"
            " (redemption_id bigint, operator_id bigint, sign smallint, value bigint, minutes bigint)"
        )
        cursor.execute(NEWLY_OWED + lock_redemptions(), [programme_id, last])
        cursor.execute(TAKEN_BACK, [programme_id, last])


NEWLY_OWED = """
    INSERT INTO closing_line (redemption_id, operator_id, sign, value, minutes)
    SELECT r.id, r.operator_id, 1, r.value, r.minutes
    FROM passes_redemption r
    WHERE r.programme_id = %s AND r.day <= %s AND r.annulment_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM settlement_statementline owed
                      WHERE owed.redemption_id = r.id AND owed.sign = 1 AND owed.cancelled_at IS NULL)
    ORDER BY r.id
"""

TAKEN_BACK = """
    INSERT INTO closing_line (redemption_id, operator_id, sign, value, minutes)
    SELECT r.id, r.operator_id, -1, -r.value, -r.minutes
    FROM passes_redemption r
    JOIN settlement_statementline owed ON owed.redemption_id = r.id AND owed.sign = 1 AND owed.cancelled_at IS NULL
    WHERE r.programme_id = %s AND r.day <= %s AND r.annulment_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM settlement_statementline back
                      WHERE back.redemption_id = r.id AND back.sign = -1 AND back.cancelled_at IS NULL)
"""


def _owed() -> list[Owed]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT operator_id, SUM(sign), SUM(minutes), SUM(value), COUNT(NULLIF(value, 0))"
            " FROM closing_line GROUP BY operator_id ORDER BY operator_id"
        )
        return [Owed(*(int(figure) for figure in row)) for row in cursor.fetchall()]


def _open_statements(by: Actor, programme: Programme, month: date, now: datetime) -> list[Statement]:
    rank = Statement.objects.filter(programme=programme, month=month).count()
    statements = []
    for owed in _owed():
        state = rules.state_when_closed(owed)
        if state is None:
            continue
        rank += 1
        number = rules.statement_number(programme.code, month, rank)
        statements.append(_statement(owed, programme, state, number=number, month=month, closed_at=now, by=by))
    return Statement.objects.bulk_create(statements)


def _statement(
    owed: Owed, programme: Programme, state: StatementState, *, number: str, month: date, closed_at: datetime, by: Actor
) -> Statement:
    return Statement(
        operator_id=owed.operator_id,
        programme=programme,
        number=number,
        month=month,
        passes=owed.passes,
        minutes=owed.minutes,
        total=owed.total,
        state=state,
        closed_at=closed_at,
        closed_by_label=by.label,
    )


def _write_lines(programme_id: int, statements: list[Statement]) -> None:
    # The programme is locked: from the first of ours on, its statements are all ours, one per operator.
    first_id = min(statement.pk for statement in statements)
    with connection.cursor() as cursor:
        # Its key makes one lookup of each line; joining statements directly reads them all for each (SQLite).
        cursor.execute("CREATE TEMPORARY TABLE closing_statement (operator_id bigint PRIMARY KEY, statement_id bigint)")
        cursor.execute(
            "INSERT INTO closing_statement SELECT operator_id, id FROM settlement_statement"
            " WHERE programme_id = %s AND id >= %s",
            [programme_id, first_id],
        )
        # In the order of redemptions, so that indexes grow at one end.
        cursor.execute(
            "INSERT INTO settlement_statementline (statement_id, redemption_id, sign, value)"
            " SELECT s.statement_id, c.redemption_id, c.sign, c.value"
            " FROM closing_line c JOIN closing_statement s ON s.operator_id = c.operator_id ORDER BY c.redemption_id"
        )
        cursor.execute("DROP TABLE closing_statement")


def _thaw() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE closing_line")


def _prove(statements: list[Statement]) -> None:
    """Recompute every total from the lines and their redemptions, in the transaction that closes."""
    if statements and (wrong := wrong_totals(since=min(statement.pk for statement in statements))):
        raise ClosingMismatchError(f"statements differ from their lines, nothing was closed: {wrong}")


def _record(by: Actor, programme: Programme, month: date, statements: list[Statement]) -> None:
    audit.record(
        by,
        "settlement.close_month",
        programme,
        programme_id=programme.pk,
        after={
            "month": f"{month:%Y-%m}",
            "statements": len(statements),
            "total": sum(statement.total for statement in statements),
        },
    )
