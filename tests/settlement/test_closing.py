"""Closing a month: who may, what is owed, what waits, what is taken back."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.settlement.enums import StatementState
from poincon.settlement.models import Statement, StatementLine
from poincon.settlement.services import cancel_statement, close_month, closing
from poincon.settlement.services.closing import ClosingMismatchError
from tests.factories import SYSTEM, Scheme, make_actor, make_scheme
from tests.settlement.making import (
    APRIL,
    APRIL_OVER,
    IN_APRIL,
    IN_MARCH,
    MARCH,
    MARCH_OVER,
    annul,
    close,
    make_operator,
    use_passes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme(code="creuse")


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.FUNDER, Role.COORDINATOR])
def test_those_who_steer_the_programme_close_its_months(scheme: Scheme, role: Role) -> None:
    use_passes(scheme)
    assert close_month(by=scheme.actor(role), programme=scheme.programme, month=MARCH, now=MARCH_OVER)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PRESCRIBER, Role.OPERATOR_MANAGER, Role.ADMINISTRATOR])
def test_the_others_of_the_scheme_do_not_close_months(scheme: Scheme, role: Role) -> None:
    with pytest.raises(Refusal) as refused:
        close_month(by=scheme.actor(role), programme=scheme.programme, month=MARCH, now=MARCH_OVER)
    assert refused.value.code == "right_missing"


def test_a_stranger_does_not_close_months(scheme: Scheme) -> None:
    elsewhere = make_scheme()
    for by in (make_actor(), elsewhere.actor(Role.ACCOUNTANT)):
        with pytest.raises(Refusal) as refused:
            close_month(by=by, programme=scheme.programme, month=MARCH, now=MARCH_OVER)
        assert refused.value.code == "right_missing"


def test_a_month_is_closed_once_ended(scheme: Scheme) -> None:
    last_evening = datetime(2026, 3, 31, 21, 59, tzinfo=UTC)
    with pytest.raises(Refusal) as refused:
        close(scheme, now=last_evening)
    assert refused.value.code == "month_not_ended"
    assert "mars 2026" in str(refused.value)
    assert "à partir du 1er avril 2026" in str(refused.value)


def test_the_month_ends_at_midnight_where_the_programme_lives(scheme: Scheme) -> None:
    use_passes(scheme)
    assert close(scheme, now=datetime(2026, 3, 31, 22, 1, tzinfo=UTC))


def test_each_operator_gets_one_statement(scheme: Scheme) -> None:
    other = make_operator(scheme)
    use_passes(scheme, 3)
    use_passes(scheme, 2, day=date(2026, 3, 31))
    use_passes(scheme, 4, where=other)
    first, second = sorted(close(scheme), key=lambda statement: statement.operator_id)
    assert (first.operator, first.passes, first.minutes, first.total) == (scheme.operator, 5, 600, 5000)
    assert (second.operator, second.passes, second.total) == (other.operator, 4, 4000)
    assert {first.number, second.number} == {"CREUSE-2026-03-0001", "CREUSE-2026-03-0002"}
    assert first.state == second.state == StatementState.PAYABLE
    assert StatementLine.objects.filter(statement=first, sign=1, value=1000).count() == 5


def test_the_next_month_and_the_annulled_are_left_out(scheme: Scheme) -> None:
    use_passes(scheme, 2)
    use_passes(scheme, day=IN_APRIL)
    annul(use_passes(scheme, 3))
    assert [statement.total for statement in close(scheme)] == [2000]


def test_another_programme_is_left_out(scheme: Scheme) -> None:
    use_passes(make_scheme())
    assert close(scheme) == []


def test_closing_twice_is_harmless(scheme: Scheme) -> None:
    use_passes(scheme)
    close(scheme)
    assert close(scheme) == []
    assert Statement.objects.count() == 1


def test_what_was_synchronised_late_is_in_the_next_statement(scheme: Scheme) -> None:
    use_passes(scheme)
    close(scheme)
    use_passes(scheme, 2, day=IN_MARCH)
    use_passes(scheme, 3, day=IN_APRIL)
    [april] = close(scheme, APRIL, APRIL_OVER)
    assert (april.number, april.total) == ("CREUSE-2026-04-0001", 5000)


def test_a_month_may_be_closed_again_for_what_came_late(scheme: Scheme) -> None:
    use_passes(scheme)
    close(scheme)
    use_passes(scheme, 2)
    [again] = close(scheme)
    assert (again.number, again.total) == ("CREUSE-2026-03-0002", 2000)


def test_what_was_annulled_after_being_owed_is_taken_back_once(scheme: Scheme) -> None:
    mistake = use_passes(scheme, 2)
    close(scheme)
    annul(mistake)
    use_passes(scheme, 5, day=IN_APRIL)
    [april] = close(scheme, APRIL, APRIL_OVER)
    assert (april.passes, april.minutes, april.total) == (3, 360, 3000)
    assert StatementLine.objects.filter(statement=april, sign=-1, value=-1000).count() == 2
    use_passes(scheme, day=IN_APRIL)
    assert [statement.total for statement in close(scheme, APRIL, APRIL_OVER)] == [1000]


def test_corrections_that_outweigh_the_month_wait_for_the_next(scheme: Scheme) -> None:
    mistake = use_passes(scheme, 3)
    close(scheme)
    annul(mistake)
    use_passes(scheme, 3, day=IN_APRIL)
    assert close(scheme, APRIL, APRIL_OVER) == []
    use_passes(scheme, 1, day=IN_APRIL)
    assert [statement.total for statement in close(scheme, APRIL, APRIL_OVER)] == [1000]


def test_a_waiting_operator_does_not_hold_the_others_back(scheme: Scheme) -> None:
    mistake = use_passes(scheme)
    close(scheme)
    annul(mistake)
    other = make_operator(scheme)
    use_passes(scheme, where=other, day=IN_APRIL)
    assert [statement.operator for statement in close(scheme, APRIL, APRIL_OVER)] == [other.operator]


def test_hours_are_counted_and_nothing_is_due() -> None:
    scheme = make_scheme(unit_value=0, unit_minutes=60)
    use_passes(scheme, 4)
    [statement] = close(scheme)
    assert (statement.state, statement.passes, statement.minutes, statement.total) == ("nothing_due", 4, 240, 0)


def test_a_cancelled_statement_may_be_owed_again(scheme: Scheme) -> None:
    use_passes(scheme, 2)
    [statement] = close(scheme)
    cancel_statement(by=SYSTEM, statement=statement, reason="mauvais mois")
    [again] = close(scheme)
    assert (again.number, again.total) == ("CREUSE-2026-03-0002", 2000)


def test_progress_reaches_its_end(scheme: Scheme) -> None:
    seen: list[tuple[int, int]] = []
    close_month(
        by=SYSTEM,
        programme=scheme.programme,
        month=MARCH,
        now=MARCH_OVER,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_total_unlike_its_redemptions_rolls_everything_back(scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    use_passes(scheme, 3)
    monkeypatch.setattr(closing, "NEWLY_OWED", closing.NEWLY_OWED.replace("1, r.value,", "1, r.value + 1,"))
    with pytest.raises(ClosingMismatchError):
        close(scheme)
    assert not Statement.objects.exists()
    assert not StatementLine.objects.exists()


def test_after_a_failed_closing_the_next_one_works(scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    use_passes(scheme, 3)
    with monkeypatch.context() as patch:
        patch.setattr(closing, "NEWLY_OWED", closing.NEWLY_OWED.replace("1, r.value,", "1, r.value + 1,"))
        with pytest.raises(ClosingMismatchError):
            close(scheme)
    assert [statement.total for statement in close(scheme)] == [3000]


def test_closing_is_in_the_journal(scheme: Scheme) -> None:
    use_passes(scheme, 3)
    close(scheme)
    entry = AuditEntry.objects.get(action="settlement.close_month")
    assert entry.after == {"month": "2026-03", "statements": 1, "total": 3000}
    assert entry.programme_id == scheme.programme.pk


def test_a_closing_takes_the_same_statements_of_sql_whatever_its_size(scheme: Scheme) -> None:
    def cost(operators: int) -> int:
        for _ in range(operators):
            use_passes(scheme, 2, where=make_operator(scheme))
        with CaptureQueriesContext(connection) as captured:
            close(scheme)
        return len(captured)

    assert cost(1) == cost(12)
