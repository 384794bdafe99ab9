"""What must always be true of the live database. Each floor names its own; ``poincon check`` runs them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from poincon.kernel.refusals import Text

#: An invariant that is broken everywhere must not fill the screen: the first rows at fault are enough to start from.
MOST_FAULTS = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that breaks an invariant: which one, and what is wrong with it (in French)."""

    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """``code`` is stable, ``sentence`` says in French what is always true, ``find`` returns what breaks it."""

    code: str
    sentence: Text
    find: Callable[[], list[Fault]]


def rows_at_fault(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The first ``MOST_FAULTS`` rows of a query that finds what must not exist. ``sql`` is written by us."""
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {MOST_FAULTS}", parameters)
        return list(cursor.fetchall())
