"""What each person used before: read with the lock of the booklets, and only where a ceiling asks it."""

from collections.abc import Iterable
from typing import Any

from poincon.kernel.db import Statement, as_date, row_lock
from poincon.passes.rules import Usage

#: A person is a case file or, where booklets are handed over without one, the booklet itself.
Person = tuple[str, int]
Rows = Iterable[tuple[Any, ...]]

WITH_CEILINGS = (
    "JOIN passes_batch t ON t.id = b.batch_id JOIN programmes_programme p ON p.id = t.programme_id "
    "AND COALESCE(p.max_passes_per_session, p.max_passes_per_day, p.max_passes_per_person) IS NOT NULL "
    "WHERE b.number IN ({numbers})"
)
# Two booklets of one person scanned at the same second must not both pass under the ceiling: lock the case file.
LOCK_CASE_FILES = (
    "SELECT h.booklet_id, h.passes, c.id FROM passes_booklet b "
    "JOIN passes_handover h ON h.booklet_id = b.id AND h.cancellation_id IS NULL "
    f"JOIN beneficiaries_casefile c ON c.id = h.case_file_id {WITH_CEILINGS} ORDER BY c.id"
)
COUNT_USES = (
    "SELECT 'case file', h.case_file_id, r.day, r.venue_id, r.service_id, COUNT(*) "
    "FROM passes_handover h JOIN passes_redemption r ON r.booklet_id = h.booklet_id "
    "AND r.annulment_id IS NULL AND ((h.passes >> (r.position - 1)) & 1) = 1 "
    "WHERE h.cancellation_id IS NULL AND h.case_file_id IN (SELECT given.case_file_id FROM passes_booklet b "
    f"JOIN passes_handover given ON given.booklet_id = b.id AND given.cancellation_id IS NULL {WITH_CEILINGS}) "
    "GROUP BY h.case_file_id, r.day, r.venue_id, r.service_id "
    "UNION ALL SELECT 'booklet', r.booklet_id, r.day, r.venue_id, r.service_id, COUNT(*) FROM passes_booklet b "
    f"JOIN passes_redemption r ON r.booklet_id = b.id AND r.annulment_id IS NULL {WITH_CEILINGS} "
    "GROUP BY r.booklet_id, r.day, r.venue_id, r.service_id"
)


def usage_statements(numbers: str) -> list[Statement]:
    """Lock the case files that hold these booklets (numbers, comma separated), then count what they used."""
    return [
        Statement(LOCK_CASE_FILES.format(numbers=numbers) + row_lock(of="c")),
        Statement(COUNT_USES.format(numbers=numbers)),
    ]


class UsageBook:
    """Finds the usage of the person who holds given passes of a booklet, from the rows of ``usage_statements``."""

    def __init__(self, handed: Rows, uses: Rows) -> None:
        self._handed: dict[int, list[tuple[int, int]]] = {}
        self._usages: dict[Person, Usage] = {}
        for booklet_id, passes, case_file_id in handed:
            self._handed.setdefault(booklet_id, []).append((passes, case_file_id))
        for kind, person_id, day, venue_id, service_id, count in uses:
            self._usage((kind, person_id)).add(as_date(day), venue_id, service_id, count)

    def of(self, booklet_id: int, passes: int) -> Usage:
        """What the person who was given ``passes`` (a mask) of this booklet used before."""
        for handed, case_file_id in self._handed.get(booklet_id, ()):
            if handed & passes:
                return self._usage(("case file", case_file_id))
        return self._usage(("booklet", booklet_id))

    def _usage(self, person: Person) -> Usage:
        return self._usages.setdefault(person, Usage())
