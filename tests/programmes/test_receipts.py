from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import FundingReceipt, Programme
from poincon.programmes.queries import receipts_by_kind, receipts_total
from poincon.programmes.services import correct_receipt, record_receipt
from tests.factories import NOW, SYSTEM, TODAY, make_actor, make_funding, make_organisation, make_programme, make_scheme
from tests.programmes.test_change import refused

pytestmark = pytest.mark.django_db


def record(programme: Programme, **changes: Any) -> FundingReceipt:
    values: dict[str, Any] = {
        "by": SYSTEM,
        "kind": ReceiptKind.CASH,
        "amount": 150_000,
        "received_on": TODAY,
        "reference": "VIR 1",
        "now": NOW,
    } | changes
    return record_receipt(programme=programme, **values)


def test_cash_and_commitments_are_counted_apart() -> None:
    programme = make_programme()
    record(programme)
    record(programme, kind=ReceiptKind.COMMITMENT, amount=50_000, reference="ENG 1")
    record(make_programme(), amount=1)
    assert receipts_by_kind(programme.pk) == {ReceiptKind.CASH: 150_000, ReceiptKind.COMMITMENT: 50_000}
    assert receipts_total(programme.pk) == 200_000
    assert receipts_total(make_programme().pk) == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 0}, "receipt_amount"),
        ({"amount": -5}, "receipt_amount"),
        ({"amount": 10**12}, "receipt_amount"),
        ({"received_on": date(2026, 3, 5)}, "receipt_in_the_future"),
        ({"reference": " "}, "receipt_reference"),
        ({"reference": "x" * 101}, "receipt_reference"),
    ],
)
def test_a_wrong_receipt_is_refused_and_not_written(changes: dict[str, Any], code: str) -> None:
    programme = make_programme()
    with refused(code):
        record(programme, **changes)
    assert not programme.receipts.exists()


def test_a_reference_is_recorded_once_and_a_funding_is_of_the_programme() -> None:
    programme = make_programme()
    record(programme, funding=make_funding(programme))
    with refused("receipt_twice"):
        record(programme, reference=" VIR 1 ")
    with refused("receipt_other_funding"):
        record(programme, reference="VIR 2", funding=make_funding(make_programme()))


def test_a_correction_is_the_opposite_amount_once() -> None:
    programme = make_programme()
    receipt = record(programme)
    correction = correct_receipt(by=SYSTEM, receipt=receipt, reason="Saisi deux fois", now=NOW)
    assert (correction.amount, correction.corrects, correction.reference) == (-150_000, receipt, "Saisi deux fois")
    assert receipts_total(programme.pk) == 0
    for wrong in (receipt, correction):
        with refused("receipt_already_corrected"):
            correct_receipt(by=SYSTEM, receipt=wrong, reason="Encore")


def test_two_corrections_may_have_the_same_reason_but_need_one() -> None:
    programme = make_programme()
    first, second = record(programme), record(programme, reference="VIR 2")
    correct_receipt(by=SYSTEM, receipt=first, reason="Erreur")
    assert correct_receipt(by=SYSTEM, receipt=second, reason="Erreur").pk
    with refused("correction_reason"):
        correct_receipt(by=SYSTEM, receipt=record(programme, reference="VIR 3"), reason="")


def test_who_records_money() -> None:
    scheme = make_scheme()
    for role in (Role.FUNDER, Role.ACCOUNTANT):
        receipt = record(scheme.programme, by=scheme.actor(role), reference=role)
        assert correct_receipt(by=scheme.actor(role), receipt=receipt, reason="Essai").pk
    strangers = [scheme.actor(Role.OBSERVER), make_actor(Role.FUNDER, make_organisation(is_funder=True)), make_actor()]
    for by in strangers:
        with pytest.raises(Refusal, match="droit"):
            record(scheme.programme, by=by, reference="X")


def commitment_of(programme: Programme, amount: int = 100_000) -> FundingReceipt:
    return record(programme, kind=ReceiptKind.COMMITMENT, amount=amount, reference="ENG 1")


def test_cash_that_honours_a_commitment_is_not_counted_twice() -> None:
    programme = make_programme()
    commitment = commitment_of(programme)
    record(programme, amount=40_000, realises=commitment)
    assert receipts_by_kind(programme.pk) == {ReceiptKind.CASH: 40_000, ReceiptKind.COMMITMENT: 60_000}
    record(programme, amount=60_000, reference="VIR 2", realises=commitment)
    assert receipts_by_kind(programme.pk) == {ReceiptKind.CASH: 100_000, ReceiptKind.COMMITMENT: 0}


def test_a_commitment_is_honoured_up_to_its_amount() -> None:
    programme = make_programme()
    commitment = commitment_of(programme)
    first = record(programme, amount=40_000, realises=commitment)
    with refused("receipt_realises_too_much"):
        record(programme, amount=60_001, reference="VIR 2", realises=commitment)
    correct_receipt(by=SYSTEM, receipt=first, reason="Rejeté par la banque", now=NOW)
    assert receipts_by_kind(programme.pk) == {ReceiptKind.CASH: 0, ReceiptKind.COMMITMENT: 100_000}
    assert record(programme, amount=100_000, reference="VIR 2", realises=commitment).realises == commitment


def test_only_cash_honours_and_only_a_live_commitment_of_the_programme() -> None:
    programme = make_programme()
    commitment, cash = commitment_of(programme), record(programme, reference="VIR 0")
    elsewhere = commitment_of(make_programme())
    for changes in ({"realises": cash}, {"realises": elsewhere}, {"realises": commitment, "kind": "commitment"}):
        with refused("receipt_realises"):
            record(programme, amount=1, reference="VIR 2", **changes)
    correct_receipt(by=SYSTEM, receipt=commitment, reason="Erreur", now=NOW)
    with refused("receipt_realises"):
        record(programme, amount=1, reference="VIR 2", realises=FundingReceipt.objects.get(pk=commitment.pk))


def test_a_commitment_that_is_honoured_is_corrected_after_its_cash() -> None:
    programme = make_programme()
    commitment = commitment_of(programme)
    cash = record(programme, amount=40_000, realises=commitment)
    with refused("receipt_honoured"):
        correct_receipt(by=SYSTEM, receipt=commitment, reason="Erreur", now=NOW)
    correct_receipt(by=SYSTEM, receipt=cash, reason="Erreur", now=NOW)
    correct_receipt(by=SYSTEM, receipt=commitment, reason="Erreur", now=NOW)
    assert receipts_total(programme.pk) == 0


def test_a_correction_waits_for_the_turn_of_its_programme() -> None:
    receipt = record(make_programme())
    with CaptureQueriesContext(connection) as asked:
        correct_receipt(by=SYSTEM, receipt=receipt, reason="Erreur", now=NOW)
    tables = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert 'FROM "programmes_programme"' in tables[0]
