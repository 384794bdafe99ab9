"""Who pays which share: drawn, and changed from a month on."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from poincon.organisations.enums import Role
from poincon.organisations.models import Organisation
from poincon.programmes.models import Funding
from tests.factories import Scheme, make_organisation, make_scheme
from tests.www.funder.entering import Enter, person

pytestmark = pytest.mark.django_db
PAGE, CHANGE = "/commanditaire/financements/", "/commanditaire/financements/changer/"


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def state() -> Organisation:
    return make_organisation(name="Préfecture", is_funder=True)


@pytest.fixture
def funder(scheme: Scheme, as_proved_user: Enter) -> Client:
    return as_proved_user(person(scheme, Role.FUNDER))


def row(rank: int, funder: Organisation | None, kind: str, share: str) -> dict[str, Any]:
    typed = {"financeur": funder.pk if funder else "", "nature": kind, "part": share}
    blank = dict.fromkeys(("reference", "preuves", "regles"), "")
    return {f"parts-{rank}-{name}": value for name, value in (blank | typed).items()}


def sent(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    first = timezone.localdate().replace(day=1).isoformat()
    data: dict[str, Any] = {"parts-TOTAL_FORMS": len(rows), "parts-INITIAL_FORMS": 0, "des": first, "motif": "Avenant"}
    for one in rows:
        data |= one
    return data | more


def test_the_shares_are_drawn(funder: Client, scheme: Scheme) -> None:
    page = funder.get(PAGE).content.decode()
    assert "<strong>100\xa0%</strong>" in page
    assert "100 000\xa0€" not in page  # what came without a funder is nobody’s


def test_a_programme_without_funder_says_what_to_do(funder: Client, scheme: Scheme) -> None:
    Funding.objects.all().delete()
    assert "Répartir entre les financeurs" in funder.get(PAGE).content.decode()


def test_the_shares_change_from_a_month_on(funder: Client, scheme: Scheme, state: Organisation) -> None:
    data = sent(row(0, scheme.funder, "owner", "66,67"), row(1, state, "state", "33,33"))
    assert funder.post(CHANGE, data).status_code == 302
    live = Funding.objects.filter(valid_until=None).order_by("pk")
    assert sorted(live.values_list("share_bp", flat=True)) == [3333, 6667]
    assert "Avant" in funder.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("share", "said"), [("20", "il manque 30\xa0%"), ("60", "il y a 10\xa0% de trop"), ("cent", "Écrivez un nombre")]
)
def test_shares_that_do_not_make_the_whole_say_by_how_much(
    funder: Client, scheme: Scheme, state: Organisation, share: str, said: str
) -> None:
    data = sent(row(0, scheme.funder, "owner", "50"), row(1, state, "state", share))
    page = funder.post(CHANGE, data).content.decode().replace(" %", "\xa0%")
    assert said in page
    assert 'id="id_parts-1-part"' in page
    assert Funding.objects.count() == 1


def test_the_faults_of_two_rows_are_told_together_each_with_its_row(
    funder: Client, scheme: Scheme, state: Organisation
) -> None:
    data = sent(row(0, scheme.funder, "owner", "cent"), row(1, state, "state", ""))
    page = " ".join(funder.post(CHANGE, data).content.decode().split())
    assert page.count("form-problems") == 1
    assert "2 réponses sont à corriger" in page
    assert '<a href="#id_parts-0-part">Financeur 1, Part' in page
    assert '<a href="#id_parts-1-part">Financeur 2, Part' in page


def test_a_row_is_added_then_taken_away_with_everything_still_there(
    funder: Client, scheme: Scheme, state: Organisation
) -> None:
    data = sent(row(0, scheme.funder, "owner", "50"), motif="Convention")
    page = funder.post(CHANGE, data | {"ajouter": "1"}).content.decode()
    assert 'name="parts-1-part"' in page
    assert 'value="Convention"' in page
    assert "field-wrong" not in page
    both = sent(row(0, scheme.funder, "owner", "50"), row(1, state, "state", "42"))
    page = funder.post(CHANGE, both | {"oter": "0"}).content.decode()
    assert 'value="42"' in page
    assert 'name="parts-1-part"' not in page
    assert Funding.objects.count() == 1


def test_an_empty_row_does_not_count(funder: Client, scheme: Scheme) -> None:
    assert funder.post(CHANGE, sent(row(0, scheme.funder, "owner", "100"), row(1, None, "", ""))).status_code == 302


def test_the_same_funder_twice_is_refused(funder: Client, scheme: Scheme) -> None:
    data = sent(row(0, scheme.funder, "owner", "50"), row(1, scheme.funder, "state", "50"))
    assert "y figure 2 fois" in funder.post(CHANGE, data).content.decode()


def test_a_day_inside_a_month_is_refused(funder: Client, scheme: Scheme) -> None:
    day = timezone.localdate().replace(day=2).isoformat()
    page = funder.post(CHANGE, sent(row(0, scheme.funder, "owner", "100"), des=day)).content.decode()
    assert "commence le premier jour d’un mois" in page


def test_an_observer_reads_and_does_not_change(scheme: Scheme, as_user: Enter) -> None:
    client = as_user(person(scheme, Role.OBSERVER))
    assert "Changer la répartition" not in client.get(PAGE).content.decode()
    assert client.get(CHANGE).status_code == 403


def test_a_coordinator_does_not_see_the_money(scheme: Scheme, as_user: Enter) -> None:
    assert as_user(person(scheme, Role.COORDINATOR)).get(PAGE).status_code == 403
