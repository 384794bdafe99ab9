from typing import Any

import pytest
from django.db import IntegrityError

from poincon.territories.models import Commune, CommuneAlias, Departement, Epci, PostalCode, Region, SearchKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Commune:
    region = Region.objects.create(code="75", name="Nouvelle-Aquitaine", edition=2026)
    Departement.objects.create(code="23", name="Creuse", region=region, edition=2026)
    return Commune.objects.create(code="23096", name="Guéret", departement_id="23", edition=2026)


def test_a_place_says_its_name(commune: Commune) -> None:
    assert str(commune) == "Guéret (23096)"
    assert str(commune.departement) == "Creuse (23)"
    assert str(commune.departement.region) == "Nouvelle-Aquitaine"


@pytest.mark.parametrize(
    "fault",
    [
        {"code": "2309"},
        {"longitude": 1.87},
        {"latitude": 46.17},
        {"longitude": 181.0, "latitude": 46.17},
        {"population": -1},
        {"until": 2026},
    ],
)
def test_the_database_refuses_a_commune_that_makes_no_sense(commune: Commune, fault: dict[str, Any]) -> None:
    values = {"code": "23097", "name": "X", "departement_id": "23", "edition": 2026} | fault
    with pytest.raises(IntegrityError):
        Commune.objects.create(**values)


def test_the_database_refuses_a_short_siren() -> None:
    with pytest.raises(IntegrityError):
        Epci.objects.create(siren="20004404", name="X", kind="CC", edition=2026)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (PostalCode, {"code": "23000"}),
        (CommuneAlias, {"code": "23000", "name": "X", "kind": "deleguee"}),
        (SearchKey, {"number": 1, "text": "gueret", "level": 0}),
    ],
)
def test_the_database_refuses_the_same_row_twice(commune: Commune, model: Any, values: dict[str, Any]) -> None:
    model.objects.create(commune=commune, **values)
    with pytest.raises(IntegrityError):
        model.objects.create(commune=commune, **values)


def test_a_departement_with_communes_cannot_be_deleted(commune: Commune) -> None:
    with pytest.raises(IntegrityError):
        commune.departement.delete()
