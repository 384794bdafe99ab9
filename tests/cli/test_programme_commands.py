"""Programmes changed by command: each one calls its verb, and says what it did."""

import json
from pathlib import Path

import pytest

from poincon.programmes.models import Programme, Service
from poincon.programmes.queries import commune_codes
from poincon.programmes.services import load_catalogue
from tests.cli.conftest import Typed
from tests.factories import (
    AUBUSSON,
    GUERET,
    LIMOGES,
    Scheme,
    make_commune,
    make_funding,
    make_organisation,
    make_programme,
    make_scheme,
    make_territory,
)

pytestmark = pytest.mark.django_db
NATIONAL = "maitrise-des-outils-numeriques-du-quotidien"


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme(code="creuse")


def fresh(code: str = "creuse") -> Programme:
    return Programme.objects.get(code=code)


def test_rules_are_set_by_their_keys(typed: Typed, scheme: Scheme) -> None:
    done = typed("programme", "set", "creuse", "rules.max_passes_per_day=2", "presentation.phone=3949")
    assert done.exit_code == 0, done.stderr
    assert (fresh().max_passes_per_day, fresh().phone) == (2, "39 49")
    typed("programme", "set", "creuse", "--unset", "rules.max_passes_per_day")
    assert fresh().max_passes_per_day is None
    refused = typed("programme", "set", "creuse", "rules.plafond=1")
    assert (refused.exit_code, "rules.plafond" in refused.stderr) == (1, True)


def test_one_wrong_rule_changes_nothing(typed: Typed, scheme: Scheme) -> None:
    done = typed("programme", "set", "creuse", "name=Autre", "passes.grace_days=400")
    assert done.exit_code == 1
    assert fresh().name != "Autre"


def test_what_is_exported_is_created(typed: Typed, scheme: Scheme, tmp_path: Path) -> None:
    load_catalogue()
    file = tmp_path / "suite.toml"
    done = typed("programme", "export", "creuse", "--code", "suite", "--name", "Suite", "--out", str(file))
    assert done.exit_code == 0, done.stderr
    made = typed("programme", "create", str(file))
    assert made.exit_code == 0, made.stderr
    assert commune_codes(fresh("suite").pk) == commune_codes(scheme.programme.pk)


def test_a_programme_starts_from_a_model(typed: Typed, tmp_path: Path) -> None:
    make_commune(GUERET)
    make_organisation(name="Département", is_funder=True)
    file = tmp_path / "neuf.toml"
    words = ["--code", "neuf", "--name", "Neuf", "--owner", "Département", "--from", "2026-01-01", "--out", str(file)]
    assert typed("programme", "template", "sans-pass", *words).exit_code == 0
    made = typed("programme", "create", str(file))
    assert made.exit_code == 0, made.stderr
    assert not fresh("neuf").uses_passes
    assert len(json.loads(typed("programme", "templates", "--json").stdout)) == 3


def test_shares_change_and_are_listed(typed: Typed) -> None:
    programme = make_programme(code="creuse")
    make_funding(programme)
    make_organisation(name="État", is_funder=True)
    words = ["--share", programme.owner.siret, "owner", "60", "--share", "État", "state", "40", "--reason", "Avenant"]
    done = typed("funding", "change", "creuse", *words)
    assert done.exit_code == 0, done.stderr
    listed = json.loads(typed("funding", "list", "creuse", "--json", "--on", "2026-03-01").stdout)
    assert sorted(row["share_bp"] for row in listed) == [4000, 6000]


def test_territories_change_and_places_left_outside_are_told(typed: Typed, scheme: Scheme) -> None:
    make_commune(LIMOGES)
    done = typed("territory", "change", "creuse", "Creuse", "--commune", LIMOGES, "--remove", GUERET)
    assert done.exit_code == 0, done.stderr
    assert f"hors du territoire, ses pass y sont refusés : {scheme.venue.name}" in done.stdout
    assert commune_codes(scheme.programme.pk) == {AUBUSSON, LIMOGES}
    assert typed("territory", "add", "creuse", "Ville", "--commune", GUERET).exit_code == 0
    assert typed("territory", "rename", "creuse", "Ville", "Guéret").exit_code == 0
    assert typed("territory", "remove", "creuse", "Creuse").exit_code == 0
    assert json.loads(typed("territory", "list", "creuse", "--json").stdout) == [{"name": "Guéret", "communes": 1}]
    assert typed("territory", "remove", "creuse", "Nulle part").exit_code == 1


def test_publics_open_and_end(typed: Typed, scheme: Scheme) -> None:
    assert typed("public", "add", "creuse", "seniors", "Seniors", "--from", "2026-01-01").exit_code == 0
    assert typed("public", "end", "creuse", "seniors", "--on", "2026-06-30").exit_code == 0
    assert json.loads(typed("public", "list", "creuse", "--json").stdout)[-1]["open_until"] == "2026-06-30"
    assert typed("public", "end", "creuse", "inconnu").exit_code == 1


def test_local_services_come_and_go(typed: Typed, scheme: Scheme) -> None:
    load_catalogue()
    assert typed("service", "add", "creuse", "visio", "La vidéo", "--national", NATIONAL).exit_code == 0
    done = typed("service", "retire", "visio", "--on", "2099-01-01")
    assert done.exit_code == 0, done.stderr
    assert Service.objects.get(code="visio").retired_on is not None
    assert "visio" in typed("service", "list", "creuse").stdout


def test_the_network_and_the_first_day_change(typed: Typed) -> None:
    make_territory(make_programme(code="futur", starts_on="2098-01-01", ends_on="2099-12-31"))
    make_organisation(name="Aliso", is_coordinator=True)
    assert typed("programme", "lead", "futur", "Aliso").exit_code == 0
    assert typed("programme", "start", "futur", "2098-02-01").exit_code == 0
    programme = fresh("futur")
    assert (str(programme.lead_network), f"{programme.starts_on}") == ("Aliso", "2098-02-01")
    typed("programme", "lead", "futur")
    assert fresh("futur").lead_network is None
