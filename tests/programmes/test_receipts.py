from datetime import date
from typing import Any

import pytest

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
