import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poincon.territories.rules import (
    bounding_box,
    distance_km,
    ends_of_name,
    normalise_name,
    prefix_number,
    prefix_range,
)

normalised = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789 ", min_size=1).map(
    lambda typed: normalise_name(typed) or "a"
)
longitudes = st.floats(-179, 179)
latitudes = st.floats(-80, 80)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("st vaury", "Saint-Vaury"),
        ("Ste Feyre", "Sainte-Feyre"),
        ("SAINT ETIENNE", "Saint-Étienne"),
        ("L’AIGLE", "L'Aigle"),
        ("oeuilly", "Œuilly"),
        ("Villers lez Nancy", "Villers-lès-Nancy"),
        ("Aire s/ la Lys", "Aire-sur-la-Lys"),
        ("Rosny s/s Bois", "Rosny-sous-Bois"),
        ("Boulogne/Mer", "Boulogne-sur-Mer"),
        ("N.-D. de Bondeville", "Notre-Dame-de-Bondeville"),
        ("Mt-St-Aignan", "Mont-Saint-Aignan"),
        ("Paris 01er arrondissement", "Paris 1er Arrondissement"),
        ("GUERET CEDEX 09", "Guéret"),
        ("  le   havre ", "Le Havre"),
    ],
)
def test_usual_spellings_of_a_name_are_one(typed: str, name: str) -> None:
    assert normalise_name(typed) == normalise_name(name)


def test_what_is_no_word_leaves_nothing() -> None:
    assert normalise_name(" - ’ ? ") == ""


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_name(text)
    assert normalise_name(once) == once


def test_a_name_is_found_by_its_telling_words_and_without_its_article() -> None:
    assert list(ends_of_name("la croix saint leufroy")) == [
        ("la croix saint leufroy", True),
        ("croix saint leufroy", True),
        ("saint leufroy", False),
        ("leufroy", False),
    ]


def test_small_words_inside_a_name_find_nothing() -> None:
    assert [text for text, _whole in ends_of_name("aire sur la lys")] == ["aire sur la lys", "lys"]


@given(normalised, normalised)
def test_a_prefix_range_holds_exactly_the_texts_that_begin_so(prefix: str, text: str) -> None:
    low, high = prefix_range(prefix)
    begins = text[:12].ljust(12).startswith(prefix[:12])
    assert (low <= prefix_number(text) <= high) == begins


def test_prefix_numbers_fit_a_database_integer() -> None:
    assert prefix_range("z" * 40)[1] < 2**63


def test_gueret_is_61_km_from_limoges() -> None:
    assert distance_km(1.8704, 46.1712, 1.2580, 45.8279) == pytest.approx(60.7, abs=0.5)


def test_a_quarter_of_the_meridian_is_ten_thousand_kilometres() -> None:
    assert distance_km(0, 0, 0, 90) == pytest.approx(10_007.5, abs=1)


@given(longitudes, latitudes, st.floats(0.1, 200), st.floats(0, 2 * math.pi))
def test_every_point_within_reach_is_inside_the_box(x: float, y: float, reach: float, bearing: float) -> None:
    angle, phi = reach * 0.999 / 6371.0088, math.radians(y)
    phi_2 = math.asin(math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing))
    turn = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(phi_2)
    )
    x_2, y_2 = x + math.degrees(turn), math.degrees(phi_2)
    west, south, east, north = bounding_box(x, y, reach)
    assert west <= x_2 <= east
    assert south <= y_2 <= north
