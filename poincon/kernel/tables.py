"""Tables that leave as files, row by row: French spreadsheets open them without asking anything."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

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


#: What a worksheet can hold, its headings included.
MOST_WORKSHEET_ROWS = 1_048_576
COLUMN_WIDTHS = (12, 40)
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def worksheet_file(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """An XLSX file, written row by row to a temporary file, which is given back open at its beginning.

    Numbers, decimals (two places: amounts), days and moments stay what they are; everything else is written as text,
    which no spreadsheet runs as a formula. At most ``MOST_WORKSHEET_ROWS`` rows.
    """
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  the answer that sends it closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "remove_timezone": True})
    sheet = book.add_worksheet()
    formats = {
        Decimal: book.add_format({"num_format": "#,##0.00"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    _write_headings(sheet, headings, book.add_format({"bold": True, "bottom": 1}))
    for rank, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _write_cell(sheet, rank, column, cell, formats)
    book.close()
    file.seek(0)
    return file


def _write_headings(sheet: Worksheet, headings: Sequence[str], bold: Format) -> None:
    narrowest, widest = COLUMN_WIDTHS
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, min(max(len(heading) + 2, narrowest), widest))
        sheet.write_string(0, column, heading, bold)
    sheet.freeze_panes(1, 0)


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Any, formats: dict[type, Format]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime | date):
        sheet.write_datetime(row, column, cell, formats[type(cell)])
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell, formats.get(type(cell)))
    else:
        sheet.write_string(row, column, str(cell))


def _harmless(cell: Any) -> Any:
    text = cell if isinstance(cell, str) else ""
    return f"'{text}" if text.startswith(RUNS_AS_FORMULA) and not _is_number(text) else cell


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(",", "", 1).isdecimal()
