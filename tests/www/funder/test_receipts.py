"""Money recorded, honoured, corrected; the cover it makes."""

from typing import Any

import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import FundingReceipt
from tests.factories import Scheme, make_receipt, make_scheme
from tests.lives import active_batch
from tests.www.funder.entering import Enter, person, stranger
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db
LIST, RECORD = "/commanditaire/versements/", "/commanditaire/versements/enregistrer/"
FILLED = {"nature": "cash", "montant": "12 500,50 €", "recu": "2026-02-01", "reference": "VIR-2026-1", "financeur": ""}


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def funder(scheme: Scheme, as_proved_user: Enter) -> Client:
    return as_proved_user(person(scheme, Role.FUNDER))


def test_an_amount_is_typed_as_people_write_it(funder: Client, scheme: Scheme) -> None:
    funding = scheme.programme.fundings.get()
    assert funder.post(RECORD, FILLED | {"financeur": funding.pk}).status_code == 302
    receipt = FundingReceipt.objects.latest("pk")
    assert (receipt.amount, receipt.kind, receipt.funding) == (1_250_050, ReceiptKind.CASH, funding)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"montant": "12,345"}, "Écrivez un nombre, avec deux décimales au plus"),
        ({"montant": "beaucoup"}, "Écrivez un nombre, avec deux décimales au plus"),
        ({"montant": "-5"}, "Écrivez un nombre entre 0,01"),
        ({"montant": "0"}, "Écrivez un nombre entre 0,01 et 1\u202f000\u202f000\u202f000"),
        ({"montant": ""}, "Remplissez"),
        ({"reference": ""}, "Remplissez"),
        ({"recu": "2026-02-30"}, "Saisissez une date valide"),
        ({"recu": "2199-01-01"}, "Cette date n’est pas encore passée"),
        ({"nature": "don"}, "dans la liste"),
        ({"financeur": "987654"}, "dans la liste"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(funder: Client, wrong: dict[str, Any], said: str) -> None:
    page = funder.post(RECORD, FILLED | wrong).content.decode()
    assert said in page
    assert "<title>Erreur" in page
    assert FundingReceipt.objects.count() == 1


def test_a_reference_already_recorded_is_refused_and_what_was_typed_stays(funder: Client) -> None:
    funder.post(RECORD, FILLED)
    page = funder.post(RECORD, FILLED | {"montant": "77"}).content.decode()
    assert as_shown("VIR-2026-1 » est déjà enregistrée") in page
    assert 'value="77"' in page


def test_a_commitment_is_honoured_from_its_page(funder: Client, scheme: Scheme) -> None:
    promised = make_receipt(scheme.programme, 100_000, kind=ReceiptKind.COMMITMENT, reference="ENG-1")
    assert "Enregistrer l’argent arrivé" in funder.get(f"{LIST}{promised.pk}/").content.decode()
    sent = {"montant": "600", "recu": "2026-02-01", "reference": "VIR-9"}
    assert funder.post(f"{LIST}{promised.pk}/honorer/", sent).status_code == 302
    assert FundingReceipt.objects.get(reference="VIR-9").realises == promised
    assert as_shown("reste à venir : 400") in funder.get(LIST).content.decode()
    page = funder.post(f"{LIST}{promised.pk}/honorer/", sent | {"montant": "401", "reference": "VIR-10"}).content
    assert "n’attend plus que 400" in page.decode()


def test_a_mistake_is_corrected_with_its_reason(funder: Client, scheme: Scheme) -> None:
    wrong = make_receipt(scheme.programme, 50_000, reference="VIR-FAUX")
    address = f"{LIST}{wrong.pk}/corriger/"
    assert "Remplissez" in funder.post(address, {"motif": ""}).content.decode()
    funder.post(address, {"motif": "Versé à un autre dispositif"})
    assert wrong.correction.amount == -50_000
    page = funder.get(f"{LIST}{wrong.pk}/").content.decode()
    assert "Versé à un autre dispositif" in page
    assert "Corriger</a>" not in page


def test_the_list_is_exported_as_it_is_filtered(funder: Client, scheme: Scheme) -> None:
    make_receipt(scheme.programme, 5_000, kind=ReceiptKind.COMMITMENT, reference="ENG-1")
    file = b"".join(funder.get(f"{LIST}?nature=commitment&format=csv"))
    assert b"ENG-1" in file
    assert b"VIR-" not in file


def test_an_observer_reads_and_does_not_record(scheme: Scheme, as_user: Enter) -> None:
    client = as_user(person(scheme, Role.OBSERVER))
    page = client.get(LIST).content.decode()
    assert "Enregistrer un versement" not in page
    receipt = scheme.programme.receipts.get()
    for address in (RECORD, f"{LIST}{receipt.pk}/corriger/", f"{LIST}{receipt.pk}/honorer/"):
        assert client.get(address).status_code == 403


def test_an_accountant_records(scheme: Scheme, as_proved_user: Enter) -> None:
    client = as_proved_user(person(scheme, Role.ACCOUNTANT))
    assert client.post(RECORD, FILLED).status_code == 302


def test_money_of_another_programme_is_not_there(scheme: Scheme, as_proved_user: Enter) -> None:
    other = make_scheme()
    client = as_proved_user(person(other, Role.FUNDER))
    receipt = scheme.programme.receipts.get()
    for page in ("", "corriger/", "honorer/"):
        assert client.get(f"{LIST}{receipt.pk}/{page}").status_code == 404


def test_without_programme_one_is_sent_home(as_proved_user: Enter) -> None:
    assert as_proved_user(stranger()).get(LIST).status_code == 302


def test_the_cover_is_said_in_a_sentence_and_drawn(funder: Client, scheme: Scheme) -> None:
    cover = "/commanditaire/couverture/"
    assert "Aucun pass n’est encore en circulation" in funder.get(cover).content.decode()
    active_batch(scheme)
    page = funder.get(cover).content.decode()
    assert "chaque pass en circulation est couvert" in page
    assert 'class="chart"' in page
    file = b"".join(funder.get(f"{cover}?graphique=argent-et-pass&format=csv")).decode()
    assert "aujourd’hui;100000,00;300,00" in file


def test_a_cover_that_is_short_says_what_is_missing(funder: Client, scheme: Scheme) -> None:
    active_batch(scheme)
    funder.post(f"{LIST}{scheme.programme.receipts.get().pk}/corriger/", {"motif": "erreur"})
    page = funder.get("/commanditaire/couverture/").content.decode()
    assert "il manque 300\xa0€" in page


def test_a_commitment_honoured_in_full_waits_for_nothing(funder: Client, scheme: Scheme) -> None:
    promised = make_receipt(scheme.programme, 1_000, kind=ReceiptKind.COMMITMENT)
    sent = {"montant": "10", "recu": "2026-02-01", "reference": "VIR-9"}
    for _ in range(2):
        answer = funder.post(f"{LIST}{promised.pk}/honorer/", sent, follow=True)
    assert "n’attend plus d’argent" in answer.content.decode()
    assert promised.realisations.count() == 1


def test_a_receipt_is_corrected_once(funder: Client, scheme: Scheme) -> None:
    wrong = make_receipt(scheme.programme, 1_000)
    for _ in range(2):
        answer = funder.post(f"{LIST}{wrong.pk}/corriger/", {"motif": "erreur"}, follow=True)
    assert "est déjà corrigé" in answer.content.decode()
    assert FundingReceipt.objects.filter(corrects=wrong).count() == 1
