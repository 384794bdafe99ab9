"""What each person used before, read once for all the scans of a request, and only where a ceiling asks it."""

from collections.abc import Iterable

from django.db import connection

from poincon.kernel.db import as_date, row_lock
from poincon.passes.context import programme_context
from poincon.passes.rules import BookletState, Usage

#: A person is a case file or, where booklets are handed over without one, the booklet itself.
Person = tuple[str, int]

COUNT_BY_CASE_FILE = (
    "SELECT 'case file', h.case_file_id, r.day, r.venue_id, r.service_id, COUNT(*) "
    "FROM passes_handover h JOIN passes_redemption r ON r.booklet_id = h.booklet_id "
    "AND r.annulment_id IS NULL AND ((h.passes >> (r.position - 1)) & 1) = 1 "
    "WHERE h.cancellation_id IS NULL AND h.case_file_id IN ({}) "
    "GROUP BY h.case_file_id, r.day, r.venue_id, r.service_id"
)
COUNT_BY_BOOKLET = (
    "SELECT 'booklet', r.booklet_id, r.day, r.venue_id, r.service_id, COUNT(*) FROM passes_redemption r "
    "WHERE r.annulment_id IS NULL AND r.booklet_id IN ({}) GROUP BY r.booklet_id, r.day, r.venue_id, r.service_id"
)


class UsageBook:
    """Finds the usage of the person who holds given passes of a booklet. Locks the case files it counts for."""

    def __init__(self, booklets: Iterable[BookletState]) -> None:
        self._booklet_ids = [
            booklet.booklet_id
            for booklet in booklets
            if programme_context(booklet.programme_id, booklet.programme_version).has_ceilings
        ]
        self._handed: dict[int, list[tuple[int, int]]] = {}
        self._usages: dict[Person, Usage] = {}
        if self._booklet_ids:
            self._read()

    def of(self, booklet_id: int, passes: int) -> Usage:
        """What the person who was given ``passes`` (a mask) of this booklet used before."""
        for handed, case_file_id in self._handed.get(booklet_id, ()):
            if handed & passes:
                return self._usages.setdefault(("case file", case_file_id), Usage())
        return self._usages.setdefault(("booklet", booklet_id), Usage())

    def _read(self) -> None:
        with connection.cursor() as cursor:
            # Two booklets of one person scanned at the same second must not both pass under the ceiling: lock the file.
            cursor.execute(
                "SELECT h.booklet_id, h.passes, c.id FROM passes_handover h "
                "JOIN beneficiaries_casefile c ON c.id = h.case_file_id WHERE h.cancellation_id IS NULL "
                f"AND h.booklet_id IN ({_listed(self._booklet_ids)}) ORDER BY c.id{row_lock(of='c')}"
            )
            for booklet_id, passes, case_file_id in cursor.fetchall():
                self._handed.setdefault(booklet_id, []).append((passes, case_file_id))
            cursor.execute(self._count())
            for kind, person_id, day, venue_id, service_id, count in cursor.fetchall():
                usage = self._usages.setdefault((kind, person_id), Usage())
                usage.add(as_date(day), venue_id, service_id, count)

    def _count(self) -> str:
        case_files = {case_file for handed in self._handed.values() for _, case_file in handed}
        without = [booklet_id for booklet_id in self._booklet_ids if booklet_id not in self._handed]
        parts = []
        if case_files:
            parts.append(COUNT_BY_CASE_FILE.format(_listed(case_files)))
        if without:
            parts.append(COUNT_BY_BOOKLET.format(_listed(without)))
        return " UNION ALL ".join(parts)


def _listed(ids: Iterable[int]) -> str:
    return ",".join(str(int(row_id)) for row_id in ids)
