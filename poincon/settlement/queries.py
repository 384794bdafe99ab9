"""What settlement knows: statements, what is payable, what was paid, what the closing of a month would bring."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import connection
from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from poincon.kernel.alphabet import Alphabetical
from poincon.organisations.models import BankAccount, Organisation
from poincon.passes.models import Redemption
from poincon.programmes.models import Programme
from poincon.programmes.queries import fundings_on
from poincon.settlement.enums import PaymentState, StatementState
from poincon.settlement.models import Payment, PaymentBatch, Statement, StatementLine

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class HowFar(TypedDict):
    """How many payments of a batch are waiting, paid, rejected."""

    waiting: int
    paid: int
    rejected: int


def statements_of_operator(operator_id: int, *, programme: Programme | None = None) -> QuerySet[Statement]:
    """The statements of one operator, latest month first (of one programme, if named)."""
    statements = Statement.objects.filter(operator_id=operator_id).select_related("programme", "operator")
    return statements.filter(programme=programme) if programme else statements


def statements_of_programme(programme: Programme, *, month: date | None = None) -> QuerySet[Statement]:
    """The statements of a programme, latest month first (of one month, if named)."""
    statements = Statement.objects.filter(programme=programme).select_related("programme", "operator")
    return statements.filter(month=month.replace(day=1)) if month else statements


def payable_statements(programme: Programme) -> QuerySet[Statement]:
    """What ``prepare_payments`` would take by default, oldest first."""
    return statements_of_programme(programme).filter(state=StatementState.PAYABLE).order_by("month", "id")


#: The payments of each statement with their order, for ``payment_returned``.
WITH_PAYMENTS = Prefetch("payments", queryset=Payment.objects.select_related("batch").order_by("pk"))


def payment_returned(statement: Statement) -> Payment | None:
    """The payment that came back from the bank or the public accountant, when the statement is due for that reason.

    An order abandoned before its approval is not one: nothing had left. Reads ``WITH_PAYMENTS``.
    """
    if statement.state != StatementState.PAYABLE:
        return None
    left = [payment for payment in statement.payments.all() if payment.batch.approved_by_id is not None]
    return left[-1] if left and left[-1].state == PaymentState.REJECTED else None


def batches_of_programme(programme: Programme) -> "QuerySet[WithAnnotations[PaymentBatch, HowFar]]":
    """The payment batches of a programme, latest first, with how many payments are waiting, paid and rejected."""
    return (
        PaymentBatch.objects.filter(programme=programme)
        .select_related("prepared_by", "approved_by")
        .annotate(
            waiting=Count("payments", filter=Q(payments__state=PaymentState.WAITING)),
            paid=Count("payments", filter=Q(payments__state=PaymentState.PAID)),
            rejected=Count("payments", filter=Q(payments__state=PaymentState.REJECTED)),
        )
    )


def payments_of(statement: Statement) -> QuerySet[Payment]:
    """Every attempt to pay a statement, latest first."""
    return Payment.objects.filter(statement=statement).select_related("batch").order_by("-pk")


def operators_with_accounts(programme: Programme) -> QuerySet[Organisation]:
    """The operators of a programme, with ``account`` (null when it is missing), ``account_holder``, ``account_end``."""
    live = BankAccount.objects.filter(organisation=OuterRef("pk"), ended_at=None)
    return (
        Organisation.objects.filter(qualifications__programme=programme)
        .annotate(
            account=Subquery(live.values("pk")[:1]),
            account_holder=Subquery(live.values("holder")[:1]),
            account_end=Subquery(live.values("iban_end")[:1]),
        )
        .distinct()
    )


def live_account(organisation_id: int) -> BankAccount | None:
    """The bank account an organisation uses now."""
    return BankAccount.objects.filter(organisation_id=organisation_id, ended_at=None).first()


def operators_whose_account_ended(batch: PaymentBatch) -> list[str]:
    """The operators of a batch whose account was closed or replaced after the batch was prepared."""
    ended = Organisation.objects.filter(
        statements__payments__batch=batch, statements__payments__bank_account__ended_at__isnull=False
    )
    return list(ended.order_by(Alphabetical("name")).values_list("name", flat=True).distinct())


def corrected_elsewhere(statement: Statement) -> list[str]:
    """The numbers of the other statements that take back some of this one's passes."""
    owed = StatementLine.objects.filter(statement=statement, sign=1, redemption=OuterRef("redemption"))
    back = StatementLine.objects.filter(Exists(owed), sign=-1, cancelled_at=None).exclude(statement=statement)
    return list(back.order_by("statement__number").values_list("statement__number", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class ToPay:
    """Statements that nobody started to pay: how many, and cents."""

    statements: int
    total: int


def to_pay(programme: Programme) -> ToPay:
    """What the next payment order would take."""
    found = Statement.objects.filter(programme=programme, state=StatementState.PAYABLE).aggregate(
        statements=Count("pk"), total=Sum("total", default=0)
    )
    return ToPay(found["statements"], int(found["total"]))


def unclosed_since(programme: Programme, *, before: date) -> date | None:
    """The day of the first pass used before that day, not annulled, that no statement owes; None when all are owed."""
    owed = StatementLine.objects.filter(redemption=OuterRef("pk"), sign=1, cancelled_at=None)
    waiting = Redemption.objects.filter(~Exists(owed), programme=programme, day__lt=before, annulment=None)
    found: date | None = waiting.order_by().aggregate(first=Min("day"))["first"]
    return found


# --- figures for the cover of a programme, in cents -----------------------------------------------------------------


def paid_total(programme: Programme) -> int:
    """What operators received so far: payments confirmed and not sent back since."""
    return _sum("amount", Payment.objects.filter(statement__programme=programme, state=PaymentState.PAID))


def payable_total(programme: Programme) -> int:
    """What closed statements leave to pay, payments on their way included."""
    due = [StatementState.PAYABLE, StatementState.IN_PAYMENT]
    return _sum("total", Statement.objects.filter(programme=programme, state__in=due))


def redeemed_total(programme: Programme) -> int:
    """The value of every pass used and not annulled."""
    return _sum("value", Redemption.objects.filter(programme=programme, annulment=None))


def redeemed_unpaid(programme: Programme) -> int:
    """The value of passes used whose money has not reached their operator, less what operators must still give back.

    A payment is worth the passes of its statement, those taken back deducted: so this is what is redeemed less what is
    paid. That is why cover (receipts − paid ≥ unused + unpaid) may be checked as receipts ≥ unused + redeemed.
    """
    return redeemed_total(programme) - paid_total(programme)


def redeemed_unpaid_by_pass(programme: Programme) -> int:
    """The same figure, counted pass by pass from the lines of statements and never from payments: the exact proof.

    It reads every pass of the programme: for checks and closings, not for screens.
    """
    paid_lines = StatementLine.objects.filter(cancelled_at=None, statement__state=StatementState.PAID)
    owed = paid_lines.filter(redemption=OuterRef("pk"), sign=1)
    back = paid_lines.filter(redemption=OuterRef("pk"), sign=-1)
    redemptions = Redemption.objects.filter(programme=programme)
    unpaid = redemptions.filter(~Exists(owed), annulment=None)
    to_give_back = redemptions.filter(Exists(owed), ~Exists(back), annulment__isnull=False)
    return _sum("value", unpaid) - _sum("value", to_give_back)


@dataclass(frozen=True, slots=True)
class OwedBack:
    """What one operator must give back: passes paid, then annulled, that no statement takes back yet. Cents."""

    operator_id: int
    operator: str
    passes: int
    total: int


def owed_back(programme: Programme, *, operator_id: int | None = None) -> list[OwedBack]:
    """What operators (or that one) must give back, the largest debt first. Their next statements take it back.

    It reads every annulled pass of the programme, or of the operator. What remains when the programme ends is recovered
    outside the software.
    """
    paid_for_nothing = _paid_for_nothing(programme.pk)
    if operator_id is not None:
        paid_for_nothing = paid_for_nothing.filter(operator=operator_id)
    rows = paid_for_nothing.order_by("operator").values_list("operator", "operator__name")
    debts = [OwedBack(*row) for row in rows.annotate(passes=Count("pk"), total=Sum("value"))]
    return sorted(debts, key=lambda debt: (-debt.total, debt.operator_id))


def owed_back_total(programme_id: int) -> int:
    """What the operators of a programme must give back in all, in cents: it weighs on the cover."""
    return _sum("value", _paid_for_nothing(programme_id))


def _paid_for_nothing(programme_id: int) -> QuerySet[Redemption]:
    """Passes paid, annulled since, and that no statement takes back."""
    live = StatementLine.objects.filter(redemption=OuterRef("pk"), cancelled_at=None)
    return Redemption.objects.filter(
        Exists(live.filter(sign=1, statement__state=StatementState.PAID)),
        ~Exists(live.filter(sign=-1)),
        programme=programme_id,
        annulment__isnull=False,
        # Found from the annulments, which are few.
        scan__annulment__isnull=False,
    )


def _sum(column: str, rows: QuerySet[Any]) -> int:
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


# --- what a statement is made of ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slice:
    """Lines of a statement put together: what they have in common, passes, minutes, cents."""

    labels: tuple[str, ...]
    passes: int
    minutes: int
    total: int


def _slices(statement: Statement, *names: str) -> list[Slice]:
    lines = StatementLine.objects.filter(statement=statement).order_by(*names).values_list(*names)
    rows = lines.annotate(passes=Sum("sign"), minutes=Sum(F("sign") * F("redemption__minutes")), total=Sum("value"))
    width = len(names)
    return [Slice(tuple(str(label) for label in row[:width]), *row[width:]) for row in rows]


def by_venue_and_service(statement: Statement) -> list[Slice]:
    """A statement by venue, commune and service."""
    return _slices(statement, "redemption__venue__name", "redemption__commune__name", "redemption__service__label")


def by_month(statement: Statement) -> list[Slice]:
    """A statement by year and month of use: late scans of earlier months and corrections show."""
    return _slices(statement, "redemption__day__year", "redemption__day__month")


def corrections(statement: Statement) -> QuerySet[StatementLine]:
    """The passes a statement takes back, with the annulment that explains each, in the order of days."""
    return (
        StatementLine.objects.filter(statement=statement, sign=-1)
        .select_related("redemption__booklet", "redemption__venue", "redemption__annulment")
        .order_by("redemption__day", "id")
    )


def fundings_of(programme: Programme, month: date) -> list[tuple[str, int]]:
    """Who pays which share of a programme's month: (name, basis points), in the order they were recorded.

    A share changes from the first day of a month: that day, or the programme's first, speaks for the whole month.
    """
    shares = fundings_on(programme.pk, max(month, programme.starts_on))
    return list(shares.values_list("funder__name", "share_bp"))


# --- proofs ---------------------------------------------------------------------------------------------------------

STATEMENTS_UNLIKE_THEIR_LINES = """
    SELECT s.number, s.total, lines.total, s.passes, lines.passes
    FROM settlement_statement s
    LEFT JOIN (
        SELECT l.statement_id, SUM(l.value) AS total, SUM(l.sign * r.value) AS worth, SUM(l.sign) AS passes,
               SUM(l.sign * r.minutes) AS minutes,
               SUM(CASE WHEN r.operator_id <> own.operator_id OR r.programme_id <> own.programme_id
                        THEN 1 ELSE 0 END) AS foreign_lines
        FROM settlement_statementline l
        JOIN passes_redemption r ON r.id = l.redemption_id
        JOIN settlement_statement own ON own.id = l.statement_id
        WHERE own.id >= %s
        GROUP BY l.statement_id
    ) lines ON lines.statement_id = s.id
    WHERE s.id >= %s
      AND (lines.total IS NULL OR s.total <> lines.total OR s.total <> lines.worth OR s.passes <> lines.passes
           OR s.minutes <> lines.minutes OR lines.foreign_lines > 0)
    ORDER BY s.id
"""


def wrong_totals(*, since: int = 0) -> list[str]:
    """The numbers of the statements, from the one of id ``since`` on, that are not the sum of their redemptions."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS_UNLIKE_THEIR_LINES, [since, since])
        return [row[0] for row in cursor.fetchall()]
