import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from poincon.organisations.enums import Role
from poincon.passes import codes
from tests.factories import make_venue
from tests.www.making import make_booklet
from tests.www.operator.conftest import Counter, Enter
from tests.www.operator.test_punching import page_of

pytestmark = pytest.mark.django_db


def rows(counter: Counter, query: str = "") -> int:
    return page_of(counter.client.get(f"/mediation/poincons/{query}")).count('<th scope="row"')


@pytest.fixture
def busy(counter: Counter) -> Counter:
    """One accepted, one undone, one refused."""
    counter.punch()
    other = codes.written(make_booklet(counter.scheme.programme).number)
    where = counter.client.post("/mediation/poinconner/", counter.form(numero=other))["Location"]
    counter.client.post(f"{where}annuler/")
    counter.punch(numero="4829 1570 3000")
    return counter


@pytest.mark.parametrize(("asked", "expected"), [("", 3), ("oui", 1), ("annule", 1), ("non", 1)])
def test_the_list_is_filtered_by_what_was_answered(busy: Counter, asked: str, expected: int) -> None:
    assert rows(busy, f"?reponse={asked}") == expected


def test_a_number_is_searched_as_it_is_typed(busy: Counter) -> None:
    assert rows(busy, f"?q={busy.number}") == 1
    assert rows(busy, f"?q={busy.number[:6]}") == 2
    assert rows(busy, "?q=bonjour") == 0


def test_the_list_is_cut_by_day_and_place(busy: Counter) -> None:
    today = timezone.localdate()
    assert rows(busy, f"?du={today}&au={today}") == 3
    assert rows(busy, f"?du={today + timedelta(days=1)}") == 0
    assert rows(busy, f"?lieu={make_venue(busy.scheme.operator).pk}") == 0


def test_places_are_chosen_in_the_order_of_a_dictionary(busy: Counter) -> None:
    for name in ("Lieu 10", "Lieu 2", "École"):
        make_venue(busy.scheme.operator, name=name)
    page = page_of(busy.client.get("/mediation/poincons/"))
    assert page.index(">École") < page.index(">Lieu 2") < page.index(">Lieu 10")


def test_what_was_refused_keeps_its_reason(busy: Counter) -> None:
    assert "un de ses caractères est faux" in page_of(busy.client.get("/mediation/poincons/"))


def test_the_file_says_everything_once(busy: Counter) -> None:
    response = busy.client.get("/mediation/poincons/?format=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # it streams
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [line["Réponse"] for line in lines] == ["refusé", "annulé", "poinçonné"]
    assert lines[2]["Valeur"] == "10,00"
    assert lines[2]["Par"] == str(busy.user)


def test_another_structure_sees_none_of_it(busy: Counter, enter: Enter) -> None:
    assert busy.number not in page_of(enter(Role.OPERATOR_MANAGER).get("/mediation/poincons/?q=0"))


def test_a_month_adds_up_by_day_place_and_person(busy: Counter) -> None:
    page = page_of(busy.client.get("/mediation/mois/"))
    assert busy.scheme.venue.name in page
    assert str(busy.user) in page
    assert "Ce mois n’est pas fini." in page


@pytest.mark.parametrize("month", ["2020-01", "2020-13", "zzz", "9999-12", "2019-02-03"])
def test_any_month_asked_is_answered(busy: Counter, month: str) -> None:
    assert busy.client.get(f"/mediation/mois/?mois={month}").status_code == 200


def test_a_month_without_a_pass_teaches(busy: Counter) -> None:
    assert "Aucun pass ce mois-ci" in page_of(busy.client.get("/mediation/mois/?mois=2020-01"))
