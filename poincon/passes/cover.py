"""The cover of a programme: is there money behind every usable pass? (section "Money" of the domain)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from poincon.kernel.db import bit_count_sql
from poincon.kernel.money import WHOLE_BP
from poincon.passes.enums import Custody, Validity
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import Programme
from poincon.programmes.queries import receipts_by_kind

#: The cents of a programme (by its id) that a floor above knows to be gone for nothing: settlement counts there what it
#: paid for passes annulled since.
Debts = Callable[[int], int]
_debts: list[Debts] = []


def count_also(debts: Debts) -> None:
    """Count these debts in every cover from now on. Called by the floors above when the house opens."""
    _debts.append(debts)


@dataclass(frozen=True)
class Cover:
    """Amounts in cents. ``received`` is cash and commitments; the law wants them told apart, the rule adds them.

    ``owed_back`` was paid for passes annulled since: until it is given back it covers nothing.
    """

    received_cash: int
    received_commitments: int
    active_unused: int
    redeemed: int
    owed_back: int
    required_bp: int

    @property
    def received(self) -> int:
        return self.received_cash + self.received_commitments

    @property
    def engaged(self) -> int:
        """What the programme owes, may come to owe, or lost: usable passes, passes used (paid or not), debts."""
        return self.active_unused + self.redeemed + self.owed_back

    @property
    def ratio_bp(self) -> int | None:
        """Received for each 10 000 engaged; None when nothing is engaged."""
        return self.received * WHOLE_BP // self.engaged if self.engaged else None

    def holds(self, *, more: int = 0) -> bool:
        """Whether the required cover still holds with ``more`` cents engaged.

        receipts − paid ≥ active unused + redeemed and unpaid, with paid added on both sides: what was paid is for
        passes redeemed, or is owed back.
        """
        return self.received * WHOLE_BP >= (self.engaged + more) * self.required_bp

    def missing(self, *, more: int = 0) -> int:
        """The cents to receive before ``more`` may be engaged; 0 when the cover holds."""
        required = -(-(self.engaged + more) * self.required_bp // WHOLE_BP)
        return max(0, required - self.received)


def cover(programme: Programme) -> Cover:
    """The cover of a programme now. Three statements, whatever its size."""
    receipts = receipts_by_kind(programme.pk)
    active_unused, redeemed = _passes(programme.pk)
    return Cover(
        received_cash=receipts[ReceiptKind.CASH],
        received_commitments=receipts[ReceiptKind.COMMITMENT],
        active_unused=active_unused,
        redeemed=redeemed,
        # Counted last: a pass annulled meanwhile is then counted twice rather than not at all.
        owed_back=sum(debts(programme.pk) for debts in _debts),
        required_bp=programme.required_cover_bp,
    )


def _passes(programme_id: int) -> tuple[int, int]:
    """The cents of usable passes and of passes used: in one statement, so that none is seen between the two.

    The masks of the booklets say what is used, as they say it to a scan: there is a row for ten passes. ``poincon
    check`` compares them to the redemptions, which are worth what their batch says.
    """
    used = bit_count_sql("b.used")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(SUM(CASE WHEN b.validity = %s AND b.custody <> %s "
            f"THEN t.unit_value * (b.size - {used}) END), 0), COALESCE(SUM(t.unit_value * {used}), 0) "
            "FROM passes_booklet b JOIN passes_batch t ON t.id = b.batch_id WHERE t.programme_id = %s",
            [Validity.ACTIVE, Custody.DESTROYED, programme_id],
        )
        active_unused, redeemed = cursor.fetchone()
    return int(active_unused), int(redeemed)
