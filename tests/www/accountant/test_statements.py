"""A statement that is cancelled says who, why and what comes next; it is cancelled once."""

import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.settlement.models import Statement
from tests.factories import Scheme, make_scheme
from tests.settlement.making import close, use_passes
from tests.www.coordinator.network import said
from tests.www.funder.entering import Enter, person, stranger

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def statement(scheme: Scheme) -> Statement:
    use_passes(scheme, 3)
    return close(scheme)[0]


@pytest.fixture
def accountant(scheme: Scheme, as_proved_user: Enter) -> Client:
    return as_proved_user(person(scheme, Role.ACCOUNTANT))


def test_a_cancelled_statement_says_why_and_is_not_cancelled_twice(accountant: Client, statement: Statement) -> None:
    address = f"/comptabilite/releves/{statement.pk}/annuler/"
    for reason in ("atelier compté deux fois", "encore"):
        page = said(accountant.post(address, {"reason": reason}, follow=True))
        assert "atelier compté deux fois" in page
        assert "Ses pass iront sur un nouveau relevé" in page
    assert "il ne peut plus être annulé" in page
    assert accountant.get(address).status_code == 302


def test_others_do_not_cancel_it(scheme: Scheme, statement: Statement, as_proved_user: Enter) -> None:
    address = f"/comptabilite/releves/{statement.pk}/annuler/"
    colleague = as_proved_user(person(scheme, Role.OBSERVER))
    assert colleague.post(address, {"reason": "doublon"}).status_code == 403
    assert as_proved_user(stranger()).post(address, {"reason": "doublon"}).status_code in {403, 404}
