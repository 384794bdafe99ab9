"""A refusal that is raised is a new one: the constant would keep the frames of every time it was raised."""

import ast
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT

FILES = sorted((ROOT / "poincon").rglob("*.py"))


def constants_raised(source: str) -> list[int]:
    """The lines that raise a name written in capitals, as it is."""
    raised = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Raise) and node.exc is not None]
    return [node.lineno for node in raised if _name(node.exc).isupper()]


def _name(raised: ast.expr | None) -> str:
    if isinstance(raised, ast.Attribute):
        return raised.attr
    return raised.id if isinstance(raised, ast.Name) else ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_constant_is_raised_as_it_is(path: Path) -> None:
    assert constants_raised(path.read_text(encoding="utf-8")) == []


def test_a_constant_raised_is_seen() -> None:
    assert constants_raised("raise REASON_MISSING\nraise refusals.SAME_PERSON\nraise NONE_LEFT.filled()") == [1, 2]
