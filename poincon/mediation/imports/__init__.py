"""A whole network brought in from a table: organisations, places, people."""

from poincon.kernel.table_files import read_table
from poincon.mediation.imports.columns import (
    NetworkRow,
    RowProblem,
    ignored_headings,
    read_network_rows,
    template_headings,
)

#: A département's network is some hundred rows; the national directory comes in parts.
MOST_ROWS = 2_000


def read_network_file(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV or XLSX file, by heading. Raises the refusals of ``kernel.table_files``."""
    return read_table(content, most_rows=MOST_ROWS)


__all__ = [
    "MOST_ROWS",
    "NetworkRow",
    "RowProblem",
    "ignored_headings",
    "read_network_file",
    "read_network_rows",
    "template_headings",
]
