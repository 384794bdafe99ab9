"""Tables that come in as files: CSV as French spreadsheets write it, or XLSX. Every cell is read as a text."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from poincon.kernel.refusals import Refusal

LARGEST_FILE = 5_000_000
#: What a small file may hide: an XLSX is an archive.
LARGEST_UNPACKED = 100_000_000
MOST_COLUMNS = 100

TOO_LARGE = Refusal(
    "tables.too_large",
    _("Ce fichier est trop lourd : 5 Mo au plus."),
    _("Gardez seulement le tableau, ou coupez-le en plusieurs fichiers."),
)
NOT_A_TABLE = Refusal(
    "tables.not_a_table",
    _("Ce fichier n’est pas un tableau : ni CSV, ni XLSX."),
    _("Enregistrez-le depuis votre tableur au format CSV ou XLSX."),
)
NO_ROW = Refusal(
    "tables.no_row",
    _("Ce tableau est vide."),
    _("La première ligne porte le nom des colonnes, les suivantes une chose par ligne."),
)
TOO_MANY_ROWS = Refusal(
    "tables.too_many_rows",
    _("Ce tableau compte plus de %(most)s lignes."),
    _("Coupez-le en plusieurs fichiers."),
)
HEADING_TWICE = Refusal(
    "tables.heading_twice",
    _("La colonne « %(heading)s » y figure deux fois."),
    _("Renommez ou ôtez l’une des deux."),
)


def read_table(content: bytes, *, most_rows: int) -> list[dict[str, str]]:
    """The rows of a file, each by heading; the first line holds the headings. Empty lines are kept: they number rows.

    Raises a refusal when it is no table, empty, too large or too long, or when two columns have the same heading.
    """
    if len(content) > LARGEST_FILE:
        raise TOO_LARGE.filled()
    lines = _worksheet(content) if zipfile.is_zipfile(io.BytesIO(content)) else _csv(content)
    while lines and not any(lines[-1]):
        lines.pop()
    if len(lines) < 2:
        raise NO_ROW.filled()
    if len(lines) - 1 > most_rows:
        raise TOO_MANY_ROWS.filled(most=most_rows)
    headings = _headings(lines[0])
    return [
        {heading: line[column] if column < len(line) else "" for heading, column in headings.items()}
        for line in lines[1:]
    ]


def _headings(line: Sequence[str]) -> dict[str, int]:
    headings: dict[str, int] = {}
    for column, heading in enumerate(line[:MOST_COLUMNS]):
        if heading in headings:
            raise HEADING_TWICE.filled(heading=heading)
        if heading:
            headings[heading] = column
    return headings


def _csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error:
        raise NOT_A_TABLE.filled() from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NOT_A_TABLE.filled()


def _worksheet(content: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
            raise TOO_LARGE.filled()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows: Iterable[Sequence[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError):
        raise NOT_A_TABLE.filled() from None
    return [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in rows]


def _text(cell: Any) -> str:
    # A spreadsheet keeps 14 digits as a decimal number.
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
