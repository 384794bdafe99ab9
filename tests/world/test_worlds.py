"""The two databases themselves: they can be built, on any day.

The full one that already stands has its own module: two of them would not fit in one database.
"""

from datetime import datetime

import pytest
from django.utils import timezone

from poincon.passes.invariants import INVARIANTS as OF_PASSES
from poincon.settlement.invariants import INVARIANTS as OF_SETTLEMENT
from tests.world import build_empty, build_full

#: Half an hour into a year, the last evening of a short month, a day when clocks change, an ordinary one.
DAYS = ["2026-01-01 00:30", "2026-02-28 23:50", "2026-03-29 12:00", "2026-11-22 09:00"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", DAYS)
def test_the_full_story_can_be_played_on_any_day(day: str) -> None:
    now = datetime.fromisoformat(day).replace(tzinfo=timezone.get_default_timezone())
    world = build_full(now=now)
    assert [fault for invariant in (*OF_PASSES, *OF_SETTLEMENT) for fault in invariant.find()] == []
    assert world.programme.statements.exists()


def test_nothing_has_happened_in_the_empty_database() -> None:
    world = build_empty()
    assert not world.programme.batches.exists()
    assert not world.programme.receipts.exists()
