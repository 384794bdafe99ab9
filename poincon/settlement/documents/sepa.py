"""The file of transfers that a bank reads: ISO 20022 pain.001.001.09, validated against its schema before it leaves."""

import re
import unicodedata
from datetime import UTC, date, timedelta
from xml.etree import ElementTree as ET

from sepaxml import SepaTransfer
from sepaxml.validation import try_valid_xml

from poincon.organisations.models import BankAccount
from poincon.organisations.services import iban_of
from poincon.settlement import rules
from poincon.settlement.enums import PaymentBatchState
from poincon.settlement.models import Payment, PaymentBatch
from poincon.settlement.refusals import BATCH_STATE, NOT_A_TRANSFER, PAYER_ACCOUNT_CHANGED

SCHEMA = "pain.001.001.09"
NAMESPACE = {"pain": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}
#: The file holds every payment of the batch, whatever became of it since: it is what was sent to the bank.
READY = frozenset({PaymentBatchState.APPROVED, PaymentBatchState.CLOSED})
NOT_IN_SEPA = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'", "–": "-", "«": " ", "»": " ", "&": "+"}
)


def sepa_file(batch: PaymentBatch, *, execute_on: date | None = None) -> bytes:
    """The transfers of an approved batch, executed the day after its approval unless told otherwise.

    The same batch gives the same message, identifiers included, so that a bank refuses it the second time. SEPA wants
    both addresses or none: none is given. Raises the refusals ``payment_batch_not_a_transfer``,
    ``payment_batch_state`` and ``payer_account_changed``, and sepaxml's ValidationError if the schema is not respected.
    """
    account = _debtor(batch)
    day = execute_on or _day_after_approval(batch)
    transfer = SepaTransfer(
        {
            "name": sepa_text(account.holder, 70),
            "IBAN": iban_of(account),
            "BIC": account.bic,
            "batch": True,
            "currency": "EUR",
        },
        schema=SCHEMA,
        clean=False,
    )
    for payment in batch.payments.select_related("statement__programme", "bank_account").order_by("pk"):
        transfer.add_payment(_transfer(payment, day))
    return _settled(transfer.export(validate=False), batch)


def sepa_text(words: str, longest: int) -> str:
    """``words`` with the characters every European bank accepts, at most ``longest`` of them."""
    plain = unicodedata.normalize("NFKD", words.translate(LIGATURES)).encode("ascii", "ignore").decode()
    return " ".join(NOT_IN_SEPA.sub(" ", plain).split())[:longest].strip()


def _debtor(batch: PaymentBatch) -> BankAccount:
    if not rules.is_transfer(batch.method):
        raise NOT_A_TRANSFER.filled(batch=batch.pk)
    if batch.state not in READY:
        raise BATCH_STATE.filled(batch=batch.pk, state=batch.get_state_display())
    account = batch.payer_account
    if account is None:
        raise ValueError(f"payment batch {batch.pk} is an approved transfer without an account to debit")
    # Once closed the file is only read again: it was sent.
    if account.ended_at is not None and batch.state == PaymentBatchState.APPROVED:
        raise PAYER_ACCOUNT_CHANGED.filled(payer=batch.programme.owner.name)
    return account


def _day_after_approval(batch: PaymentBatch) -> date:
    if batch.approved_at is None:
        raise ValueError(f"payment batch {batch.pk} is {batch.state} but was never approved")
    return rules.local_day(batch.approved_at, batch.programme.time_zone) + timedelta(days=1)


def _transfer(payment: Payment, day: date) -> dict[str, object]:
    if payment.bank_account is None:
        raise ValueError(f"payment {payment.pk} is a transfer without an account")
    return {
        "name": sepa_text(payment.bank_account.holder, 70),
        "IBAN": iban_of(payment.bank_account),
        "BIC": payment.bank_account.bic,
        "amount": payment.amount,
        "execution_date": day,
        "description": sepa_text(f"Releve {payment.statement.number} {payment.statement.programme.name}", 140),
        "endtoend_id": payment.end_to_end,
    }


def _settled(xml: bytes, batch: PaymentBatch) -> bytes:
    """The library draws identifiers and the hour at random: replace them by those of the batch, then validate."""
    document = ET.fromstring(xml)  # noqa: S314  written by the library two lines above
    identifier = f"POINCON-{batch.pk}"
    approved = batch.approved_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if batch.approved_at else ""
    for path, value in (
        ("GrpHdr/pain:MsgId", identifier),
        ("GrpHdr/pain:CreDtTm", approved),
        ("PmtInf/pain:PmtInfId", f"{identifier}-1"),
    ):
        for element in document.iterfind(f"pain:CstmrCdtTrfInitn/pain:{path}", NAMESPACE):
            element.text = value
    ET.register_namespace("", NAMESPACE["pain"])
    settled: bytes = b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(document, "utf-8")
    try_valid_xml(settled, SCHEMA)
    return settled
