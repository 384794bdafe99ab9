"""Tables that leave as files, row by row: French spreadsheets open them without asking anything."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

BYTE_ORDER_MARK = "\ufeff"
#: A spreadsheet runs a cell that begins so: a name given by somebody else must stay a name.
RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """Where csv writes: it gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV file line by line: UTF-8 with its mark, semicolons, as spreadsheets set to French expect.

    Texts that a spreadsheet would run as a formula get an apostrophe before them; numbers are left as they are.
    """
    writer = csv.writer(_Line(), delimiter=";")
    yield BYTE_ORDER_MARK + str(writer.writerow(headings))
    for row in rows:
        yield str(writer.writerow([_harmless(cell) for cell in row]))


def decimal_comma(cents: int) -> str:
    """Cents as a French decimal number: ``1234,50``. No currency, no thin space: a spreadsheet adds it up."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole},{rest:02d}"


def _harmless(cell: Any) -> Any:
    text = cell if isinstance(cell, str) else ""
    return f"'{text}" if text.startswith(RUNS_AS_FORMULA) and not _is_number(text) else cell


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(",", "", 1).isdecimal()
