"""docs/network-table.md says what the import knows: no more, no less."""

import re
from pathlib import Path

from poincon.mediation.imports import MOST_ROWS, template_headings
from poincon.mediation.imports.columns import known_headings

PAGE = (Path(__file__).parents[2] / "docs" / "network-table.md").read_text(encoding="utf-8")


def test_every_column_is_documented() -> None:
    assert tuple(re.findall(r"^\| `([^`]+)` \|", PAGE, flags=re.MULTILINE)) == template_headings()


def test_the_columns_of_the_standard_are_read() -> None:
    named = PAGE[PAGE.index("standard national") : PAGE.index("Ses autres colonnes")]
    columns = re.findall(r"`(\w+)`", named)
    assert columns
    assert {column.replace("_", " ") for column in columns} <= set(known_headings())


def test_the_limit_is_the_one_of_the_page() -> None:
    assert f"{MOST_ROWS:,}".replace(",", " ") in PAGE
