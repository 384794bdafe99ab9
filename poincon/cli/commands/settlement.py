"""Months, statements, payments."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from poincon.cli.acting import acts
from poincon.cli.files import out_option, write_files, written
from poincon.cli.references import DAY, MONTH, PAYMENT, PAYMENT_BATCH, PROGRAMME, STATEMENT
from poincon.cli.shape import Answer, Group, answers, progress_bar, table
from poincon.kernel.money import euros
from poincon.organisations.actors import Actor
from poincon.programmes.models import Programme
from poincon.settlement import permissions
from poincon.settlement.documents import (
    passes_list_csv,
    sepa_file,
    settlement_statement_csv,
    settlement_statement_pdf,
    statement_csv,
    statement_pdf,
)
from poincon.settlement.enums import PaymentMethod
from poincon.settlement.models import Payment, PaymentBatch, Statement
from poincon.settlement.queries import OwedBack, batches_of_programme, owed_back, statements_of_programme
from poincon.settlement.rules import is_transfer
from poincon.settlement.services import (
    abandon_payments,
    approve_payments,
    cancel_statement,
    close_month,
    confirm_paid,
    prepare_payments,
    reject_payment,
)


@click.group(cls=Group)
def month() -> None:
    """Mois : ce que chaque opérateur doit recevoir."""


@month.command()
@click.argument("programme", type=PROGRAMME)
@click.argument("month", type=MONTH)
@answers
@acts
def close(*, by: Actor, programme: Programme, month: date) -> Answer:
    """Arrête MOIS pour DISPOSITIF : un relevé par opérateur. Recommencer est sans danger."""
    with progress_bar("Arrêté du mois") as progress:
        made = close_month(by=by, programme=programme, month=month, progress=progress)
    return _listed(programme, made)


@click.group(cls=Group)
def statement() -> None:
    """Relevés : ce qu’un opérateur doit recevoir pour un mois."""


@statement.command(name="list")
@click.argument("programme", type=PROGRAMME)
@click.option("--month", type=MONTH, help="Seulement ce mois.")
@answers
def list_statements(programme: Programme, month: date | None) -> Answer:
    """Liste les relevés de DISPOSITIF, et ce que des opérateurs ont reçu en trop."""
    return _listed(programme, statements_of_programme(programme, month=month).order_by("number"))


def _listed(programme: Programme, statements: Iterable[Statement]) -> Answer:
    found = list(statements)
    data = [
        {
            "number": one.number,
            "operator": one.operator.name,
            "passes": one.passes,
            "minutes": one.minutes,
            "total": one.total,
            "state": one.state,
        }
        for one in found
    ]
    rows = [(one.number, one.operator.name, one.passes, euros(one.total), one.get_state_display()) for one in found]
    debts = owed_back(programme)
    back = [{"operator": debt.operator, "passes": debt.passes, "total": debt.total} for debt in debts]
    lines = [*table(("relevé", "opérateur", "pass", "montant", "état"), rows), *map(_told, debts)]
    return Answer({"statements": data, "owed_back": back}, lines)


def _told(debt: OwedBack) -> str:
    return (
        f"Trop-perçu par {debt.operator} : {euros(debt.total)} (pass payés puis annulés : {debt.passes}), "
        "à reprendre sur son prochain relevé."
    )


@statement.command()
@click.argument("statement", type=STATEMENT)
@out_option
@answers
@acts
def write(*, by: Actor, statement: Statement, out: Path | None) -> Answer:
    """Écrit RELEVÉ en PDF, et la liste de ses pass en CSV."""
    by.require(permissions.SEE_STATEMENTS, programme=statement.programme, organisation_id=statement.operator_id)
    files: dict[str, bytes | Iterable[str]] = {
        f"releve-{statement.number}.pdf": statement_pdf(statement),
        f"releve-{statement.number}.csv": statement_csv(statement),
    }
    return written(write_files(out, "releves", files))


@statement.command()
@click.argument("statement", type=STATEMENT)
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi.")
@answers
@acts
def cancel(*, by: Actor, statement: Statement, reason: str) -> Answer:
    """Annule RELEVÉ, que personne n’a commencé à payer ; ses pass seront dus sur le prochain."""
    done = cancel_statement(by=by, statement=statement, reason=reason)
    return Answer({"number": done.number, "state": done.state}, [f"Le relevé {done.number} est annulé."])


@click.group(cls=Group)
def payments() -> None:
    """Ordres de paiement : une personne prépare, une autre approuve. Dites laquelle avec --as."""


@payments.command()
@click.argument("programme", type=PROGRAMME)
@click.option("--method", required=True, type=click.Choice(PaymentMethod.values), help="Comment payer.")
@click.option("--statement", "statements", type=STATEMENT, multiple=True, help="Seulement ce relevé ; se répète.")
@answers
@acts
def prepare(*, by: Actor, programme: Programme, method: str, statements: Sequence[Statement]) -> Answer:
    """Prépare le paiement des relevés à payer de DISPOSITIF."""
    made = prepare_payments(by=by, programme=programme, method=method, statements=statements or None)
    return _state(made, f"Ordre n° {made.pk} préparé : {euros(made.total)}. Une autre personne doit l’approuver.")


@payments.command()
@click.argument("order", type=PAYMENT_BATCH)
@answers
@acts
def approve(by: Actor, order: PaymentBatch) -> Answer:
    """Approuve ORDRE, préparé par une autre personne."""
    done = approve_payments(by=by, batch=order)
    return _state(done, f"Ordre n° {done.pk} approuvé : {euros(done.total)} à payer.")


@payments.command()
@click.argument("order", type=PAYMENT_BATCH)
@click.option("--reason", default="", metavar="MOTIF", help="Pourquoi.")
@answers
@acts
def abandon(*, by: Actor, order: PaymentBatch, reason: str) -> Answer:
    """Abandonne ORDRE avant son approbation : ses relevés sont de nouveau à payer."""
    done = abandon_payments(by=by, batch=order, reason=reason)
    return _state(done, f"Ordre n° {done.pk} abandonné.")


def _state(batch: PaymentBatch, *lines: str) -> Answer:
    return Answer({"order": batch.pk, "state": batch.state, "total": batch.total}, lines)


@payments.command()
@click.argument("order", type=PAYMENT_BATCH)
@out_option
@answers
@acts
def file(*, by: Actor, order: PaymentBatch, out: Path | None) -> Answer:
    """Écrit ce qui fait payer ORDRE : virement SEPA pour la banque, ou état liquidatif pour le comptable public."""
    by.require(permissions.SEE_PAYMENTS, programme=order.programme)
    name = f"ordre-{order.pk}"
    files: dict[str, bytes | Iterable[str]] = {
        f"{name}-etat-liquidatif.pdf": settlement_statement_pdf(order),
        f"{name}-etat-liquidatif.csv": settlement_statement_csv(order),
        f"{name}-pass.csv": passes_list_csv(order),
    }
    if is_transfer(order.method):
        files[f"{name}-sepa.xml"] = sepa_file(order)
    return written(write_files(out, "paiements", files))


@payments.command()
@click.argument("order", type=PAYMENT_BATCH)
@click.option("--on", "day", type=DAY, help="Payés le.  [par défaut : aujourd’hui]")
@click.option("--payment", "chosen", type=PAYMENT, multiple=True, help="Seulement ce paiement ; se répète.")
@answers
@acts
def confirm(*, by: Actor, order: PaymentBatch, day: date | None, chosen: Sequence[Payment]) -> Answer:
    """Note que les paiements de ORDRE sont faits."""
    paid = confirm_paid(by=by, batch=order, on=day or timezone.localdate(), payments=chosen or None)
    total = sum(one.amount for one in paid)
    return Answer({"paid": [one.end_to_end for one in paid], "total": total}, [f"{euros(total)} payés."])


@payments.command()
@click.argument("payment", type=PAYMENT)
@click.option("--reason", required=True, metavar="MOTIF", help="Motif du rejet.")
@click.option("--on", "day", type=DAY, help="Rejeté le.  [par défaut : aujourd’hui]")
@answers
@acts
def reject(*, by: Actor, payment: Payment, reason: str, day: date | None) -> Answer:
    """Note que PAIEMENT est revenu : son relevé est de nouveau à payer."""
    done = reject_payment(by=by, payment=payment, reason=reason, on=day or timezone.localdate())
    return Answer(
        {"payment": done.end_to_end, "statement": done.statement.number},
        [f"Le relevé {done.statement.number} est de nouveau à payer."],
    )


@payments.command(name="list")
@click.argument("programme", type=PROGRAMME)
@answers
def list_payments(programme: Programme) -> Answer:
    """Liste les ordres de paiement de DISPOSITIF, et leurs paiements."""
    data = [
        _about(batch) for batch in batches_of_programme(programme).prefetch_related("payments__statement__operator")
    ]
    rows = [
        (one["order"], payment["reference"], payment["operator"], euros(payment["amount"]), payment["state"])
        for one in data
        for payment in one["payments"]
    ]
    return Answer(data, table(("ordre", "paiement", "opérateur", "montant", "état"), rows))


def _about(batch: PaymentBatch) -> dict[str, Any]:
    return {
        "order": batch.pk,
        "method": batch.method,
        "state": batch.state,
        "total": batch.total,
        "payments": [
            {
                "reference": one.end_to_end,
                "statement": one.statement.number,
                "operator": one.statement.operator.name,
                "amount": one.amount,
                "state": str(one.get_state_display()),
            }
            for one in batch.payments.all()
        ],
    }
