"""The whole edition in the database: known facts, and what people type."""

import pytest
from pytest_django import DjangoAssertNumQueries

from poincon.territories.enums import EpciKind
from poincon.territories.models import Commune, SearchKey
from poincon.territories.queries import (
    communes_near,
    communes_of_departement,
    communes_of_epci,
    communes_of_region,
    departements,
    epcis_of_departement,
    find_epci,
    match_commune,
    nearest_communes,
    regions,
    resolve_commune,
    search_communes,
)
from poincon.territories.services import LoadSummary, load_territories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("france")]


def names(text: str, *, departement: str | None = None, limit: int = 20) -> list[str]:
    return [result.name for result in search_communes(text, departement=departement, limit=limit)]


def codes(text: str, *, departement: str | None = None, limit: int = 20) -> list[str]:
    return [result.code for result in search_communes(text, departement=departement, limit=limit)]


def test_osartis_marquion_has_49_communes() -> None:
    assert communes_of_epci("200044048").count() == 49


def test_boulonnais_has_22_communes() -> None:
    assert communes_of_epci("246200729").count() == 22


@pytest.mark.parametrize(("departement", "communes", "epcis"), [("23", 255, 10), ("62", 887, 20)])
def test_departements_have_their_communes_and_epci(departement: str, communes: int, epcis: int) -> None:
    assert communes_of_departement(departement).count() == communes
    assert epcis_of_departement(departement).count() == epcis


def test_a_region_has_the_communes_of_its_departements() -> None:
    haut = {row.code for row in departements("32")}
    assert haut == {"02", "59", "60", "62", "80"}
    assert communes_of_region("32").count() == sum(communes_of_departement(code).count() for code in haut)


def test_regions_and_departements_are_listed() -> None:
    assert regions().count() == 26
    assert departements().count() == 109


def test_first_load_creates_everything(france: LoadSummary) -> None:
    assert france.edition == 2026
    assert (france.regions.created, france.departements.created) == (26, 109)
    assert (france.epcis.created, france.communes.created) == (1_255, 34_969)
    assert france.communes.updated == france.communes.retired == 0


def test_second_load_changes_nothing(france: LoadSummary) -> None:
    keys = set(SearchKey.objects.order_by().values_list("pk", flat=True))
    steps: list[tuple[int, int]] = []
    again = load_territories(progress=lambda done, total: steps.append((done, total)))
    assert again.communes.unchanged == france.communes.created
    assert again.communes.created == again.communes.updated == again.communes.retired == 0
    assert again.search_keys == france.search_keys
    assert set(SearchKey.objects.order_by().values_list("pk", flat=True)) == keys
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("st vaury", "23247"),
        ("Saint-Étienne", "42218"),
        ("SAINT ETIENNE", "42218"),
        ("2A004", "2A004"),
        ("2a004", "2A004"),
        ("23000", "23096"),
        ("23 000", "23096"),
        ("l'aigle", "61214"),
        ("L’Aigle", "61214"),
        ("aigle", "61214"),
        ("havre", "76351"),
        ("Boulogne/Mer", "62160"),
        ("Villers lez Nancy", "54578"),
        ("papeete", "98735"),
        ("Saint-Denis (974)", "97411"),
        ("Saint-Denis (93)", "93066"),
        ("20000 ajaccio", "2A004"),
        ("Guéret 23000", "23096"),
    ],
)
def test_what_is_typed_finds_first(typed: str, code: str) -> None:
    assert codes(typed)[0] == code


def test_homonyms_come_with_what_tells_them_apart() -> None:
    assert [(result.name, result.departement_name) for result in search_communes("Œuilly")] == [
        ("Œuilly", "Marne"),
        ("Œuilly", "Aisne"),
    ]


def test_a_whole_name_comes_before_longer_ones() -> None:
    assert names("marquion") == ["Marquion", "Sains-lès-Marquion"]


def test_the_most_populated_comes_first_among_equals() -> None:
    populations = [result.population or 0 for result in search_communes("saint-martin-d", limit=50)]
    assert populations == sorted(populations, reverse=True)


def test_a_word_inside_a_name_is_found() -> None:
    assert "Saint-Sulpice-le-Guérétois" in names("gueretois")


def test_a_long_text_is_compared_to_its_end() -> None:
    assert names("saint sulpice le gueretois") == ["Saint-Sulpice-le-Guérétois"]
    assert names("saint sulpice le gueretoiz") == []


def test_a_commune_associee_leads_to_its_commune() -> None:
    first = search_communes("lomme")[0]
    assert (first.name, first.via) == ("Lille", "Lomme")


def test_an_arrondissement_leads_to_its_town() -> None:
    first = search_communes("Paris 15ème")[0]
    assert (first.code, first.via) == ("75056", "Paris 15e Arrondissement")
    assert codes("75115") == ["75056"]


def test_a_postal_code_finds_all_its_communes_and_the_commune_with_that_insee_code() -> None:
    found = search_communes("62160")
    assert [result.name for result in found] == ["Bully-les-Mines", "Grenay", "Aix-Noulette", "Boulogne-sur-Mer"]
    assert all("62160" in result.postal_codes for result in found[:3])


def test_many_communes_of_a_postal_code_do_not_hide_the_insee_code() -> None:
    assert codes("62160", limit=2) == ["62186", "62160"]


def test_the_beginning_of_a_postal_code_finds_its_communes() -> None:
    assert all(any(code.startswith("230") for code in result.postal_codes) for result in search_communes("230"))


def test_the_beginning_of_a_corsican_code_finds_its_communes() -> None:
    found = codes("2b0", limit=100)
    assert len(found) > 20
    assert all(code.startswith("2B0") for code in found)


def test_a_search_stays_in_a_departement() -> None:
    assert {result.departement_code for result in search_communes("saint", departement="23")} == {"23"}
    assert codes("62160", departement="23") == []


def test_a_postal_code_and_another_name_find_the_postal_code() -> None:
    assert "23096" in codes("23000 Trifouillis")


@pytest.mark.parametrize("text", ["", "   ", "-", "xyzzy", "99999", "2C004", "%", "_", "(23)"])
def test_nothing_is_found_by_what_names_nothing(text: str) -> None:
    assert search_communes(text) == []


def test_a_search_is_bounded() -> None:
    assert len(search_communes("s")) == 20
    assert len(search_communes("s", limit=10_000)) == 100
    assert search_communes("s", limit=0) == []


@pytest.mark.parametrize(
    ("typed", "queries"), [("saint", 3), ("lomme", 4), ("23000", 5), ("2A0", 3), ("23000 guéret", 4)]
)
def test_a_search_makes_few_queries(
    typed: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(queries):
        search_communes(typed, limit=100)


def test_a_former_code_resolves_to_the_present_commune() -> None:
    found = resolve_commune("01340")
    assert found is not None
    assert found.name == "Arboys en Bugey"


def test_a_present_code_resolves_to_itself() -> None:
    found = resolve_commune("2a004")
    assert found is not None
    assert found.name == "Ajaccio"
    assert resolve_commune("00000") is None


@pytest.mark.parametrize(
    ("name", "postal_code", "code"),
    [
        ("GUERET", "23000", "23096"),
        ("St Sulpice le Gueretois", "23000", "23245"),
        ("LYON 3EME", "69003", "69123"),
        ("Paris", "75 015", "75056"),
        ("Lomme", "59160", "59350"),
        ("Bully", "62160", "62186"),
    ],
)
def test_an_address_matches_one_commune(name: str, postal_code: str, code: str) -> None:
    found = match_commune(name, postal_code=postal_code)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(("name", "postal_code"), [("Guéret", "62000"), ("Saint", "23000"), ("", "23000"), ("x", "?")])
def test_a_doubtful_address_matches_none(name: str, postal_code: str) -> None:
    assert match_commune(name, postal_code=postal_code) is None


def test_an_epci_is_found_by_words_or_siren() -> None:
    (osartis,) = find_epci("Osartis Marquion")
    assert (osartis.siren, osartis.kind, osartis.communes) == ("200044048", EpciKind.CC, 49)
    assert find_epci("200 044 048") == [osartis]
    assert osartis.departements == ("62",)
    assert find_epci("") == find_epci("xyzzy") == []


def test_an_epci_of_two_departements_is_found_in_both() -> None:
    (found,) = find_epci("Paris - Vallée de la Marne")
    assert found.departements == ("77",)
    grand_paris = find_epci("métropole du grand paris", departement="92")[0]
    assert {"75", "92"} <= set(grand_paris.departements)
    assert grand_paris not in find_epci("grand paris", departement="77")


def test_nearest_communes_are_sorted_and_leave_the_centre_out() -> None:
    near = nearest_communes("23096", limit=5)
    assert len(near) == 5
    assert "23096" not in {place.commune.code for place in near}
    assert [place.distance_km for place in near] == sorted(place.distance_km for place in near)
    assert {"Sainte-Feyre", "Saint-Sulpice-le-Guérétois"} <= {place.commune.name for place in near}


def test_nearest_communes_stay_within_reach() -> None:
    assert all(place.distance_km <= 6 for place in nearest_communes("23096", limit=100, within_km=6))


def test_a_commune_without_position_has_no_neighbours() -> None:
    assert nearest_communes("98735") == []
    assert nearest_communes("00000") == []


def test_a_point_finds_the_commune_where_one_stands() -> None:
    assert communes_near(1.8704, 46.1712, limit=1)[0].commune.name == "Guéret"


def test_nearness_crosses_borders_of_departements() -> None:
    assert len({place.commune.departement_code for place in nearest_communes("62559", within_km=15, limit=100)}) > 1


def test_every_commune_is_found_by_its_own_name() -> None:
    sample = Commune.objects.order_by("code").filter(code__endswith="77")
    missed = [commune for commune in sample if commune.code not in codes(commune.name, limit=100)]
    assert missed == []
