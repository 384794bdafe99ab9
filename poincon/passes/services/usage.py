"""What each person used before, and whose each pass is: read in the exchange that locks the booklets."""

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_
from typing import Any

from poincon.kernel.db import PlannedStatement, Statement, as_date
from poincon.passes.positions import mask_of
from poincon.passes.rules import Usage

#: A person is a case file or, where booklets are handed over without one, the booklet itself.
Person = tuple[str, int]

BOOKLETS = "(SELECT b.id FROM passes_booklet b WHERE b.number {among})"
# Two booklets of one person scanned at the same second must not both pass under the ceiling.
LOCK_CASE_FILES = PlannedStatement(
    "SELECT c.id FROM beneficiaries_casefile c WHERE c.id IN (SELECT h.case_file_id FROM passes_handover h "
    f"WHERE h.booklet_id IN {BOOKLETS} AND h.cancellation_id IS NULL) ORDER BY c.id{{lock}}",
    lock="c",
)
HAND_OVERS = PlannedStatement(
    "SELECT h.booklet_id, h.passes, h.direct, h.case_file_id FROM passes_handover h "
    f"WHERE h.booklet_id IN {BOOKLETS} AND h.cancellation_id IS NULL",
)
USES_OF_CASE_FILES = PlannedStatement(
    "SELECT h.case_file_id, r.day, r.venue_id, r.service_id FROM passes_handover h "
    "JOIN passes_redemption r ON r.booklet_id = h.booklet_id "
    "WHERE h.case_file_id IN (SELECT n.case_file_id FROM passes_handover n "
    f"WHERE n.booklet_id IN {BOOKLETS} AND n.cancellation_id IS NULL) AND h.cancellation_id IS NULL "
    "AND r.annulment_id IS NULL AND ((h.passes >> (r.position - 1)) & 1) = 1",
)
USES_OF_BOOKLETS = PlannedStatement(
    "SELECT r.booklet_id, r.position, r.day, r.venue_id, r.service_id FROM passes_redemption r "
    f"WHERE r.booklet_id IN {BOOKLETS} AND r.annulment_id IS NULL",
)
Rows = Sequence[tuple[Any, ...]]


def usage_statements(numbers: Collection[int]) -> list[Statement]:
    """Lock the case files that hold the booklets of these numbers; then what a ``UsageBook`` is made of."""
    return [
        statement.about(numbers) for statement in (LOCK_CASE_FILES, HAND_OVERS, USES_OF_CASE_FILES, USES_OF_BOOKLETS)
    ]


class UsageBook:
    """Finds the usage of the person who holds given passes of these booklets.

    Made of the rows of ``usage_statements`` (after the first), which lock the case files it counts for.
    """

    def __init__(self, hand_overs: Rows = (), by_case_file: Rows = (), by_booklet: Rows = ()) -> None:
        self._named: dict[int, dict[int, int]] = {}
        self._unnamed: dict[int, list[int]] = {}
        self._usages: dict[Person, Usage] = {}
        self._keep_shares(hand_overs)
        named = {booklet_id: reduce(or_, masks.values()) for booklet_id, masks in self._named.items()}
        for case_file_id, day, venue_id, service_id in by_case_file:
            self._usage(("case file", case_file_id)).add(as_date(day), venue_id, service_id, 1)
        for booklet_id, position, day, venue_id, service_id in by_booklet:
            if not named.get(booklet_id, 0) & mask_of([position]):
                self._usage(("booklet", booklet_id)).add(as_date(day), venue_id, service_id, 1)

    def of(self, booklet_id: int, passes: int) -> Usage:
        """What the person who was given ``passes`` (a mask) of this booklet used before."""
        for case_file_id, handed in self._named.get(booklet_id, {}).items():
            if handed & passes:
                return self._usage(("case file", case_file_id))
        return self._usage(("booklet", booklet_id))

    def shares(self, booklet_id: int) -> list[int]:
        """The masks of the passes of each person, as far as is known: without a case file, one for each hand-over.

        A pass that a scan handed over by itself is in none: nobody carries it.
        """
        return [*self._named.get(booklet_id, {}).values(), *self._unnamed.get(booklet_id, [])]

    def _keep_shares(self, hand_overs: Rows) -> None:
        for booklet_id, passes, direct, case_file_id in hand_overs:
            if case_file_id is not None:
                named = self._named.setdefault(booklet_id, {})
                named[case_file_id] = named.get(case_file_id, 0) | passes
            elif not direct:
                self._unnamed.setdefault(booklet_id, []).append(passes)

    def _usage(self, person: Person) -> Usage:
        usage = self._usages.get(person)
        if usage is None:
            usage = self._usages[person] = Usage()
        return usage
