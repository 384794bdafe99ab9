"""In which order a list puts names, choices and empty cells; what its search finds: the same on both engines."""

from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import translation

from poincon.kernel.texts import comparable
from poincon.organisations.enums import Role
from poincon.organisations.models import Membership, Organisation
from poincon.www.base.listing import words_in
from poincon.www.base.listing.order import ordering
from tests.factories import make_commune, make_membership, make_organisation

pytestmark = pytest.mark.django_db

#: As a dictionary gives them: neither accents, nor capitals, nor hyphens put a name elsewhere; numbers count.
IN_ORDER = [
    "2 rives",
    "10 clés",
    "abbaye",
    "Écluse",
    "ECOLE",
    "Élan",
    "Île-de-Ré",
    "Lieu 2",
    "Lieu 10",
    "Lieu 010 bis",
    "Lieu 100",
    "Lieu-dit",
    "Œuvre sociale",
    "Zuydcoote",
]


def named(*names: str) -> None:
    for name in names:
        make_organisation(name=name)


def in_order(*fields: str, descends: bool = False) -> list[str]:
    rows: QuerySet[Any] = Organisation.objects.all()
    return [one.name for one in rows.order_by(*ordering(rows, fields, descends=descends))]


def found(typed: str, *fields: str) -> list[str]:
    rows: QuerySet[Any] = Organisation.objects.all()
    return sorted(one.name for one in words_in(*(fields or ("name",)))(rows, typed))


def test_names_are_in_the_order_of_a_dictionary() -> None:
    named(*sorted(IN_ORDER))
    assert in_order("name") == IN_ORDER
    assert in_order("name", descends=True) == IN_ORDER[::-1]


@pytest.mark.parametrize("descends", [False, True])
def test_what_is_empty_comes_last_both_ways(descends: bool) -> None:
    named("without address", "without commune")
    make_organisation(name="filled", address="1 rue du Puits", commune=make_commune())
    assert in_order("address", descends=descends)[0] == "filled"
    assert in_order("commune__name", descends=descends)[0] == "filled"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_choices_are_in_the_order_of_their_words(language: str) -> None:
    for role in Role:
        make_membership(role, make_organisation())
    rows: QuerySet[Any] = Membership.objects.all()
    with translation.override(language):
        words = [one.get_role_display() for one in rows.order_by(*ordering(rows, ["role"], descends=False))]
    assert words == sorted(words, key=comparable)


@pytest.mark.parametrize("typed", ["gueret", "GUÉRET", "Gueret", "gué"])
def test_a_search_looks_at_neither_accents_nor_capitals(typed: str) -> None:
    named("Mission locale de Guéret", "CCAS D'AUBUSSON")
    assert found(typed) == ["Mission locale de Guéret"]


@pytest.mark.parametrize("typed", ["l'oeuvre", "L’ŒUVRE", "saint etienne", "Saint-Étienne", "ŒUVRE"])
def test_a_search_looks_at_neither_hyphens_nor_ligatures(typed: str) -> None:
    named("L’Œuvre de Saint-Étienne", "Autre")
    assert found(typed) == ["L’Œuvre de Saint-Étienne"]


@pytest.mark.parametrize("typed", ["21230009600012", "212 300 096 00012", "212 300 096", "212\u202f300"])
def test_a_number_is_found_with_or_without_its_spaces(typed: str) -> None:
    make_organisation(name="Département", siret="21230009600012")
    named("Autre")
    assert found(typed, "name", "siret__startswith") == ["Département"]
    assert found("300 096", "name", "siret__startswith") == []


@pytest.mark.parametrize("typed", ["{}", "n° {}", "N°{}", "n°\u00a0{}"])
def test_a_number_is_found_with_or_without_its_sign(typed: str) -> None:
    organisation = make_organisation(name="Autre")
    assert found(typed.format(organisation.pk), "name", "pk__exact") == ["Autre"]
    assert found(typed.format(f"{organisation.pk}9"), "name", "pk__exact") == []


@pytest.mark.parametrize("typed", ["(", "[a", "a*", "\\", "^", "$", ".", "%", "{2}"])
def test_signs_typed_are_only_themselves(typed: str) -> None:
    named("Autre")
    assert found(typed) == []
    make_organisation(name=f"x{typed}y")
    assert found(typed) == [f"x{typed}y"]
