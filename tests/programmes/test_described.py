"""A programme leaves as a file and comes back; is copied; is started from a model."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poincon.programmes.checks import Invalid
from poincon.programmes.described import copied, described
from poincon.programmes.enums import FunderKind
from poincon.programmes.models import Service
from poincon.programmes.services import change_fundings, create_programme, load_catalogue, retire_local_service
from poincon.programmes.spec import FundingSpec, ProgrammeSpec, TerritorySpec
from poincon.programmes.specification import read_programme
from poincon.programmes.templates import ProgrammeTemplate, programme_template, programme_templates
from poincon.programmes.writing import programme_file
from poincon.territories.models import Epci
from tests.factories import AUBUSSON, GUERET, LIMOGES, NOW, SYSTEM, make_commune, make_organisation
from tests.programmes.test_specification import EXAMPLE

SCENARIOS = Path(__file__).parents[2] / "poincon" / "demo" / "scenarios"


def test_what_is_written_is_read_back() -> None:
    spec = read_programme(EXAMPLE)
    assert read_programme(programme_file(spec).encode()) == spec


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_written_and_read_back(text: str) -> None:
    spec = replace(read_programme(EXAMPLE), welcome_text=text.replace("\0", ""), phone="")
    assert read_programme(programme_file(spec).encode()) == spec


@pytest.fixture
def registered(db: None) -> None:
    load_catalogue()
    for code in (GUERET, AUBUSSON, LIMOGES):
        make_commune(code)
    make_organisation(name="TELA", is_coordinator=True)
    for name in ("Union européenne", "État", "Département de la Creuse"):
        make_organisation(name=name, is_funder=True)


def example(**fields: object) -> ProgrammeSpec:
    return replace(read_programme(EXAMPLE), **fields)  # type: ignore[arg-type]  # any field of the specification


def test_a_programme_leaves_as_a_file_and_comes_back(registered: None) -> None:
    first = described(create_programme(by=SYSTEM, spec=example()))
    assert first.territories == (TerritorySpec("Creuse", departements=("23",)),)
    file = programme_file(copied(first, code="bis", name="Bis", starts_on=first.starts_on, ends_on=first.ends_on))
    second = described(create_programme(by=SYSTEM, spec=read_programme(file.encode())))
    assert second == replace(
        copied(first, code="bis", name="Bis", starts_on=first.starts_on, ends_on=first.ends_on),
        services=("aide-aux-demarches-administratives", "bis--visio"),
    )


def test_a_territory_is_written_by_its_largest_parts(registered: None) -> None:
    epci = Epci.objects.create(siren="200000001", name="EPCI", search_name="epci", kind="CC", edition=2026)
    for code in (GUERET, "23001"):
        commune = make_commune(code)
        commune.epci = epci
        commune.save()
    territory = TerritorySpec("Essai", epcis=("200000001",), communes=(LIMOGES,))
    # Limoges is, here, the whole of its département.
    made = create_programme(by=SYSTEM, spec=example(territories=(territory,)))
    assert described(made).territories == (TerritorySpec("Essai", departements=("87",), epcis=("200000001",)),)


def test_the_shares_to_come_and_the_services_still_open_are_described(registered: None) -> None:
    made = create_programme(by=SYSTEM, spec=example(services=None, ends_on=date(2027, 6, 30), evidence_until=None))
    change_fundings(
        by=SYSTEM,
        programme=made,
        fundings=[FundingSpec("État", FunderKind.STATE, 10_000)],
        from_day=date(2026, 7, 1),
        reason="Avenant",
        now=NOW,
    )
    retire_local_service(by=SYSTEM, service=Service.objects.get(programme=made), on=date(2026, 4, 1), now=NOW)
    spec = described(made)
    assert [funding.share_bp for funding in spec.fundings] == [10_000]
    assert spec.local_services == ()


def test_a_copy_leaves_out_what_is_over() -> None:
    spec = copied(example(), code="suite", name="Suite", starts_on=date(2022, 1, 1), ends_on=date(2027, 12, 31))
    assert (spec.evidence_until, spec.local_services[0].code) == (None, "suite--visio")
    assert spec.services == ("aide-aux-demarches-administratives", "suite--visio")
    assert [public.open_from for public in spec.publics] == [None, None]
    closed = replace(example().publics[0], open_until=date(2021, 1, 1))
    over = copied(
        example(publics=(closed,)), code="s", name="S", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31)
    )
    assert over.publics == ()


# --- models -----------------------------------------------------------------------------------------------------------


def test_the_models_are_those_of_programmes_that_were_run() -> None:
    assert [template.key for template in programme_templates()] == ["creuse", "dix-heures", "sans-pass"]
    assert programme_template("sans-pass") == programme_templates()[2]
    assert programme_template("autre") is None


@pytest.mark.parametrize("template", programme_templates(), ids=lambda template: template.key)
def test_a_model_makes_a_programme(registered: None, template: ProgrammeTemplate) -> None:
    spec = template.filled(
        code="le-mien",
        name="Le mien",
        owner="Département de la Creuse",
        starts_on=date(2026, 3, 15),
        funders={FunderKind.ESF: "Union européenne"},
        territories=(TerritorySpec("Creuse", departements=("23",)),),
    )
    made = create_programme(by=SYSTEM, spec=spec)
    assert (made.code, made.uses_passes) == ("le-mien", template.key != "sans-pass")
    assert sum(made.fundings.values_list("share_bp", flat=True)) in {0, 10_000}


def test_a_model_asks_who_funds(registered: None) -> None:
    template = programme_templates()[0]
    spec = template.filled(code="a", name="A", owner="Département de la Creuse", starts_on=date(2026, 1, 1))
    with pytest.raises(Invalid, match="Fonds social européen"):
        create_programme(by=SYSTEM, spec=spec)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2026, 1, 1), date(2027, 6, 30)),
        (date(2026, 8, 31), date(2028, 2, 29)),
        (date(2026, 3, 15), date(2027, 9, 14)),
    ],
)
def test_a_model_lasts_whole_months(starts_on: date, ends_on: date) -> None:
    spec = programme_templates()[0].filled(code="a", name="A", owner="B", starts_on=starts_on)
    assert spec.ends_on == ends_on


@pytest.mark.parametrize(
    ("key", "scenario"), [("creuse", "creuse/tiers-lieux.toml"), ("dix-heures", "rhone-alpes/dix-heures.toml")]
)
def test_the_demonstration_plays_the_rules_of_the_model(key: str, scenario: str) -> None:
    """One way only: what one reads in the model is what one saw in the demonstration."""
    played, template = read_programme(SCENARIOS / scenario), programme_template(key)
    assert template is not None
    same = {
        name: value
        for name, value in vars(template.spec).items()
        if name.startswith(("unit_", "max_", "offline_", "booklet", "validity", "grace", "mediator", "prescriber"))
    }
    assert same == {name: getattr(played, name) for name in same}
    assert template.spec.publics == played.publics
    assert [one.share_bp for one in template.spec.fundings] == [one.share_bp for one in played.fundings]
    assert template.spec.local_services == played.local_services
