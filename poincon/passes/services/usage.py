"""What each person used before, and whose each pass is: read under the lock of the booklets, in one exchange.

Small statements on purpose: the planner takes longer over one that joins everything than the database over all of them.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from poincon.kernel.db import Statement, as_date, row_lock, run_together
from poincon.passes.positions import mask_of
from poincon.passes.rules import BookletState, Usage

#: A person is a case file or, where booklets are handed over without one, the booklet itself.
Person = tuple[str, int]

# Two booklets of one person scanned at the same second must not both pass under the ceiling: lock the case file.
HAND_OVERS = (
    "WITH named AS (SELECT c.id FROM beneficiaries_casefile c WHERE c.id IN (SELECT h.case_file_id "
    "FROM passes_handover h WHERE h.booklet_id IN ({ids}) AND h.cancellation_id IS NULL) ORDER BY c.id{lock}) "
    "SELECT h.booklet_id, h.passes, h.direct, named.id FROM passes_handover h "
    "LEFT JOIN named ON named.id = h.case_file_id "
    "WHERE h.booklet_id IN ({ids}) AND h.cancellation_id IS NULL"
)
USES_OF_CASE_FILES = (
    "SELECT h.case_file_id, r.day, r.venue_id, r.service_id FROM passes_handover h "
    "JOIN passes_redemption r ON r.booklet_id = h.booklet_id "
    "WHERE h.case_file_id IN (SELECT n.case_file_id FROM passes_handover n "
    "WHERE n.booklet_id IN ({ids}) AND n.cancellation_id IS NULL) AND h.cancellation_id IS NULL "
    "AND r.annulment_id IS NULL AND ((h.passes >> (r.position - 1)) & 1) = 1"
)
USES_OF_BOOKLETS = (
    "SELECT r.booklet_id, r.position, r.day, r.venue_id, r.service_id FROM passes_redemption r "
    "WHERE r.booklet_id IN ({ids}) AND r.annulment_id IS NULL"
)
Rows = Sequence[tuple[Any, ...]]


class UsageBook:
    """Finds the usage of the person who holds given passes of these booklets.

    Reads at the first question, so that a request whose scans are refused before it costs nothing; locks the case files
    it counts for, after the booklets.
    """

    def __init__(self, booklets: Iterable[BookletState]) -> None:
        self._ids = sorted(booklet.booklet_id for booklet in booklets)
        self._was_read = False
        self._named: dict[int, dict[int, int]] = {}
        self._unnamed: dict[int, list[int]] = {}
        self._usages: dict[Person, Usage] = {}

    def of(self, booklet_id: int, passes: int) -> Usage:
        """What the person who was given ``passes`` (a mask) of this booklet used before."""
        self._read()
        for case_file_id, handed in self._named.get(booklet_id, {}).items():
            if handed & passes:
                return self._usage(("case file", case_file_id))
        return self._usage(("booklet", booklet_id))

    def shares(self, booklet_id: int) -> list[int]:
        """The masks of the passes of each person, as far as is known: without a case file, one for each hand-over.

        A pass that a scan handed over by itself is in none: nobody carries it.
        """
        self._read()
        return [*self._named.get(booklet_id, {}).values(), *self._unnamed.get(booklet_id, [])]

    def _read(self) -> None:
        if self._was_read or not self._ids:
            return
        self._was_read = True
        listed, lock = ",".join(str(int(row_id)) for row_id in self._ids), row_lock(of="c")
        statements = (HAND_OVERS, USES_OF_CASE_FILES, USES_OF_BOOKLETS)
        hand_overs, by_case_file, by_booklet = run_together(
            [Statement(template.format(ids=listed, lock=lock)) for template in statements]
        )
        self._keep_shares(hand_overs)
        for case_file_id, day, venue_id, service_id in by_case_file:
            self._usage(("case file", case_file_id)).add(as_date(day), venue_id, service_id, 1)
        for booklet_id, position, day, venue_id, service_id in by_booklet:
            if not reduce(or_, self._named.get(booklet_id, {}).values(), 0) & mask_of([position]):
                self._usage(("booklet", booklet_id)).add(as_date(day), venue_id, service_id, 1)

    def _keep_shares(self, hand_overs: Rows) -> None:
        for booklet_id, passes, direct, case_file_id in hand_overs:
            if case_file_id is not None:
                named = self._named.setdefault(booklet_id, {})
                named[case_file_id] = named.get(case_file_id, 0) | passes
            elif not direct:
                self._unnamed.setdefault(booklet_id, []).append(passes)

    def _usage(self, person: Person) -> Usage:
        return self._usages.setdefault(person, Usage())
