"""Maps: what the script is given, the table that says the same, the outlines."""

import pytest
from django.test import Client, override_settings

from poincon.www.base.maps import MOST_PLACES, Area, Map, Place, places_title
from poincon.www.templatetags.components import draw_map

PLACES = (Place("La <Quincaillerie>", 46.17, 1.87, "du mardi au samedi", "/lieux/1/"),)
AREAS = tuple(Area(str(rank), f"Territoire {rank}", rank * 10, f"{rank * 10} chéquiers") for rank in range(10))


def map_of(**fields: object) -> Map:
    return Map("lieux", "Les lieux", "Lieu", "Horaires", ["23"], **fields)  # type: ignore[arg-type]


def test_the_table_of_a_map_names_every_place() -> None:
    page = draw_map(map_of(places=PLACES))
    assert '<a href="/lieux/1/">La &lt;Quincaillerie&gt;</a>' in page
    assert "du mardi au samedi" in page


def test_the_data_of_a_map_cannot_close_its_script() -> None:
    page = draw_map(map_of(places=(Place("</script><script>alert(1)</script>", 1.0, 2.0),)), table=False)
    assert "alert(1)" in page
    assert "<script>alert" not in page


def test_areas_are_shaded_from_the_lowest_to_the_highest() -> None:
    shades = [area["shade"] for area in map_of(areas=AREAS).data["areas"].values()]
    assert shades == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_areas_of_the_same_value_have_the_same_shade() -> None:
    equal = [Area("1", "A", 5, "5"), Area("2", "B", 5, "5")]
    assert {area["shade"] for area in map_of(areas=equal).data["areas"].values()} == {1}


def test_a_map_of_hundreds_of_places_weighs_what_a_map_of_none_does() -> None:
    many = map_of(places_url="/lieux/carte.json")
    assert len(draw_map(many, table=False)) < len(draw_map(map_of(places=PLACES), table=False))
    assert many.data["places_url"] == "/lieux/carte.json"


def test_a_map_that_draws_the_first_places_only_says_so() -> None:
    assert places_title("Les lieux", MOST_PLACES) == "Les lieux"
    assert places_title("Les lieux", MOST_PLACES + 1) == f"Les lieux (les {MOST_PLACES} premiers)"


def test_outlines_are_public_and_kept_by_browsers(client: Client) -> None:
    answer = client.get("/contours/23.geojson")
    assert answer["Content-Type"] == "application/geo+json"
    assert "max-age=604800" in answer["Cache-Control"]
    assert "200034825" in {feature["id"] for feature in answer.json()["features"]}


@pytest.mark.parametrize("code", ["00", "23.geojson", "x" * 50, "..%2F23"])
def test_there_is_no_outline_elsewhere(code: str, client: Client) -> None:
    answer = client.get(f"/contours/{code}.geojson")
    assert answer.status_code == 404 or answer.json()["features"] == []


def test_a_background_comes_only_from_the_settings() -> None:
    assert map_of().data["tiles"] == ""
    with override_settings(MAP_TILES="https://fond.exemple.fr/{z}/{x}/{y}.png", MAP_TILES_CREDIT="Exemple"):
        assert map_of().data["credit"] == "Exemple"
