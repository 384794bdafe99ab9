"""The mails about money: a statement is ready, or cancelled; a payment is made; a payment came back."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from poincon.kernel.audit import last_entry
from poincon.kernel.messages import SAMPLE_DRESS, Dress, Fact, Letter, address_of, declare, dress_of
from poincon.kernel.money import euros
from poincon.settlement.enums import PaymentState, StatementState
from poincon.settlement.models import Payment, Statement


def statement_letter(
    dress: Dress, *, statement_id: int, number: str, operator: str, month: date, passes: int, total: int
) -> Letter:
    """What an operator is told when a month is closed. ``total`` in cents."""
    return Letter(
        subject=_("Votre relevé de %(month)s : %(total)s") % {"month": _month(month), "total": euros(total)},
        dress=dress,
        paragraphs=(
            _("Le relevé de %(operator)s est prêt. Il sera payé sans que vous ayez rien à envoyer.")
            % {"operator": operator},
        ),
        facts=(
            Fact(_("Relevé"), number),
            Fact(_("Mois"), _month(month)),
            Fact(_("Pass poinçonnés"), ngettext("%(count)s pass", "%(count)s pass", passes) % {"count": passes}),
            Fact(_("Total"), euros(total)),
        ),
        action=(_("Lire le relevé"), address_of("operator:statement", statement_id=statement_id)),
        remarks=dress.if_phone(_("Un pass manque, ou est de trop ? Appelez le numéro ci-dessous avant le paiement.")),
    )


def _statement(subject_id: str, _user_id: int | None) -> Letter | None:
    statement = Statement.objects.select_related("programme__owner", "operator").get(pk=subject_id)
    if statement.state == StatementState.CANCELLED:
        return None
    return statement_letter(
        dress_of(statement.programme),
        statement_id=statement.pk,
        number=statement.number,
        operator=statement.operator.name,
        month=statement.month,
        passes=statement.passes,
        total=statement.total,
    )


STATEMENT_READY = declare(
    "settlement.statement_ready",
    gettext_lazy("Un relevé est prêt"),
    build=_statement,
    sample=lambda: statement_letter(
        SAMPLE_DRESS,
        statement_id=7,
        number="CREUSE-2026-02-007",
        operator="La Quincaillerie",
        month=date(2026, 2, 1),
        passes=48,
        total=48_000,
    ),
)


def cancellation_letter(
    dress: Dress, *, statement_id: int, number: str, operator: str, month: date, total: int, reason: str
) -> Letter:
    """What an operator is told when a statement is cancelled. ``total`` in cents."""
    return Letter(
        subject=_("Votre relevé de %(month)s est annulé") % {"month": _month(month)},
        dress=dress,
        paragraphs=(
            _("Le relevé de %(operator)s est annulé. Rien n’est perdu : ses pass seront sur un nouveau relevé.")
            % {"operator": operator},
        ),
        facts=(
            Fact(_("Relevé"), number),
            Fact(_("Mois"), _month(month)),
            Fact(_("Total"), euros(total)),
            Fact(_("Motif"), reason),
        ),
        action=(_("Lire le relevé"), address_of("operator:statement", statement_id=statement_id)),
        remarks=dress.if_phone(_("Une question ? Appelez le numéro ci-dessous.")),
    )


def _cancellation(subject_id: str, _user_id: int | None) -> Letter | None:
    statement = Statement.objects.select_related("programme__owner", "operator").get(pk=subject_id)
    entry = last_entry("settlement.cancel_statement", statement)
    if entry is None:
        return None
    return cancellation_letter(
        dress_of(statement.programme),
        statement_id=statement.pk,
        number=statement.number,
        operator=statement.operator.name,
        month=statement.month,
        total=statement.total,
        reason=entry.after["reason"],
    )


STATEMENT_CANCELLED = declare(
    "settlement.statement_cancelled",
    gettext_lazy("Un relevé est annulé"),
    build=_cancellation,
    sample=lambda: cancellation_letter(
        SAMPLE_DRESS,
        statement_id=7,
        number="CREUSE-2026-02-007",
        operator="La Quincaillerie",
        month=date(2026, 2, 1),
        total=48_000,
        reason="un atelier compté deux fois",
    ),
)


def payment_letter(
    dress: Dress, *, statement_id: int, number: str, operator: str, amount: int, paid_on: date, account_end: str
) -> Letter:
    """What an operator is told when it is paid. ``amount`` in cents; ``account_end`` empty for a public accountant."""
    account = (Fact(_("Compte"), _("finissant par %(end)s") % {"end": account_end}),) if account_end else ()
    return Letter(
        subject=_("%(amount)s vous ont été payés") % {"amount": euros(amount)},
        dress=dress,
        paragraphs=(
            _("%(operator)s a été payé. Selon votre banque, l’argent arrive le jour même ou sous deux jours.")
            % {"operator": operator},
        ),
        facts=(
            Fact(_("Montant"), euros(amount)),
            Fact(_("Relevé"), number),
            Fact(_("Payé le"), date_format(paid_on)),
            *account,
        ),
        action=(_("Voir mes paiements"), address_of("operator:statement", statement_id=statement_id)),
        remarks=dress.if_phone(_("Rien sur votre compte dans une semaine ? Appelez le numéro ci-dessous.")),
    )


def _payment(subject_id: str, _user_id: int | None) -> Letter | None:
    payment = Payment.objects.select_related("statement__programme__owner", "statement__operator", "bank_account").get(
        pk=subject_id
    )
    if payment.state != PaymentState.PAID or payment.decided_on is None:
        return None
    return payment_letter(
        dress_of(payment.statement.programme),
        statement_id=payment.statement_id,
        number=payment.statement.number,
        operator=payment.statement.operator.name,
        amount=payment.amount,
        paid_on=payment.decided_on,
        account_end=payment.bank_account.iban_end if payment.bank_account else "",
    )


PAYMENT_MADE = declare(
    "settlement.payment_made",
    gettext_lazy("Un paiement est fait"),
    build=_payment,
    sample=lambda: payment_letter(
        SAMPLE_DRESS,
        statement_id=7,
        number="CREUSE-2026-02-007",
        operator="La Quincaillerie",
        amount=48_000,
        paid_on=date(2026, 3, 18),
        account_end="0189",
    ),
)


def rejection_letter(
    dress: Dress, *, number: str, operator: str, amount: int, rejected_on: date, reason: str, account_end: str
) -> Letter:
    """What an operator is told when its payment comes back. ``amount`` in cents; ``account_end`` may be empty."""
    account = (Fact(_("Compte"), _("finissant par %(end)s") % {"end": account_end}),) if account_end else ()
    return Letter(
        subject=_("Votre paiement de %(amount)s est revenu") % {"amount": euros(amount)},
        dress=dress,
        paragraphs=(
            _("Le paiement de %(amount)s à %(operator)s n’a pas abouti. Rien n’est perdu : il sera refait.")
            % {"amount": euros(amount), "operator": operator},
        ),
        facts=(
            Fact(_("Relevé"), number),
            Fact(_("Rejeté le"), date_format(rejected_on)),
            Fact(_("Motif"), reason),
            *account,
        ),
        action=(_("Vérifier mon compte bancaire"), address_of("operator:account")),
        remarks=(
            _("Votre compte a changé ? Enregistrez le nouveau dès maintenant : le prochain paiement ira dessus."),
        ),
    )


def _rejection(subject_id: str, _user_id: int | None) -> Letter | None:
    payment = Payment.objects.select_related("statement__programme__owner", "statement__operator", "bank_account").get(
        pk=subject_id
    )
    if payment.state != PaymentState.REJECTED or payment.decided_on is None:
        return None
    return rejection_letter(
        dress_of(payment.statement.programme),
        number=payment.statement.number,
        operator=payment.statement.operator.name,
        amount=payment.amount,
        rejected_on=payment.decided_on,
        reason=payment.rejection,
        account_end=payment.bank_account.iban_end if payment.bank_account else "",
    )


PAYMENT_REJECTED = declare(
    "settlement.payment_rejected",
    gettext_lazy("Un paiement est revenu"),
    build=_rejection,
    sample=lambda: rejection_letter(
        SAMPLE_DRESS,
        number="CREUSE-2026-02-007",
        operator="La Quincaillerie",
        amount=48_000,
        rejected_on=date(2026, 3, 20),
        reason="compte clos",
        account_end="0189",
    ),
)


def _month(month: date) -> str:
    return date_format(month, "F Y")
