from dataclasses import replace
from typing import Any

import pytest

from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.programmes.catalogue import listed_services
from poincon.programmes.checks import Invalid
from poincon.programmes.enums import Catalogue
from poincon.programmes.models import Programme, Service, Territory
from poincon.programmes.queries import allowed_service_codes, commune_codes
from poincon.programmes.services import create_programme, load_catalogue
from poincon.programmes.spec import LocalServiceSpec, ProgrammeSpec, TerritorySpec
from poincon.programmes.specification import read_programme
from poincon.territories.enums import EpciKind
from poincon.territories.models import Commune, Epci
from tests.factories import (
    AUBUSSON,
    EDITION,
    ENDS_ON,
    GUERET,
    LIMOGES,
    NOW,
    STARTS_ON,
    SYSTEM,
    make_actor,
    make_commune,
    make_organisation,
    make_programme,
)
from tests.programmes.test_specification import EXAMPLE

pytestmark = pytest.mark.django_db


def make_spec(**fields: Any) -> ProgrammeSpec:
    make_commune(GUERET)
    if "owner" not in fields:
        fields["owner"] = make_organisation(is_funder=True).siret
    values: dict[str, Any] = {
        "code": "essai",
        "name": "Essai",
        "starts_on": STARTS_ON,
        "ends_on": ENDS_ON,
        "unit_value": 1000,
        "booklet_sizes": (10,),
    } | fields
    return ProgrammeSpec(**values)


def problems(spec: ProgrammeSpec) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        create_programme(by=SYSTEM, spec=spec)
    return [str(problem) for problem in refusal.value.problems]


def test_the_programme_of_a_file_is_created_whole() -> None:
    for code in (GUERET, AUBUSSON, LIMOGES):
        make_commune(code)
    owner = make_organisation(name="Département de la Creuse", is_funder=True)
    for name in ("État", "Union européenne"):
        make_organisation(name=name, is_funder=True)
    network = make_organisation(name="TELA", is_coordinator=True)
    programme = create_programme(by=SYSTEM, spec=read_programme(EXAMPLE), now=NOW)
    programme.refresh_from_db()
    assert (programme.owner, programme.lead_network, programme.created_at) == (owner, network, NOW)
    assert (programme.unit_value, programme.booklet_sizes, programme.all_services) == (1050, [5, 10], False)
    assert commune_codes(programme.pk) == {GUERET, AUBUSSON}
    assert [public.code for public in programme.publics.all()] == ["rsa", "seniors"]
    assert sum(funding.share_bp for funding in programme.fundings.all()) == 10_000
    assert programme.local_services.get().catalogue == Catalogue.LOCAL


def test_a_territory_is_a_sum_of_places() -> None:
    epci = Epci.objects.create(siren="200044048", name="EPCI", search_name="epci", kind=EpciKind.CC, edition=EDITION)
    Commune.objects.filter(pk=make_commune(LIMOGES).pk).update(epci=epci)
    make_commune(AUBUSSON)
    territory = TerritorySpec(name="Deux", epcis=("200044048",), communes=(GUERET,))
    programme = create_programme(by=SYSTEM, spec=make_spec(territories=(territory,)))
    assert commune_codes(programme.pk) == {GUERET, LIMOGES}


def test_unknown_references_are_said_all_at_once_and_nothing_is_written() -> None:
    make_programme(code="essai")
    territory = TerritorySpec(name="T", departements=("99",), epcis=("123456789",), communes=("00000",))
    spec = make_spec(owner="Personne", lead_network="Nul", territories=(territory,))
    found = problems(spec)
    assert [problem.split(" : ")[0] for problem in found] == [
        "code",
        "owner",
        "lead_network",
        "[[territories]] n° 1, departements",
        "[[territories]] n° 1, epcis",
        "[[territories]] n° 1, communes",
    ]
    assert Programme.objects.count() == 1
    assert not Territory.objects.exists()


def test_organisations_do_what_the_programme_expects_of_them() -> None:
    spec = make_spec(owner=make_organisation().siret, lead_network=make_organisation().siret)
    assert [problem.split(" : ")[0] for problem in problems(spec)] == ["owner", "lead_network"]


def test_a_local_code_of_another_programme_is_refused_with_a_better_one() -> None:
    local = LocalServiceSpec("visio", "Visio", "loisirs-et-creations-numeriques")
    spec = make_spec(local_services=(local,))
    create_programme(by=SYSTEM, spec=spec)
    assert "autre--visio" in problems(replace(spec, code="autre"))[0]


def test_only_its_funder_or_the_administrator_creates_a_programme() -> None:
    owner = make_organisation(is_funder=True)
    spec = make_spec(owner=owner.siret)
    strangers = [
        make_actor(Role.FUNDER, make_organisation(is_funder=True)),
        make_actor(Role.ACCOUNTANT, owner),
        make_actor(),
    ]
    for by in strangers:
        with pytest.raises(Refusal, match="droit"):
            create_programme(by=by, spec=spec)
    assert create_programme(by=make_actor(Role.FUNDER, owner), spec=spec).owner == owner
    assert create_programme(by=make_actor(Role.ADMINISTRATOR), spec=replace(spec, code="autre")).owner == owner


def test_the_catalogue_has_the_9_national_services_and_what_maps_to_them() -> None:
    assert load_catalogue() == len(listed_services()) == load_catalogue()
    assert Service.objects.filter(catalogue=Catalogue.NATIONAL).count() == 9
    assert Service.objects.filter(catalogue=Catalogue.THEME).count() == 30
    assert Service.objects.filter(catalogue=Catalogue.DATA_INCLUSION).count() == 4
    assert Service.objects.count() == 43
    email = Service.objects.select_related("national").get(code="email")
    assert email.national is not None
    assert email.national.code == "maitrise-des-outils-numeriques-du-quotidien"


def test_loading_again_corrects_a_label() -> None:
    load_catalogue()
    Service.objects.filter(code="email").update(label="?")
    load_catalogue()
    assert Service.objects.get(code="email").label == "Courrier électronique"


def test_scanners_learn_of_a_service_added_to_the_catalogue() -> None:
    load_catalogue()
    programme = create_programme(by=SYSTEM, spec=make_spec())

    def version() -> int:
        programme.refresh_from_db()
        return programme.rules_version

    before = version()
    load_catalogue()
    assert version() == before
    Service.objects.filter(code="email").delete()
    load_catalogue()
    assert version() == before + 1


def test_a_national_service_brings_its_finer_ones_and_no_other() -> None:
    local = LocalServiceSpec("visio", "Visio", "loisirs-et-creations-numeriques")
    spec = make_spec(services=("insertion-professionnelle-via-le-numerique",), local_services=(local,))
    programme = create_programme(by=SYSTEM, spec=spec)
    create_programme(by=SYSTEM, spec=replace(spec, code="autre", local_services=(replace(local, code="autre-visio"),)))
    expected = {"insertion-professionnelle-via-le-numerique", "insertion_professionnelle", "entrepreneuriat", "visio"}
    assert allowed_service_codes(programme) == expected


def test_without_list_every_published_service_is_allowed() -> None:
    programme = create_programme(by=SYSTEM, spec=make_spec())
    assert len(allowed_service_codes(programme)) == len(listed_services())
