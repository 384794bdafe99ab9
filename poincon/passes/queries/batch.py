"""Days, and what is read of one batch."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from poincon.passes.models import Batch
from poincon.programmes.models import Programme, ProgrammeChange
from poincon.programmes.queries import changes_of
from poincon.programmes.rules import validity_end


def day_of(programme: Programme, moment: datetime) -> date:
    """The day of ``moment`` where the programme is (overseas territories have their own zone)."""
    return moment.astimezone(ZoneInfo(programme.time_zone)).date()


def batch_last_day(batch: Batch) -> date:
    """The last day of validity of a batch, before the days of grace, moved by its programme's decisions.

    Expiring is final: what was decided later moves nothing.
    """
    return _last_day(batch, changes_of(batch.programme_id))


def last_days_of(programme_id: int) -> dict[int, date]:
    """``batch_last_day`` of every batch of a programme, by id. Two statements."""
    changes = changes_of(programme_id)
    return {batch.pk: _last_day(batch, changes) for batch in Batch.objects.filter(programme=programme_id)}


def _last_day(batch: Batch, decided: list[ProgrammeChange]) -> date:
    changes = [change for change in decided if batch.expired_at is None or change.decided_at < batch.expired_at]
    return validity_end(batch.valid_until, changes, valid_from=batch.valid_from, ordered_at=batch.ordered_at)
