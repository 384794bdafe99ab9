"""« Où en est mon dispositif » : figures that lead to their lists, and what asks for action."""

import pytest
from django.test import Client
from django.utils import timezone

from poincon.organisations.enums import Role
from poincon.passes.models import Batch
from poincon.passes.services.order import order_batch
from poincon.programmes.models import FundingReceipt
from poincon.settlement.enums import PaymentMethod
from poincon.settlement.services import prepare_payments
from tests.factories import SYSTEM, Scheme, make_programme, make_scheme
from tests.guards import guards_lifted
from tests.lives import active_batch
from tests.settlement.making import close, use_passes
from tests.www.funder.entering import Enter, person, stranger

pytestmark = pytest.mark.django_db
HOME = "/commanditaire/"


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def funder(scheme: Scheme, as_proved_user: Enter) -> Client:
    return as_proved_user(person(scheme, Role.FUNDER))


def page(client: Client, path: str = HOME) -> str:
    return " ".join(client.get(path).content.decode().split())


def test_each_figure_leads_to_its_list(funder: Client, scheme: Scheme) -> None:
    active_batch(scheme)
    home = page(funder)
    for step in ("imprimes", "livres", "remis", "entames", "termines"):
        assert f'href="/commanditaire/chequiers/?etape={step}"' in home
        assert funder.get(f"/commanditaire/chequiers/?etape={step}").status_code == 200
    assert '/commanditaire/chequiers/?etape=imprimes">3</a>' in home
    assert 'href="/commanditaire/couverture/"' in home


def test_what_asks_for_action_leads_where_one_acts(funder: Client, scheme: Scheme) -> None:
    batch = order_batch(by=SYSTEM, programme=scheme.programme, quantity=2, size=10, now=active_batch(scheme).ordered_at)
    assert "bon à tirer à valider" in page(funder)
    assert f'href="/commanditaire/lots/{batch.pk}/"' in page(funder)


def test_money_that_is_missing_comes_first(funder: Client, scheme: Scheme) -> None:
    active_batch(scheme)
    with guards_lifted("programmes_fundingreceipt"):
        FundingReceipt.objects.all().delete()
    home = page(funder)
    assert "Il manque 300 € pour couvrir les pass en circulation." in home
    assert home.index("Il manque 300") < home.index("dorment")


def test_nothing_to_do_is_said(funder: Client, scheme: Scheme) -> None:
    active_batch(scheme, now=timezone.now())
    assert "Rien ne vous attend." in page(funder)


def test_a_new_programme_says_what_it_begins_with(funder: Client, scheme: Scheme) -> None:
    home = page(funder)
    assert "Aucun lot n’est encore commandé" in home
    assert 'href="/commanditaire/lots/commander/"' in home
    assert "Aucun argent" not in home
    with guards_lifted("programmes_fundingreceipt"):
        FundingReceipt.objects.all().delete()
    home = page(funder)
    assert home.index("Aucun argent n’est encore enregistré") < home.index("Aucun lot n’est encore commandé")
    assert 'href="/commanditaire/versements/enregistrer/"' in home


def test_an_observer_is_told_but_not_sent_where_one_acts(scheme: Scheme, as_user: Enter) -> None:
    order_batch(by=SYSTEM, programme=scheme.programme, quantity=2, size=10, now=active_batch(scheme).ordered_at)
    home = page(as_user(person(scheme, Role.OBSERVER)))
    assert "bon à tirer à valider" in home
    assert "Relire le bon à tirer" not in home
    assert "Créer un autre dispositif" not in home


def test_another_programme_is_looked_at_in_one_click(funder: Client, scheme: Scheme) -> None:
    other = make_programme(owner=scheme.funder, name="Seniors", code="seniors")
    assert f"/commanditaire/voir/{other.code}/accueil/" in page(funder)
    funder.get("/commanditaire/voir/seniors/regles/", follow=True)
    assert "<h1>Seniors</h1>" in page(funder, "/commanditaire/dispositif/")


@pytest.mark.parametrize("path", ["voir/ailleurs/accueil/", "voir/seniors/nulle-part/"])
def test_only_pages_of_ones_own_programmes_are_looked_at(funder: Client, scheme: Scheme, path: str) -> None:
    make_programme(owner=scheme.funder, code="seniors")
    make_programme(code="ailleurs")
    assert funder.get(HOME + path).status_code == 404


def test_a_funder_without_programme_is_told_how_to_begin(as_proved_user: Enter) -> None:
    assert "Créer un dispositif" in page(as_proved_user(stranger()))


def test_a_prescriber_does_not_open_it(scheme: Scheme, as_user: Enter) -> None:
    assert as_user(person(scheme, Role.PRESCRIBER)).get(HOME).status_code == 403


def test_a_batch_that_lacks_money_sends_where_money_is_recorded(funder: Client, scheme: Scheme) -> None:
    batch = active_batch(scheme)
    Batch.objects.filter(pk=batch.pk).update(activated_at=None)
    url = f"/commanditaire/lots/{batch.pk}/activer/"
    assert 'type="submit">Activer le lot' in page(funder, url)
    with guards_lifted("programmes_fundingreceipt"):
        FundingReceipt.objects.all().delete()
    for answer in (funder.get(url), funder.post(url)):
        text = answer.content.decode()
        assert "pour couvrir ce lot" in text
        assert 'href="/commanditaire/versements/enregistrer/"' in text
        assert 'type="submit">Activer le lot' not in text


def test_an_order_prepared_by_somebody_else_waits_to_be_approved(
    funder: Client, scheme: Scheme, as_proved_user: Enter
) -> None:
    use_passes(scheme, 3)
    close(scheme)
    author = scheme.actor(Role.FUNDER)
    order = prepare_payments(by=author, programme=scheme.programme, method=PaymentMethod.PUBLIC_ACCOUNTANT)
    assert f'href="/comptabilite/ordres/{order.pk}/"' in page(funder)
    assert "a préparé un paiement de" in page(funder)
    assert author.user is not None
    assert "a préparé un paiement de" not in page(as_proved_user(author.user))
