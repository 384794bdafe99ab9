"""What must always be true of the money behind programmes. ``poincon check`` runs it and names the rows at fault."""

from django.utils.translation import gettext_lazy as _

from poincon.kernel.invariants import Fault, Invariant, rows_at_fault
from poincon.kernel.money import euros

HONOURED_BEYOND = """
    SELECT p.code, c.reference, c.amount, h.honoured
    FROM (SELECT realises_id, SUM(amount) AS honoured FROM programmes_fundingreceipt
          WHERE realises_id IS NOT NULL GROUP BY realises_id) h
    JOIN programmes_fundingreceipt c ON c.id = h.realises_id
    JOIN programmes_programme p ON p.id = c.programme_id
    LEFT JOIN programmes_fundingreceipt x ON x.corrects_id = c.id
    WHERE c.kind <> 'commitment' OR h.honoured > c.amount + COALESCE(x.amount, 0)
"""


def _honoured_beyond() -> list[Fault]:
    return [
        Fault(
            _("engagement %(reference)s de « %(code)s »") % {"reference": reference, "code": code},
            # PostgreSQL adds whole numbers into a decimal one.
            _("honoré de %(honoured)s pour %(amount)s") % {"honoured": euros(int(honoured)), "amount": euros(amount)},
        )
        for code, reference, amount, honoured in rows_at_fault(HONOURED_BEYOND)
    ]


INVARIANTS = (
    Invariant(
        "commitment_honoured_once",
        _("Les versements qui honorent un engagement n’en dépassent jamais le montant."),
        _honoured_beyond,
    ),
)
