"""CSV files: French spreadsheets open them, and nothing in them runs."""

import csv
from collections.abc import Iterator

import pytest

from poincon.kernel.tables import csv_lines, decimal_comma


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
