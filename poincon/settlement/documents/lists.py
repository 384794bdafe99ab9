"""Lists that leave as CSV, line by line: passes of a statement, lines of a payment batch, prints of its passes."""

from collections.abc import Callable, Iterator, Sequence

from poincon.kernel.tables import csv_lines, decimal_comma
from poincon.organisations.services import iban_of
from poincon.passes.codes import written
from poincon.settlement import rules
from poincon.settlement.models import Payment, PaymentBatch, Statement, StatementLine
from poincon.settlement.refusals import UNKNOWN_COLUMNS

ROWS_AT_ONCE = 2000

STATEMENT_HEADINGS = (
    *("relevé", "jour", "chéquier", "pass", "lieu", "commune", "code commune", "service"),
    *("minutes", "sens", "valeur (€)"),
)


def statement_csv(statement: Statement) -> Iterator[str]:
    """Every pass of a statement, line by line: nothing is held in memory, whatever their number."""
    lines = StatementLine.objects.filter(statement=statement).order_by("redemption__day", "id")
    columns = lines.values_list(
        "redemption__day",
        "redemption__booklet__number",
        "redemption__position",
        "redemption__venue__name",
        "redemption__commune__name",
        "redemption__commune_id",
        "redemption__service__label",
        "redemption__minutes",
        "sign",
        "value",
    )
    rows = (
        (statement.number, f"{day:%Y-%m-%d}", written(number), position, *where, minutes, sign, decimal_comma(value))
        for day, number, position, *where, minutes, sign, value in columns.iterator(chunk_size=ROWS_AT_ONCE)
    )
    return csv_lines(STATEMENT_HEADINGS, rows)


# --- the settlement statement, with the columns that the payer's finance software wants ------------------------------

#: code: (heading, what it holds).
COLUMNS: dict[str, tuple[str, Callable[[Payment], str | int]]] = {
    "batch": ("ordre de paiement", lambda payment: payment.batch_id),
    "statement": ("relevé", lambda payment: payment.statement.number),
    "month": ("mois", lambda payment: f"{payment.statement.month:%Y-%m}"),
    "operator": ("opérateur", lambda payment: payment.statement.operator.name),
    "siret": ("SIRET", lambda payment: payment.statement.operator.siret),
    "siren": ("SIREN", lambda payment: payment.statement.operator.siren),
    "rna": ("RNA", lambda payment: payment.statement.operator.rna),
    "legal_form": ("forme juridique", lambda payment: payment.statement.operator.get_legal_form_display()),
    "passes": ("pass", lambda payment: payment.statement.passes),
    "minutes": ("minutes", lambda payment: payment.statement.minutes),
    "amount": ("montant (€)", lambda payment: decimal_comma(payment.amount)),
    "amount_cents": ("montant (centimes)", lambda payment: payment.amount),
    "reference": ("référence", lambda payment: payment.end_to_end),
    "holder": ("titulaire", lambda payment: payment.bank_account.holder if payment.bank_account else ""),
    "iban": ("IBAN", lambda payment: iban_of(payment.bank_account) if payment.bank_account else ""),
    "bic": ("BIC", lambda payment: payment.bank_account.bic if payment.bank_account else ""),
    "programme": ("dispositif", lambda payment: payment.batch.programme.name),
    "closed_on": (
        "arrêté le",
        lambda payment: f"{rules.local_day(payment.statement.closed_at, payment.batch.programme.time_zone):%Y-%m-%d}",
    ),
}
#: Bank accounts leave only when they are asked for.
DEFAULT_COLUMNS = ("batch", "statement", "month", "operator", "siret", "rna", "passes", "amount", "reference")


def settlement_statement_csv(batch: PaymentBatch, columns: Sequence[str] = DEFAULT_COLUMNS) -> Iterator[str]:
    """The settlement statement as a table, with these columns in this order. Raises the refusal ``unknown_columns``."""
    if unknown := [column for column in columns if column not in COLUMNS]:
        raise UNKNOWN_COLUMNS.filled(columns=", ".join(unknown), known=", ".join(COLUMNS))
    chosen = [COLUMNS[column] for column in columns]
    payments = batch.payments.select_related("statement__operator", "bank_account", "batch__programme").order_by(
        "statement__number"
    )
    rows = ([value(payment) for _heading, value in chosen] for payment in payments.iterator(chunk_size=ROWS_AT_ONCE))
    return csv_lines([heading for heading, _value in chosen], rows)


# --- the supporting document: each pass by its print -----------------------------------------------------------------


def pass_digests(batch: PaymentBatch) -> Iterator[tuple[tuple[str, str, int, int], str]]:
    """Each line of a batch: (statement number, day, sign, cents), and the print of its pass."""
    lines = StatementLine.objects.filter(statement__payments__batch=batch).order_by("statement__number", "id")
    columns = lines.values_list(
        "statement__number", "redemption__day", "sign", "value", "redemption__booklet__number", "redemption__position"
    )
    for number, day, sign, value, booklet, position in columns.iterator(chunk_size=ROWS_AT_ONCE):
        yield (number, f"{day:%Y-%m-%d}", sign, value), rules.pass_digest(booklet, position)


def passes_list_csv(batch: PaymentBatch) -> Iterator[str]:
    """The supporting document of a batch, line by line: what proves each pass without making it usable by a reader."""
    rows = (
        (number, day, sign, decimal_comma(value), digest) for (number, day, sign, value), digest in pass_digests(batch)
    )
    return csv_lines(("relevé", "jour", "sens", "valeur (€)", "empreinte HMAC-SHA-256"), rows)
