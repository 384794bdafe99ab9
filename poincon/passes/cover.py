"""The cover of a programme: is there money behind every usable pass? (section "Money" of the domain)."""

from dataclasses import dataclass

from django.db import connection

from poincon.kernel.db import bit_count_sql
from poincon.kernel.money import WHOLE_BP
from poincon.passes.enums import Custody, Validity
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import Programme
from poincon.programmes.queries import receipts_by_kind


@dataclass(frozen=True)
class Cover:
    """Amounts in cents. ``received`` is cash and commitments; the law wants them told apart, the rule adds them."""

    received_cash: int
    received_commitments: int
    active_unused: int
    redeemed: int
    required_bp: int

    @property
    def received(self) -> int:
        return self.received_cash + self.received_commitments

    @property
    def engaged(self) -> int:
        """What the programme owes or may come to owe: usable passes, and passes used (paid or not)."""
        return self.active_unused + self.redeemed

    @property
    def ratio_bp(self) -> int | None:
        """Received for each 10 000 engaged; None when nothing is engaged."""
        return self.received * WHOLE_BP // self.engaged if self.engaged else None

    def holds(self, *, more: int = 0) -> bool:
        """Whether the required cover still holds with ``more`` cents engaged.

        receipts − paid ≥ active unused + redeemed and unpaid, with paid added on both sides.
        """
        return self.received * WHOLE_BP >= (self.engaged + more) * self.required_bp

    def missing(self, *, more: int = 0) -> int:
        """The cents to receive before ``more`` may be engaged; 0 when the cover holds."""
        required = -(-(self.engaged + more) * self.required_bp // WHOLE_BP)
        return max(0, required - self.received)


def cover(programme: Programme) -> Cover:
    """The cover of a programme now. Three statements, whatever its size."""
    receipts = receipts_by_kind(programme.pk)
    return Cover(
        received_cash=receipts[ReceiptKind.CASH],
        received_commitments=receipts[ReceiptKind.COMMITMENT],
        active_unused=_active_unused(programme.pk),
        redeemed=_redeemed(programme.pk),
        required_bp=programme.required_cover_bp,
    )


def _active_unused(programme_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COALESCE(SUM(t.unit_value * (b.size - {bit_count_sql('b.used')})), 0) "
            "FROM passes_booklet b JOIN passes_batch t ON t.id = b.batch_id "
            "WHERE t.programme_id = %s AND b.validity = %s AND b.custody <> %s",
            [programme_id, Validity.ACTIVE, Custody.DESTROYED],
        )
        return int(cursor.fetchone()[0])


def _redeemed(programme_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(SUM(value), 0) FROM passes_redemption WHERE programme_id = %s AND annulment_id IS NULL",
            [programme_id],
        )
        return int(cursor.fetchone()[0])
