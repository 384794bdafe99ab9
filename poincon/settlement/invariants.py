"""What must always be true of statements and payments. ``poincon check`` runs them and names the rows at fault."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from poincon.kernel.invariants import Fault, Invariant, rows_at_fault
from poincon.kernel.money import WHOLE_BP, euros
from poincon.kernel.refusals import Text
from poincon.passes.cover import cover
from poincon.programmes.models import Programme
from poincon.programmes.queries import receipts_total
from poincon.settlement.queries import (
    STATEMENTS_UNLIKE_THEIR_LINES,
    owed_back,
    paid_total,
    redeemed_unpaid_by_pass,
)


def _statement_totals() -> list[Fault]:
    rows = rows_at_fault(STATEMENTS_UNLIKE_THEIR_LINES, [0, 0])
    return [
        Fault(
            _("relevé %(number)s") % {"number": number},
            _("inscrit %(total)s pour %(passes)s pass, ses lignes font %(lines)s pour %(found)s pass")
            % {"total": euros(total), "passes": passes, "lines": euros(lines or 0), "found": found or 0},
        )
        for number, total, lines, passes, found in rows
    ]


ONE_LIVE_LINE = """
    SELECT redemption_id, sign, COUNT(*) FROM settlement_statementline WHERE cancelled_at IS NULL
    GROUP BY redemption_id, sign HAVING COUNT(*) > 1
"""
LINE_VALUE = """
    SELECT l.id, s.number, l.value, l.sign * r.value
    FROM settlement_statementline l
    JOIN passes_redemption r ON r.id = l.redemption_id
    JOIN settlement_statement s ON s.id = l.statement_id
    WHERE l.value <> l.sign * r.value
"""
TAKEN_BACK_BUT_NOT_OWED = """
    SELECT back.redemption_id, s.number
    FROM settlement_statementline back
    JOIN settlement_statement s ON s.id = back.statement_id
    JOIN passes_redemption r ON r.id = back.redemption_id
    WHERE back.sign = -1 AND back.cancelled_at IS NULL
      AND (r.annulment_id IS NULL
           OR NOT EXISTS (
                SELECT 1 FROM settlement_statementline owed
                WHERE owed.redemption_id = back.redemption_id AND owed.sign = 1 AND owed.cancelled_at IS NULL))
"""
OWED_THOUGH_ANNULLED = """
    SELECT r.id, s.number, a.at, s.closed_at
    FROM passes_annulment a
    JOIN passes_redemption r ON r.scan_id = a.scan_id AND r.annulment_id = a.id
    JOIN settlement_statementline l ON l.redemption_id = r.id AND l.sign = 1 AND l.cancelled_at IS NULL
    JOIN settlement_statement s ON s.id = l.statement_id
    WHERE a.at < s.closed_at
"""
# Two halves, each reading few rows: cancelled lines are rare, and so are cancelled statements.
CANCELLED_TOGETHER = """
    SELECT s.number, s.state, COUNT(*)
    FROM settlement_statementline l JOIN settlement_statement s ON s.id = l.statement_id
    WHERE l.cancelled_at IS NOT NULL AND s.state <> 'cancelled'
    GROUP BY s.number, s.state
    UNION ALL
    SELECT s.number, s.state, COUNT(*)
    FROM settlement_statement s JOIN settlement_statementline l ON l.statement_id = s.id
    WHERE s.state = 'cancelled' AND l.cancelled_at IS NULL
    GROUP BY s.number, s.state
"""
STATE_WITHOUT_PAYMENT = """
    SELECT s.number, s.state
    FROM settlement_statement s
    LEFT JOIN settlement_payment p ON p.statement_id = s.id AND p.state <> 'rejected'
    WHERE (s.state = 'paid') <> (COALESCE(p.state, '') = 'paid')
       OR (s.state = 'in_payment') <> (COALESCE(p.state, '') = 'waiting')
"""
PAYMENT_AMOUNT = """
    SELECT p.end_to_end, p.amount, s.number, s.total
    FROM settlement_payment p JOIN settlement_statement s ON s.id = p.statement_id
    WHERE p.state <> 'rejected' AND p.amount <> s.total
"""
BATCH_TOTAL = """
    SELECT b.id, b.total, SUM(p.amount)
    FROM settlement_paymentbatch b LEFT JOIN settlement_payment p ON p.batch_id = b.id
    GROUP BY b.id, b.total HAVING b.total <> COALESCE(SUM(p.amount), 0)
"""
TWO_PEOPLE = """
    SELECT b.id, b.state FROM settlement_paymentbatch b
    WHERE b.approved_by_id = b.prepared_by_id
       OR (b.state IN ('approved', 'closed')) <> (b.approved_by_id IS NOT NULL AND b.approved_at IS NOT NULL)
"""


def _found(sql: str, subject: Text, detail: Text) -> Callable[[], list[Fault]]:
    """What ``sql`` finds, written with the columns of each row: {0}, {1}…"""

    def find() -> list[Fault]:
        return [Fault(str(subject).format(*row), str(detail).format(*row)) for row in rows_at_fault(sql)]

    return find


def _exact_cover() -> list[Fault]:
    """Cover counted from what was paid and pass by pass: money that operators must give back is not there."""
    faults = []
    for programme in Programme.objects.filter(uses_passes=True).order_by("id"):
        back = sum(debt.total for debt in owed_back(programme))
        paid, unpaid = paid_total(programme), redeemed_unpaid_by_pass(programme) + back
        engaged = cover(programme).active_unused + paid + unpaid
        received = receipts_total(programme.pk)
        missing = -(-engaged * programme.required_cover_bp // WHOLE_BP) - received
        if missing > 0:
            shown = {"received": received, "engaged": engaged, "missing": missing, "back": back}
            faults.append(
                Fault(
                    _("dispositif %(code)s") % {"code": programme.code},
                    _(
                        "%(received)s reçus pour %(engaged)s payés, à payer ou utilisables : il manque %(missing)s ; "
                        "des opérateurs doivent rendre %(back)s"
                    )
                    % {name: euros(amount) for name, amount in shown.items()},
                )
            )
    return faults


INVARIANTS = (
    Invariant(
        "statement_total",
        _("Le total d’un relevé est la somme de ses lignes et des pass de son opérateur."),
        _statement_totals,
    ),
    Invariant(
        "one_live_line",
        _("Un pass utilisé est dû une fois au plus."),
        _found(ONE_LIVE_LINE, _("pass utilisé {0}"), _("{2} lignes vivantes de sens {1}")),
    ),
    Invariant(
        "line_value",
        _("Une ligne vaut ce que vaut le pass utilisé, avec son signe."),
        _found(LINE_VALUE, _("ligne {0} du relevé {1}"), _("{2} centimes au lieu de {3}")),
    ),
    Invariant(
        "taken_back_was_owed",
        _("On ne reprend que des pass annulés qui étaient dus."),
        _found(
            TAKEN_BACK_BUT_NOT_OWED,
            _("pass utilisé {0}"),
            _("repris sur le relevé {1} sans annulation ou sans avoir été dû"),
        ),
    ),
    Invariant(
        "owed_before_annulled",
        _("Un pass annulé n’est dû que s’il l’était avant son annulation."),
        _found(
            OWED_THOUGH_ANNULLED, _("pass utilisé {0}"), _("annulé le {2}, dû sur le relevé {1} arrêté après, le {3}")
        ),
    ),
    Invariant(
        "cancelled_together",
        _("Un relevé et ses lignes sont annulés ensemble."),
        _found(CANCELLED_TOGETHER, _("relevé {0}"), _("état « {1} », {2} lignes dans l’autre état")),
    ),
    Invariant(
        "paid_has_payment",
        _("Un relevé payé, ou en cours de paiement, a un paiement dans le même état."),
        _found(STATE_WITHOUT_PAYMENT, _("relevé {0}"), _("état « {1} » sans paiement qui y réponde")),
    ),
    Invariant(
        "payment_amount",
        _("Un paiement vaut le total de son relevé."),
        _found(PAYMENT_AMOUNT, _("paiement {0}"), _("{1} centimes au lieu de {3} sur le relevé {2}")),
    ),
    Invariant(
        "payment_batch_total",
        _("Un ordre de paiement vaut la somme de ses paiements."),
        _found(BATCH_TOTAL, _("ordre de paiement {0}"), _("{1} centimes au lieu de {2}")),
    ),
    Invariant(
        "exact_cover",
        _("Reçu − payé couvre les pass utilisables et les pass utilisés à payer, sans compter ce qui est à rendre."),
        _exact_cover,
    ),
    Invariant(
        "two_people",
        _("Un ordre de paiement est préparé par une personne et approuvé par une autre."),
        _found(TWO_PEOPLE, _("ordre de paiement {0}"), _("état « {1} » sans deux personnes différentes")),
    ),
)
