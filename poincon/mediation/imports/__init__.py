"""A whole network brought in from a table: organisations, places, people."""

from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.kernel.table_files import read_table
from poincon.mediation.imports.columns import (
    NetworkRow,
    RowProblem,
    ignored_headings,
    names_organisations,
    read_network_rows,
    template_headings,
)

SOMETHING_ELSE = Refusal(
    "mediation.table_of_something_else",
    _("Aucune colonne ne s’appelle « Organisation » ni « Lieu ». Ce tableau a pour colonnes : %(headings)s."),
    _("Partez du modèle à remplir : sa première ligne porte les noms attendus."),
)
#: Enough to recognise a file sent by mistake.
MOST_HEADINGS = 8

#: A département's network is some hundred rows; the national directory comes in parts.
MOST_ROWS = 2_000


def read_network_file(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV or XLSX file, by heading.

    Raises the refusals of ``kernel.table_files``, and ``mediation.table_of_something_else``.
    """
    rows = read_table(content, most_rows=MOST_ROWS)
    if rows and not names_organisations(rows[0]):
        raise SOMETHING_ELSE.filled(headings=", ".join([*rows[0]][:MOST_HEADINGS]))
    return rows


__all__ = [
    "MOST_ROWS",
    "NetworkRow",
    "RowProblem",
    "ignored_headings",
    "read_network_file",
    "read_network_rows",
    "template_headings",
]
