"""docs/programme-file.md says what the reader of the file knows: no more, no less."""

import re
from pathlib import Path

import pytest

from poincon.programmes.catalogue import listed_publics, listed_services
from poincon.programmes.enums import Catalogue
from poincon.programmes.specification import read_programme
from poincon.programmes.tables import Table
from tests.programmes.test_specification import EXAMPLE

PAGE = Path(__file__).parents[2] / "docs" / "programme-file.md"


def documented() -> dict[str, set[str]]:
    """Section → keys of its table."""
    keys: dict[str, set[str]] = {}
    for section in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name = re.match(r"`\[+(\w+)\]+`", section)
        found = set(re.findall(r"^\| `(\w+)`", section, flags=re.MULTILINE))
        if found:
            keys[name[1] if name else ""] = found
    return keys


def test_every_key_is_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, set[str]] = {}

    def finish(table: Table) -> None:
        found = re.search(r"\w+", table.place)
        known[found[0] if found else ""] = table.known

    monkeypatch.setattr(Table, "finish", finish)
    read_programme(EXAMPLE)
    sections = set(known) - {""}
    assert documented() == known | {"": known[""] - sections}


def test_the_example_of_the_page_is_read() -> None:
    found = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert found
    assert read_programme(found[1].encode()).code == "creuse-2019"


def test_the_lists_of_the_page_are_the_published_ones() -> None:
    page = PAGE.read_text(encoding="utf-8")
    nationals = [row.code for row in listed_services() if row.catalogue is Catalogue.NATIONAL]
    missing = [code for code in [*nationals, *(row.code for row in listed_publics())] if f"`{code}`" not in page]
    assert not missing
