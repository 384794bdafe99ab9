"""A batch is given up before it is printed; an address kept from a step that is done leads to where the batch is."""

import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.passes import keys
from poincon.passes.models import Batch
from poincon.passes.services.order import order_batch
from tests.factories import SYSTEM, Scheme, make_scheme
from tests.lives import active_batch
from tests.www.funder.entering import Enter, person, stranger
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db
STEPS = ("bon-a-tirer/valider/", "imprimer/", "activer/", "annuler/")


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def funder(scheme: Scheme, as_proved_user: Enter) -> Client:
    return as_proved_user(person(scheme, Role.FUNDER))


@pytest.fixture
def ordered(scheme: Scheme) -> Batch:
    keys.rotate(by=SYSTEM)
    return order_batch(by=SYSTEM, programme=scheme.programme, quantity=2, size=10)


def give_up(client: Client, batch: Batch) -> str:
    typed = {"reason": "Commande faite deux fois"}
    return client.post(f"/commanditaire/lots/{batch.pk}/annuler/", typed, follow=True).content.decode()


def test_a_batch_given_up_says_who_and_why(funder: Client, ordered: Batch) -> None:
    page = give_up(funder, ordered)
    assert as_shown("Le lot 1 est annulé.") in page
    assert as_shown(": « Commande faite deux fois ».") in page


def test_its_booklets_say_so(funder: Client, ordered: Batch) -> None:
    assert "pas encore imprimé" in funder.get("/commanditaire/chequiers/").content.decode()
    give_up(funder, ordered)
    page = funder.get("/commanditaire/chequiers/").content.decode()
    assert page.count('<span class="tag tag-quiet">annulé</span>') == 2


@pytest.mark.parametrize("step", STEPS)
def test_a_batch_given_up_waits_for_nothing(funder: Client, ordered: Batch, step: str) -> None:
    give_up(funder, ordered)
    for answer in (
        funder.get(f"/commanditaire/lots/{ordered.pk}/{step}", follow=True),
        funder.post(f"/commanditaire/lots/{ordered.pk}/{step}", {"reason": "Encore"}, follow=True),
    ):
        page = answer.content.decode()
        assert answer.redirect_chain == [(f"/commanditaire/lots/{ordered.pk}/", 302)]
        assert as_shown("Le lot 1 n’attend plus cela : voici où il en est.") in page
        assert as_shown(": « Commande faite deux fois ».") in page


@pytest.mark.parametrize("step", STEPS)
def test_neither_does_an_active_one(funder: Client, scheme: Scheme, step: str) -> None:
    batch = active_batch(scheme, quantity=1)
    answer = funder.post(f"/commanditaire/lots/{batch.pk}/{step}", {"reason": "Trop tard"}, follow=True)
    assert as_shown("n’attend plus cela") in answer.content.decode()
    batch.refresh_from_db()
    assert batch.cancelled_at is None


def test_only_who_orders_gives_up(scheme: Scheme, ordered: Batch, as_proved_user: Enter) -> None:
    colleague = as_proved_user(person(scheme, Role.ACCOUNTANT))
    assert colleague.post(f"/commanditaire/lots/{ordered.pk}/annuler/", {"reason": "x"}).status_code == 403
    as_proved_user(stranger()).post(f"/commanditaire/lots/{ordered.pk}/annuler/", {"reason": "x"})
    ordered.refresh_from_db()
    assert ordered.cancelled_at is None
