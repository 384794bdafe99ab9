"""Payment orders on screen: what came back, the day that is refused."""

import pytest
from django.test import Client
from django.utils import timezone

from poincon.organisations.enums import Role
from poincon.settlement.models import Payment
from poincon.settlement.services import reject_payment
from tests.factories import SYSTEM, Scheme, make_scheme
from tests.settlement.making import approved, close, use_passes
from tests.www.coordinator.network import said
from tests.www.funder.entering import Enter, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    scheme = make_scheme()
    use_passes(scheme, 3)
    close(scheme)
    return scheme


@pytest.fixture
def accountant(scheme: Scheme, as_proved_user: Enter) -> Client:
    return as_proved_user(person(scheme, Role.ACCOUNTANT))


@pytest.fixture
def payment(scheme: Scheme) -> Payment:
    return approved(scheme).payments.get()


def test_a_day_that_is_refused_is_said_at_its_field(accountant: Client, payment: Payment) -> None:
    for url in (f"/comptabilite/ordres/{payment.batch_id}/payer/", f"/comptabilite/paiements/{payment.pk}/rejeter/"):
        response = accountant.post(url, {"on": "2031-01-01", "reason": "compte clos", "payments": [payment.pk]})
        [fault] = response.context["form"].errors["on"]
        assert "n’est pas possible" in fault


def test_what_came_back_is_said_on_the_order_and_where_it_is_paid_again(accountant: Client, payment: Payment) -> None:
    order = f"/comptabilite/ordres/{payment.batch_id}/"
    assert "sont revenus" not in said(accountant.get(order))
    reject_payment(by=SYSTEM, payment=payment, reason="compte clos", on=timezone.localdate())
    assert "30 € de cet ordre sont revenus" in said(accountant.get(order)).replace("\N{NO-BREAK SPACE}", " ")
    assert ": compte clos" in said(accountant.get("/comptabilite/ordres/preparer/"))
