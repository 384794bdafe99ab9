"""The published lists shipped with Poinçon (docs/data-sources.md says where they come from)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from poincon.programmes.enums import Catalogue

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class ListedService:
    """A service of a published list; ``national`` is the code of the national one it is a part of, or ""."""

    code: str
    label: str
    catalogue: Catalogue
    national: str = ""


@dataclass(frozen=True)
class ListedPublic:
    """A value of the data·inclusion v1 list of publics."""

    code: str
    label: str


@cache
def listed_services() -> tuple[ListedService, ...]:
    """The 9 national services, then the finer themes that map to them."""
    rows = json.loads((DATA / "services.json").read_text(encoding="utf-8"))
    return tuple(ListedService(**(row | {"catalogue": Catalogue(row["catalogue"])})) for row in rows)


@cache
def listed_publics() -> tuple[ListedPublic, ...]:
    """The publics of data·inclusion v1."""
    rows = json.loads((DATA / "publics.json").read_text(encoding="utf-8"))
    return tuple(ListedPublic(**row) for row in rows)
