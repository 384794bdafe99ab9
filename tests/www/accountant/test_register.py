"""The register on a day, the orders in few columns, and the way to every page of whoever pays."""

import csv
import io

import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.passes.models import Movement
from poincon.settlement.models import PaymentBatch
from tests.world.standing import Standing
from tests.world.story import Person
from tests.www.coordinator.network import said

pytestmark = pytest.mark.django_db

REGISTER, ORDERS = "/comptabilite/registre/", "/comptabilite/ordres/"


@pytest.fixture
def client(full: Standing) -> Client:
    return full.client(Person(Role.ACCOUNTANT))


def exported(client: Client, url: str) -> list[dict[str, str]]:
    """The rows of a list, as a spreadsheet reads them."""
    text = b"".join(client.get(url)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_movements_stop_on_the_day_of_the_balances(client: Client, full: Standing) -> None:
    moves = Movement.objects.filter(batch__programme=full.world.programme)
    first = moves.earliest("at").at.date()
    assert moves.filter(at__date__gt=first).exists()
    rows = exported(client, f"{REGISTER}?au={first:%Y-%m-%d}&format=csv")
    assert len(rows) == moves.filter(at__date__lte=first).count()


def test_filtering_the_movements_keeps_the_day_of_the_balances(client: Client, full: Standing) -> None:
    first = Movement.objects.filter(batch__programme=full.world.programme).earliest("at").at.date()
    page = client.get(f"{REGISTER}?au={first:%Y-%m-%d}&nature=printed").content.decode()
    assert page.count(f'value="{first:%Y-%m-%d}"') == 2
    assert f"registre/pdf?au={first:%Y-%m-%d}" in page


def test_a_movement_is_one_range_on_the_page_and_two_ranks_in_a_file(client: Client, full: Standing) -> None:
    move = Movement.objects.filter(batch__programme=full.world.programme, first_rank=1, last_rank__gt=1).earliest("pk")
    assert f"Lot {move.batch.number}, n° 1 à {move.last_rank}" in said(client.get(REGISTER))
    row = exported(client, f"{REGISTER}?format=csv&tri=date")[0]
    assert (row["Lot"], row["Du rang"], row["Au rang"]) == (str(move.batch.number), "1", str(move.last_rank))


def test_an_order_says_its_payments_in_words_and_its_figures_in_a_file(client: Client, full: Standing) -> None:
    page = said(client.get(ORDERS))
    assert "comptable public" in page
    assert "état liquidatif pour le comptable public" not in page
    paid = PaymentBatch.objects.filter(programme=full.world.programme, payments__state="paid").first()
    assert paid is not None
    number = paid.payments.filter(state="paid").count()
    assert f"{number} payé" in page
    rows = {row["Ordre"]: row for row in exported(client, f"{ORDERS}?format=csv")}
    assert rows[str(paid.pk)]["Payés"] == str(number)


@pytest.mark.parametrize(
    "page",
    [
        "/commanditaire/versements/",
        "/commanditaire/couverture/",
        "/commanditaire/financements/",
        "/commanditaire/lots/",
        "/commanditaire/journal/",
        REGISTER,
        ORDERS,
    ],
)
def test_the_menu_leads_to_the_money_and_to_what_it_pays(client: Client, page: str) -> None:
    assert f'href="{page}"' in client.get("/comptabilite/").content.decode()
    assert client.get(page).status_code == 200
