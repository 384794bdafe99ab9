"""How far the passes used went: settled, then paid."""

from dataclasses import dataclass

from django.db.models import Q, Sum

from poincon.settlement.enums import StatementState
from poincon.settlement.models import Statement


@dataclass(frozen=True, slots=True)
class Progress:
    """Passes and cents of the statements of a programme; what is paid is counted inside what is settled."""

    passes_settled: int
    passes_paid: int
    settled: int
    paid: int


def progress(programme_id: int) -> Progress:
    """What statements owe and what is paid of it, cancelled ones left out. One statement."""
    paid = Q(state=StatementState.PAID)
    live = Statement.objects.filter(programme=programme_id).exclude(state=StatementState.CANCELLED)
    counted = live.aggregate(
        passes_settled=Sum("passes", default=0),
        passes_paid=Sum("passes", filter=paid, default=0),
        settled=Sum("total", default=0),
        paid=Sum("total", filter=paid, default=0),
    )
    return Progress(**{name: int(value) for name, value in counted.items()})
