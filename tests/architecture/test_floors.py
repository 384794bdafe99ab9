"""The shape of the house: floors, one place for the engines, rules without a database."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.repository import ROOT, sources, text

ENGINE_FILES = {Path("poincon/kernel") / name for name in ("alphabet.py", "db.py", "engines.py", "guards.py")}
ENGINE_WORDS = re.compile(r"\.vendor\b|\b(import|from) (psycopg|sqlite3)|\bSKIP LOCKED\b|\bPRAGMA\b|\bpg_\w+\(")
#: An order by a name, as a database compares texts.
NAME = r'"(?:[a-z_]+__)*(?:name|full_name|label)"'
PLAIN_ORDER = re.compile(rf'order_by\((?:[^()"]|(?!{NAME})"[^"]*"|\([^()]*\))*{NAME}')
#: What a pure rule may not look at: the database, the clock, and the rooms that use them. It may be given a row.
IMPURE_MODULES = re.compile(r"^django\.db$|^django\.db\.(?!models$)|\.(services|queries|tasks)(\.|$)")
IMPURE_WORDS = re.compile(r"\.objects\b|\btimezone\.now\(|\bdatetime\.now\(|\bdate\.today\(")


def modules(*, named: str = "*.py") -> list[Path]:
    return [name for name in sources(".py") if name.parts[0] == "poincon" and name.match(named)]


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(text(module))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_no_floor_imports_one_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == EXIT_STATUS_SUCCESS


def test_few_files_know_the_engines() -> None:
    knowing = [str(name) for name in modules() if name not in ENGINE_FILES and ENGINE_WORDS.search(text(name))]
    assert not knowing, f"move what differs between the engines to kernel/db.py: {knowing}"


def test_names_are_in_the_order_of_a_dictionary() -> None:
    """What a person reads in order, a list or a choice, is sorted by ``Alphabetical``; a file may sort as it likes."""
    plain = {str(name): found for name in modules() if (found := PLAIN_ORDER.findall(text(name)))}
    plain.pop("poincon/programmes/described.py")
    assert not plain, f"order_by(Alphabetical(…)) from kernel/alphabet.py: {plain}"


def test_rules_are_pure() -> None:
    rules = [*modules(named="rules.py"), *modules(named="rules/*.py")]
    impure = {
        str(name): found
        for name in rules
        if (found := [*filter(IMPURE_MODULES.search, imported(name)), *IMPURE_WORDS.findall(text(name))])
    }
    assert rules
    assert not impure, f"a rule computes from what it is given: {impure}"


def test_no_drawer() -> None:
    drawers = [str(name) for name in modules() if name.stem in {"utils", "util", "helpers", "common", "misc"}]
    assert not drawers, f"name these rooms after what they do: {drawers}"
