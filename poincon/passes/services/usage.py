"""What each person used before: read under the lock of the booklets, and only where a ceiling asks it.

Small statements on purpose: the planner takes longer over one that joins everything than the database over all of them.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from poincon.kernel.db import Statement, as_date, row_lock, run_together
from poincon.passes.positions import mask_of
from poincon.passes.rules import BookletState, Usage

#: A person is a case file or, where booklets are handed over without one, the booklet itself.
Person = tuple[str, int]

# Two booklets of one person scanned at the same second must not both pass under the ceiling: lock the case file.
LOCK_CASE_FILES = (
    "SELECT h.booklet_id, h.passes, c.id FROM passes_handover h "
    "JOIN beneficiaries_casefile c ON c.id = h.case_file_id "
    "WHERE h.booklet_id IN ({ids}) AND h.cancellation_id IS NULL ORDER BY c.id"
)
USES_OF_CASE_FILES = (
    "SELECT h.case_file_id, r.position, r.day, r.venue_id, r.service_id FROM passes_handover h "
    "JOIN passes_redemption r ON r.booklet_id = h.booklet_id "
    "WHERE h.case_file_id IN ({ids}) AND h.cancellation_id IS NULL "
    "AND r.annulment_id IS NULL AND ((h.passes >> (r.position - 1)) & 1) = 1"
)
USES_OF_BOOKLETS = (
    "SELECT r.booklet_id, r.position, r.day, r.venue_id, r.service_id FROM passes_redemption r "
    "WHERE r.booklet_id IN ({ids}) AND r.annulment_id IS NULL"
)


class UsageBook:
    """Finds the usage of the person who holds given passes of these booklets. Locks the case files it counts for."""

    def __init__(self, booklets: Iterable[BookletState]) -> None:
        self._handed: dict[int, list[tuple[int, int]]] = {}
        self._usages: dict[Person, Usage] = {}
        if wanted := list(booklets):
            self._read(wanted)

    def of(self, booklet_id: int, passes: int) -> Usage:
        """What the person who was given ``passes`` (a mask) of this booklet used before."""
        for handed, case_file_id in self._handed.get(booklet_id, ()):
            if handed & passes:
                return self._usage(("case file", case_file_id))
        return self._usage(("booklet", booklet_id))

    def _read(self, booklets: list[BookletState]) -> None:
        ids = [booklet.booklet_id for booklet in booklets]
        for booklet_id, passes, case_file_id in _rows(LOCK_CASE_FILES, ids, row_lock(of="c")):
            self._handed.setdefault(booklet_id, []).append((passes, case_file_id))
        if case_files := {case_file_id for handed in self._handed.values() for _, case_file_id in handed}:
            for case_file_id, _, day, venue_id, service_id in _rows(USES_OF_CASE_FILES, case_files):
                self._usage(("case file", case_file_id)).add(as_date(day), venue_id, service_id, 1)
        if alone := [booklet.booklet_id for booklet in booklets if booklet.handed & ~self._named(booklet.booklet_id)]:
            for booklet_id, position, day, venue_id, service_id in _rows(USES_OF_BOOKLETS, alone):
                if not self._named(booklet_id) & mask_of([position]):
                    self._usage(("booklet", booklet_id)).add(as_date(day), venue_id, service_id, 1)

    def _named(self, booklet_id: int) -> int:
        """The passes of a booklet that were given to somebody with a case file."""
        return reduce(or_, (passes for passes, _ in self._handed.get(booklet_id, ())), 0)

    def _usage(self, person: Person) -> Usage:
        return self._usages.setdefault(person, Usage())


def _rows(template: str, ids: Iterable[int], lock: str = "") -> list[tuple[Any, ...]]:
    listed = ",".join(str(int(row_id)) for row_id in ids)
    (rows,) = run_together([Statement(template.format(ids=listed) + lock)])
    return rows
