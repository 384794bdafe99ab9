"""The simplest document: a title, facts, tables. For slips and statements that need no template of their own."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from poincon.kernel.documents.engine import DocumentError, Letterhead, render

TEMPLATE = Path(__file__).parent / "tables.typ"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and whether it holds numbers (set to the right)."""

    heading: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; `total` is an optional last row, in bold. Every row has one text per column."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()

    def __post_init__(self) -> None:
        for number, row in enumerate([*self.rows, *([self.total] if self.total else [])], start=1):
            if len(row) != len(self.columns):
                raise DocumentError(
                    f"Tableau « {self.caption} », ligne {number} : {len(row)} cases pour {len(self.columns)} colonnes."
                )


@dataclass(frozen=True, slots=True)
class _Page:
    issuer: str
    facts: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    paragraphs: Sequence[str]
    signatures: Sequence[str]
    reference: str = field(default="")


def render_tables(
    *,
    title: str,
    issuer: str,
    facts: Sequence[tuple[str, str]] = (),
    tables: Sequence[Table] = (),
    paragraphs: Sequence[str] = (),
    signatures: Sequence[str] = (),
    reference: str = "",
    letterhead: Letterhead | None = None,
    lang: str = "fr",
    moment: datetime | None = None,
) -> bytes:
    """A tagged A4 document: issuer, title, `facts` (label, value), paragraphs, tables, one box per signature.

    Long tables repeat their headings on each page; every page carries `reference` and its number. Raises DocumentError.
    """
    page = _Page(issuer, facts, tables, paragraphs, signatures, reference)
    return render(TEMPLATE, asdict(page), title=title, letterhead=letterhead, lang=lang, moment=moment)
