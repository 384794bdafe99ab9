"""The settlement statement (état liquidatif): what a public accountant pays from, statement by statement."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from poincon.kernel.documents import Column, count, day, render
from poincon.kernel.money import euros
from poincon.programmes.theme import letterhead_of
from poincon.settlement import rules
from poincon.settlement.documents.lists import pass_digests
from poincon.settlement.documents.parts import Section, accounting_euros, party, shares_section, siret_text
from poincon.settlement.enums import PaymentBatchState
from poincon.settlement.models import Payment, PaymentBatch
from poincon.settlement.words import amount_in_words

TEMPLATE = Path(__file__).parent / "liquidation.typ"
TITLE = "État liquidatif"


def settlement_statement_pdf(batch: PaymentBatch, *, moment: datetime | None = None) -> bytes:
    """Who is to be paid what by this batch, in figures and in words, and the print of the list of its passes.

    It can be read before approval, then crossed with « PROJET ». Tagged, archivable PDF.
    """
    letterhead = letterhead_of(batch.programme)
    moment = moment or timezone.now()
    return render(TEMPLATE, settlement_statement_data(batch), title=_(TITLE), letterhead=letterhead, moment=moment)


def settlement_statement_data(batch: PaymentBatch) -> dict[str, Any]:
    """Everything the settlement statement says, in French."""
    payments = list(batch.payments.select_related("statement", "statement__operator").order_by("statement__number"))
    digests = [digest for _line, digest in pass_digests(batch)]
    sections = [
        _payees(payments, batch),
        *shares_section([(one.statement.month, one.amount) for one in payments], batch.programme),
    ]
    return {
        "reference": _("État liquidatif de l’ordre de paiement n° %(batch)s") % {"batch": batch.pk},
        "watermark": _watermark(batch),
        "issuer-label": _("Organisme payeur"),
        "issuer": party(batch.programme.owner),
        "subtitle": _("%(programme)s – ordre de paiement n° %(batch)s")
        % {"programme": batch.programme.name, "batch": batch.pk},
        "figures": _figures(payments, batch),
        "facts": _facts(payments, batch),
        "sections": [section.data() for section in sections],
        "closing": _("Arrêté le présent état à la somme de %(words)s (%(figures)s).")
        % {"words": amount_in_words(batch.total), "figures": accounting_euros(batch.total)},
        "enclosed": _(
            "Pièce justificative : liste de %(lines)s lignes de pass, chacun par son empreinte (HMAC-SHA-256)."
        )
        % {"lines": count(len(digests))},
        "digest-label": _("Empreinte de la liste : elle change si une seule ligne change."),
        "digest": rules.list_digest(digests),
        "signatures": [_("Préparé par %(name)s") % {"name": batch.prepared_by}, _approver(batch)],
    }


def _watermark(batch: PaymentBatch) -> str:
    words = {PaymentBatchState.PREPARED: _("PROJET"), PaymentBatchState.ABANDONED: _("ABANDONNÉ")}
    return words.get(PaymentBatchState(batch.state), "")


def _approver(batch: PaymentBatch) -> str:
    if batch.approved_by:
        return _("Approuvé par %(name)s") % {"name": batch.approved_by}
    return _("L’ordonnateur, ou son délégataire")


def _figures(payments: list[Payment], batch: PaymentBatch) -> list[dict[str, str]]:
    return [
        {"label": _("Opérateurs"), "value": count(len({payment.statement.operator_id for payment in payments}))},
        {"label": _("Pass comptés"), "value": count(sum(payment.statement.passes for payment in payments))},
        {"label": _("Total à payer"), "value": euros(batch.total)},
    ]


def _facts(payments: list[Payment], batch: PaymentBatch) -> list[tuple[str, str]]:
    months = sorted({payment.statement.month for payment in payments})
    names = [rules.month_name(month) for month in (months[0], months[-1])]
    zone = batch.programme.time_zone
    facts = [
        (_("Période"), names[0] if len(months) == 1 else _("de %s à %s") % tuple(names)),
        (_("Mode"), batch.get_method_display()),
        (_("Préparé"), _dated(batch.prepared_by, batch.prepared_at, zone)),
    ]
    if batch.approved_at:
        facts.append((_("Approuvé"), _dated(batch.approved_by, batch.approved_at, zone)))
    return facts


def _dated(person: object, moment: datetime, zone: str) -> str:
    return _("le %(day)s, par %(person)s") % {"day": day(rules.local_day(moment, zone)), "person": person}


def _payees(payments: list[Payment], batch: PaymentBatch) -> Section:
    rows = [
        (
            payment.statement.number,
            payment.statement.operator.name,
            siret_text(payment.statement.operator.siret) or payment.statement.operator.rna or "–",
            count(payment.statement.passes),
            accounting_euros(payment.amount),
        )
        for payment in payments
    ]
    return Section(
        caption=_("Créanciers"),
        columns=[
            Column(_("Relevé")),
            Column(_("Opérateur")),
            Column(_("SIRET ou RNA")),
            Column(_("Pass"), numeric=True),
            Column(_("Montant"), numeric=True),
        ],
        rows=rows,
        widths=(0, 1, 0, 0, 0),
        total=(
            _("Total"),
            "",
            "",
            count(sum(payment.statement.passes for payment in payments)),
            accounting_euros(batch.total),
        ),
    )
