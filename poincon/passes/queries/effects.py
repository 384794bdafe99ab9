"""What a decision about a programme would do to the validity of its passes, before it is taken."""

from dataclasses import dataclass
from datetime import date

from poincon.passes.models import Batch
from poincon.programmes.models import ProgrammeChange
from poincon.programmes.queries import changes_of
from poincon.programmes.rules import validity_end


@dataclass(frozen=True)
class MovedBatch:
    """A batch, the last day of its passes as things stand, and what it would become."""

    batch: Batch
    before: date
    after: date

    @property
    def moves(self) -> bool:
        return self.after != self.before


def moved_batches(change: ProgrammeChange) -> list[MovedBatch]:
    """The batches of the programme that may still be used, with their last day before and after ``change``.

    ``change`` is not written yet. Two statements.
    """
    decided = changes_of(change.programme_id)
    open_batches = Batch.objects.filter(programme=change.programme_id, cancelled_at=None, expired_at=None)
    return [
        MovedBatch(batch, _last_day(batch, decided), _last_day(batch, [*decided, change]))
        for batch in open_batches.order_by("number")
    ]


def _last_day(batch: Batch, changes: list[ProgrammeChange]) -> date:
    return validity_end(batch.valid_until, changes, valid_from=batch.valid_from, ordered_at=batch.ordered_at)
