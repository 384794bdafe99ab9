from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from poincon.organisations.enums import Role
from poincon.settlement.models import Statement
from poincon.settlement.services import abandon_payments, cancel_statement, close_month, reject_payment
from tests.factories import SYSTEM, Scheme, make_membership, make_scheme, make_user
from tests.lives import Life, make_life
from tests.settlement.making import approved, prepared
from tests.www.operator.test_punching import page_of
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def life() -> Life:
    life = make_life(code="creuse", name="Pass de la Creuse", phone="05 55 44 30 00")
    life.scan()
    return life


@pytest.fixture
def statement(life: Life) -> Statement:
    month = life.batch.valid_from.replace(day=1)
    after = timezone.now().replace(year=month.year, month=month.month, day=1) + timedelta(days=40)
    [made] = close_month(by=SYSTEM, programme=life.scheme.programme, month=month, now=after)
    return made


def signed_in(scheme: Scheme, role: Role) -> Client:
    user = scheme.actor(role).user
    assert user is not None
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(life: Life) -> Client:
    return signed_in(life.scheme, Role.OPERATOR_MANAGER)


def test_the_list_tells_the_month_the_amount_and_the_state(manager: Client, statement: Statement) -> None:
    page = page_of(manager.get("/mediation/releves/"))
    assert "mars 2026" in page
    assert "à payer" in page


def test_the_cover_of_the_programme_is_shown_to_its_operators(manager: Client, statement: Statement) -> None:
    type(statement.programme).objects.update(ends_on=timezone.localdate() + timedelta(days=9))
    page = page_of(manager.get("/mediation/releves/"))
    assert "L’argent derrière vos pass" in page
    assert "Promis par engagement" in page


def test_a_statement_says_what_it_counts_and_what_became_of_it(manager: Client, statement: Statement) -> None:
    page = page_of(manager.get(f"/mediation/releves/{statement.pk}/"))
    assert statement.number in page
    assert "Relevé arrêté" in page


def test_it_opens_on_paper_and_pass_by_pass(manager: Client, statement: Statement) -> None:
    paper = manager.get(f"/mediation/releves/{statement.pk}/releve.pdf")
    assert paper.content.startswith(b"%PDF")
    table = manager.get(f"/mediation/releves/{statement.pk}/pass.csv")
    text = b"".join(table.streaming_content).decode()  # type: ignore[attr-defined]  # it streams
    assert statement.number in text


PAGES = ("", "releve.pdf", "pass.csv")


@pytest.mark.parametrize("page", PAGES)
def test_a_mediator_of_the_structure_does_not_read_it(life: Life, statement: Statement, page: str) -> None:
    assert signed_in(life.scheme, Role.MEDIATOR).get(f"/mediation/releves/{statement.pk}/{page}").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_another_structure_does_not_find_it(statement: Statement, page: str) -> None:
    stranger = signed_in(make_scheme(), Role.OPERATOR_MANAGER)
    assert stranger.get(f"/mediation/releves/{statement.pk}/{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_manager_for_another_programme_does_not_find_it(life: Life, statement: Statement, page: str) -> None:
    user = make_user()
    make_membership(Role.OPERATOR_MANAGER, life.scheme.operator, user=user, programme=make_scheme().programme)
    client = Client()
    client.force_login(user)
    assert client.get(f"/mediation/releves/{statement.pk}/{page}").status_code == 404


def test_a_payment_that_came_back_is_said_with_what_to_do(life: Life, manager: Client, statement: Statement) -> None:
    payment = approved(life.scheme).payments.get()
    reject_payment(by=SYSTEM, payment=payment, reason="compte clos", on=timezone.localdate())
    assert "paiement revenu, à refaire" in page_of(manager.get("/mediation/releves/"))
    response = manager.get(f"/mediation/releves/{statement.pk}/")
    assert "compte clos\N{NO-BREAK SPACE}». Il sera refait" in page_of(response)
    assert 'href="/mediation/releves/compte/"' in response.content.decode()


def test_an_order_given_up_is_not_told_as_a_rejection(life: Life, manager: Client, statement: Statement) -> None:
    abandon_payments(by=SYSTEM, batch=prepared(life.scheme))
    page = page_of(manager.get(f"/mediation/releves/{statement.pk}/"))
    assert "Paiement rejeté" not in page
    assert "le relevé attend le prochain" in page


def test_a_cancelled_statement_says_why_and_what_becomes_of_its_passes(manager: Client, statement: Statement) -> None:
    cancel_statement(by=SYSTEM, statement=statement, reason="atelier compté deux fois")
    page = page_of(manager.get(f"/mediation/releves/{statement.pk}/"))
    assert as_shown("« atelier compté deux fois ». Rien n’est perdu : ses pass seront sur un nouveau relevé.") in page
    assert "somme annulée" in page
    assert "somme due" not in page
    assert "Relevé annulé" in page
