from collections import Counter, defaultdict
from typing import Any

import pytest

from poincon.territories.dataset import Dataset, read_dataset
from poincon.territories.enums import AliasKind, EpciKind
from poincon.territories.queries import departement_outlines, epci_outlines

CREUSE_EPCI = 10


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return read_dataset()


def ids(collection: dict[str, Any]) -> set[str]:
    return {feature["id"] for feature in collection["features"]}


def rings(collection: dict[str, Any]) -> list[list[list[float]]]:
    return [
        ring for feature in collection["features"] for polygon in feature["geometry"]["coordinates"] for ring in polygon
    ]


def test_the_edition_is_2026(dataset: Dataset) -> None:
    assert dataset.edition == 2026


def test_the_lists_have_the_published_numbers_of_rows(dataset: Dataset) -> None:
    # 18 régions and 101 départements, plus 8 collectivities overseas that are listed as both.
    assert (len(dataset.regions), len(dataset.departements)) == (18 + 8, 101 + 8)
    assert (len(dataset.communes), len(dataset.epcis)) == (34_969, 1_255)


def test_every_row_refers_to_a_row_that_exists(dataset: Dataset) -> None:
    assert {row.region for row in dataset.departements} == {row.code for row in dataset.regions}
    assert {row.departement for row in dataset.communes} == {row.code for row in dataset.departements}
    assert {row.epci for row in dataset.communes if row.epci} == {row.siren for row in dataset.epcis}
    assert {row.commune for row in dataset.aliases} <= {row.code for row in dataset.communes}


def test_kinds_are_known(dataset: Dataset) -> None:
    assert {row.kind for row in dataset.epcis} == set(EpciKind)
    assert {row.kind for row in dataset.aliases} == set(AliasKind)


def test_4205_postal_codes_are_shared_by_several_communes(dataset: Dataset) -> None:
    served = Counter(code for row in dataset.communes for code in row.postal_codes.split())
    assert sum(count > 1 for count in served.values()) == 4_205


def test_89_epci_span_several_departements(dataset: Dataset) -> None:
    spread = defaultdict(set)
    for row in dataset.communes:
        if row.epci:
            spread[row.epci].add(row.departement)
    assert sum(len(departements) > 1 for departements in spread.values()) == 89


def test_only_collectivities_overseas_and_four_restored_communes_have_no_position(dataset: Dataset) -> None:
    nowhere = {row.code for row in dataset.communes if row.longitude is None}
    overseas = {row.code for row in dataset.communes if row.departement in {"975", "977", "978"} or row.code >= "984"}
    assert nowhere - overseas == {"15031", "15035", "15047", "15171"}


def test_france_in_europe_lies_in_europe(dataset: Dataset) -> None:
    for row in dataset.communes:
        if len(row.departement) == 2 and row.longitude is not None and row.latitude is not None:
            assert -5.3 < row.longitude < 9.7, row
            assert 41.3 < row.latitude < 51.2, row


def test_the_101_departements_have_an_outline(dataset: Dataset) -> None:
    drawn = ids(departement_outlines())
    assert drawn == {row.code for row in dataset.departements} - {
        "975",
        "977",
        "978",
        "984",
        "986",
        "987",
        "988",
        "989",
    }


def test_each_departement_draws_its_epci(dataset: Dataset) -> None:
    members = defaultdict(set)
    for row in dataset.communes:
        if row.epci:
            members[row.departement].add(row.epci)
    assert {code: ids(epci_outlines(code)) for code in members} == members


def test_creuse_draws_ten_epci_with_their_names() -> None:
    outlines = epci_outlines("23")
    assert outlines["type"] == "FeatureCollection"
    assert len(outlines["features"]) == CREUSE_EPCI
    assert "CA du Grand Guéret" in {feature["properties"]["name"] for feature in outlines["features"]}


def test_outlines_are_closed_rings_of_degrees() -> None:
    for collection in (departement_outlines(), epci_outlines("62"), epci_outlines("974")):
        for ring in rings(collection):
            assert len(ring) >= 4
            assert ring[0] == ring[-1]
            assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)


def test_an_outline_surrounds_its_town_halls(dataset: Dataset) -> None:
    creuse = next(feature for feature in departement_outlines()["features"] if feature["id"] == "23")
    (outer,) = [polygon[0] for polygon in creuse["geometry"]["coordinates"]]
    west, east = min(x for x, _ in outer), max(x for x, _ in outer)
    for row in dataset.communes:
        if row.departement == "23" and row.longitude is not None:
            assert west < row.longitude < east


@pytest.mark.parametrize("code", ["99", "975", "", "../departements", "23/../62"])
def test_no_outline_for_what_is_no_departement(code: str) -> None:
    assert epci_outlines(code) == {"type": "FeatureCollection", "features": []}
