"""CSV and XLSX files: French spreadsheets open them, and nothing in them runs."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest

from poincon.kernel.tables import csv_lines, decimal_comma, worksheet_file

#: A worksheet knows no time zone: moments come to it as the clock of the site shows them.
NOON = datetime(2026, 3, 4, 12, 0)  # noqa: DTZ001


def read(lines: list[str]) -> list[list[str]]:
    return list(csv.reader("".join(lines).removeprefix("\ufeff").splitlines(), delimiter=";"))


def test_a_file_is_read_back() -> None:
    lines = list(csv_lines(["nom", "valeur"], [["L’Atelier ; « café »", "10,00"], ['dit "Le Lieu"', 3]]))
    assert lines[0].startswith("\ufeff")
    assert read(lines) == [["nom", "valeur"], ["L’Atelier ; « café »", "10,00"], ['dit "Le Lieu"', "3"]]


def test_rows_are_taken_one_at_a_time() -> None:
    taken = []

    def rows() -> Iterator[list[int]]:
        for rank in range(3):
            taken.append(rank)
            yield [rank]

    lines = csv_lines(["rang"], rows())
    next(lines)
    next(lines)
    assert taken == [0]


@pytest.mark.parametrize("name", ["=1+1", "+33", "-x", "@ici", "\tx"])
def test_a_name_never_runs_as_a_formula(name: str) -> None:
    [_, row] = read(list(csv_lines(["nom"], [[name]])))
    assert row == [f"'{name}"]


@pytest.mark.parametrize("number", ["-10,00", "12", -3])
def test_numbers_stay_numbers(number: object) -> None:
    [_, row] = read(list(csv_lines(["n"], [[number]])))
    assert row == [str(number)]


@pytest.mark.parametrize(("cents", "text"), [(0, "0,00"), (5, "0,05"), (123450, "1234,50"), (-1000, "-10,00")])
def test_decimal_comma(cents: int, text: str) -> None:
    assert decimal_comma(cents) == text


def sheet_of(rows: list[list[Any]]) -> str:
    with worksheet_file(["nom", "valeur"], rows) as file, ZipFile(file) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_a_worksheet_keeps_the_nature_of_each_cell() -> None:
    sheet = sheet_of([["Atelier", Decimal("1234.5")], [date(2026, 3, 4), 7], [NOON, True]])
    assert "<v>1234.5</v>" in sheet
    assert "<v>46085</v>" in sheet
    assert "<v>46085.5</v>" in sheet
    assert "<v>7</v>" in sheet
    assert "<t>Atelier</t>" in sheet
    assert "<t>True</t>" in sheet


def test_a_worksheet_runs_nothing() -> None:
    sheet = sheet_of([["=1+1", "@SUM(A1)"], ["https://ailleurs.example", "+33 5 55"]])
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "<t>=1+1</t>" in sheet


def test_an_empty_cell_is_not_written() -> None:
    assert 'r="A2"' not in sheet_of([[None, ""]])
