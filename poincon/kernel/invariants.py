"""What must always be true of the live database. Each floor names its own; ``poincon check`` runs them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext_lazy as _

from poincon.kernel.guards import APPEND_ONLY, guarded_tables
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


def _unguarded_facts() -> list[Fault]:
    tables = {apps.get_model(label)._meta.db_table for label in APPEND_ONLY}
    return [
        Fault(
            table,
            str(
                _("la base n’y refuse plus toutes les modifications et suppressions : un verrou manque ou a été altéré")
            ),
        )
        for table in sorted(tables - guarded_tables())
    ]


INVARIANTS = (
    Invariant("facts_guarded", _("La base refuse de modifier ou de supprimer un fait inscrit."), _unguarded_facts),
)
