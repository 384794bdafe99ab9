"""The file for the bank: valid, complete, and the same each time."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest
from sepaxml.validation import ValidationError, try_valid_xml

from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import LegalForm, Role
from poincon.settlement.documents import sepa, sepa_file
from poincon.settlement.documents.sepa import NAMESPACE, SCHEMA, sepa_text
from poincon.settlement.enums import PaymentMethod
from poincon.settlement.models import PaymentBatch
from poincon.settlement.services import approve_payments, confirm_paid
from tests.factories import SYSTEM, Scheme, make_scheme
from tests.settlement.making import (
    APRIL_OVER,
    IBANS,
    MARCH_OVER,
    approved,
    close,
    make_account,
    make_operator,
    prepared,
    use_passes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    """Paid by an association: 30 € and 20,50 € to two operators."""
    scheme = make_scheme(code="creuse", name="Pass « numérique » & Creuse")
    scheme.funder.legal_form = LegalForm.ASSOCIATION
    scheme.funder.save()
    scheme.programme.refresh_from_db()
    make_account(scheme.funder, IBANS[2])
    use_passes(scheme, 3)
    other = make_operator(scheme, "L’Œuvre d’Aubusson & Cie")
    use_passes(scheme, 2, where=other)
    make_account(scheme.operator, IBANS[0])
    make_account(other.operator, IBANS[1])
    close(scheme)
    return scheme


@pytest.fixture
def batch(scheme: Scheme) -> PaymentBatch:
    return approved(scheme, PaymentMethod.SEPA)


def texts(xml: bytes, path: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(xml).iterfind(f".//{path}", NAMESPACE)]


def test_the_file_respects_its_schema(batch: PaymentBatch) -> None:
    xml = sepa_file(batch)
    try_valid_xml(xml, SCHEMA)
    assert xml.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')


def test_a_file_that_does_not_is_never_given(batch: PaymentBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sepa, "sepa_text", lambda words, _longest: words * 20)
    with pytest.raises(ValidationError):
        sepa_file(batch)


def test_each_transfer_goes_to_its_account_with_its_reference(batch: PaymentBatch) -> None:
    xml = sepa_file(batch)
    assert texts(xml, "pain:CdtrAcct//pain:IBAN") == [IBANS[0], IBANS[1]]
    assert texts(xml, "pain:InstdAmt") == ["30.00", "20.00"]
    assert texts(xml, "pain:EndToEndId") == [payment.end_to_end for payment in batch.payments.order_by("pk")]
    assert texts(xml, "pain:Cdtr/pain:Nm")[1] == "L'OEuvre d'Aubusson + Cie"
    assert texts(xml, "pain:Ustrd")[0] == "Releve CREUSE-2026-03-0001 Pass numerique + Creuse"


def test_the_account_debited_is_the_payer_s(batch: PaymentBatch) -> None:
    xml = sepa_file(batch)
    assert texts(xml, "pain:DbtrAcct//pain:IBAN") == [IBANS[2]]
    assert texts(xml, "pain:GrpHdr/pain:CtrlSum") == ["50.00"]
    assert texts(xml, "pain:GrpHdr/pain:NbOfTxs") == ["2"]
    assert texts(xml, "pain:PstlAdr") == []


def test_the_account_debited_is_the_one_that_was_approved(scheme: Scheme, batch: PaymentBatch) -> None:
    assert batch.payer_account is not None
    assert batch.payer_account.iban_end == IBANS[2][-4:]
    scheme.funder.bank_accounts.update(ended_at=APRIL_OVER)
    make_account(scheme.funder, IBANS[0])
    with pytest.raises(Refusal) as refused:
        sepa_file(PaymentBatch.objects.get(pk=batch.pk))
    assert refused.value.code == "payer_account_changed"


def test_what_was_sent_can_be_read_again_whatever_became_of_the_account(scheme: Scheme, batch: PaymentBatch) -> None:
    sent = sepa_file(batch)
    confirm_paid(by=SYSTEM, batch=batch, on=MARCH_OVER.date(), now=MARCH_OVER)
    scheme.funder.bank_accounts.update(ended_at=APRIL_OVER)
    assert sepa_file(PaymentBatch.objects.get(pk=batch.pk)) == sent


def test_a_transfer_is_not_approved_without_an_account_to_debit(scheme: Scheme) -> None:
    batch = prepared(scheme, PaymentMethod.SEPA)
    scheme.funder.bank_accounts.update(ended_at=APRIL_OVER)
    with pytest.raises(Refusal) as refused:
        approve_payments(by=scheme.actor(Role.FUNDER), batch=batch, now=MARCH_OVER)
    assert refused.value.code == "payer_account_missing"


def test_the_public_accountant_debits_no_account_of_ours(scheme: Scheme) -> None:
    assert approved(scheme, PaymentMethod.PUBLIC_ACCOUNTANT).payer_account is None


def test_the_same_batch_gives_the_same_file(batch: PaymentBatch) -> None:
    assert sepa_file(batch) == sepa_file(batch)
    assert texts(sepa_file(batch), "pain:MsgId") == [f"POINCON-{batch.pk}"]


def test_transfers_leave_the_day_after_approval_unless_told(batch: PaymentBatch) -> None:
    assert texts(sepa_file(batch), "pain:ReqdExctnDt/pain:Dt") == ["2026-04-03"]
    asked = sepa_file(batch, execute_on=date(2026, 4, 15))
    assert texts(asked, "pain:ReqdExctnDt/pain:Dt") == ["2026-04-15"]


def test_a_batch_that_nobody_approved_has_no_file(scheme: Scheme) -> None:
    batch = prepared(scheme, PaymentMethod.SEPA)
    with pytest.raises(Refusal) as refused:
        sepa_file(batch)
    assert refused.value.code == "payment_batch_state"
    assert sepa_file(approve_payments(by=scheme.actor(Role.FUNDER), batch=batch, now=MARCH_OVER))


def test_the_public_accountant_gets_no_file_of_transfers(scheme: Scheme) -> None:
    with pytest.raises(Refusal) as refused:
        sepa_file(approved(scheme, PaymentMethod.PUBLIC_ACCOUNTANT))
    assert refused.value.code == "payment_batch_not_a_transfer"


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("Médiathèque d’Été", "Mediatheque d'Ete"),
        ("Œuvre & « Cœur »", "OEuvre + coeur".replace("c", "C", 1)),
        ("a" * 80, "a" * 70),
        ("Café_Numérique™ №1 😀", "Cafe NumeriqueTM No1"),
    ],
)
def test_texts_keep_to_the_letters_banks_accept(words: str, plain: str) -> None:
    assert sepa_text(words, 70) == plain
