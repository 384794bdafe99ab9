"""The data files shipped with Poinçon (docs/data-sources.md), made by scripts/build_territories.py."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).resolve().parent / "data"
DEPARTEMENT_CODE = re.compile(r"\d[\dAB]\d?")

GeoJson = dict[str, Any]


class RegionRow(NamedTuple):
    code: str
    name: str


class DepartementRow(NamedTuple):
    code: str
    name: str
    region: str


class EpciRow(NamedTuple):
    siren: str
    name: str
    kind: str


class CommuneRow(NamedTuple):
    code: str
    name: str
    departement: str
    epci: str
    population: int | None
    longitude: float | None
    latitude: float | None
    postal_codes: str


class AliasRow(NamedTuple):
    code: str
    name: str
    kind: str
    commune: str


@dataclass(frozen=True)
class Dataset:
    """One edition of the national lists. ``tables`` maps a name to its columns."""

    edition: int
    tables: dict[str, dict[str, list[Any]]]

    @cached_property
    def regions(self) -> list[RegionRow]:
        return list(map(RegionRow._make, self._rows("regions", RegionRow._fields)))

    @cached_property
    def departements(self) -> list[DepartementRow]:
        return list(map(DepartementRow._make, self._rows("departements", DepartementRow._fields)))

    @cached_property
    def epcis(self) -> list[EpciRow]:
        return list(map(EpciRow._make, self._rows("epcis", EpciRow._fields)))

    @cached_property
    def communes(self) -> list[CommuneRow]:
        return list(map(CommuneRow._make, self._rows("communes", CommuneRow._fields)))

    @cached_property
    def aliases(self) -> list[AliasRow]:
        return list(map(AliasRow._make, self._rows("aliases", AliasRow._fields)))

    def _rows(self, table: str, fields: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        columns = self.tables[table]
        return zip(*(columns[field] for field in fields), strict=True)


def read_dataset() -> Dataset:
    """The tables of the edition shipped with this version of Poinçon."""
    content = _read(DATA / "territories.json.gz")
    return Dataset(edition=content.pop("edition"), tables=content)


def read_departement_outlines() -> GeoJson:
    """The outlines of all départements that have one."""
    return _read(DATA / "departements.geojson.gz")


def read_epci_outlines(departement: str) -> GeoJson:
    """The outlines of the EPCI of a département; no feature where the département has none or does not exist."""
    path = DATA / "epci" / f"{departement}.geojson.gz"
    # The code may come from an address typed by anyone: only the shape of a code may become a path.
    if not DEPARTEMENT_CODE.fullmatch(departement) or not path.is_file():
        return {"type": "FeatureCollection", "features": []}
    return _read(path)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return content
