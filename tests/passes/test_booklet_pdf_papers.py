from datetime import date

import pytest

from poincon.kernel.documents import DocumentError
from poincon.passes.documents.papers import (
    BookletRange,
    DestructionRecord,
    Party,
    TransferSlip,
    destruction_record,
    transfer_slip,
)
from tests.passes.test_booklet_pdf import MOMENT, texts

SENDER = Party("Département de la Creuse", "Camille Laurent", "4 place Louis-Lacrocq", "05 55 00 00 23")
RECEIVER = Party("CCAS de Guéret", "Sophie Martin")
RANGES = [
    BookletRange("4829 1570 001K", "4829 1570 050A", 50, 10, 1000),
    BookletRange("4829 1571 001B", "4829 1571 012C", 12, 5, 1000),
]


def slip(*, inert: bool = True, received_on: date | None = None) -> str:
    content = TransferSlip("BR-12", "Creuse 2025", SENDER, RECEIVER, date(2025, 3, 4), RANGES, inert, received_on)
    return "\n".join(texts(transfer_slip(content, moment=MOMENT)))


def test_a_transfer_slip_counts_booklets_passes_and_value() -> None:
    text = slip()
    for words in ("4829 1570 001K", "4829 1570 050A", "62", "560", "5\u202f600\xa0€", "mardi 4\xa0mars 2025"):
        assert words in text


def test_a_transfer_slip_is_signed_by_both_sides() -> None:
    text = " ".join(slip().split())
    assert "Remis par : Département de la Creuse, Camille Laurent" in text
    assert "Reçu par : CCAS de Guéret, Sophie Martin" in text


def test_a_transfer_slip_says_whether_the_booklets_pay() -> None:
    assert "valeurs inactives" in slip(inert=True)
    assert "utilisables" in slip(inert=False)


def test_a_received_slip_says_when_and_whether_the_count_was_right() -> None:
    text = slip(received_on=date(2025, 3, 6))
    assert "jeudi 6\xa0mars 2025" in text
    assert "aucun" in text


def test_a_destruction_record_names_the_witnesses() -> None:
    record = DestructionRecord(
        "PV-1", "Creuse 2025", SENDER, date(2026, 2, 2), "Guéret", "broyage", "fin de validité", RANGES, [RECEIVER]
    )
    text = " ".join("\n".join(texts(destruction_record(record, moment=MOMENT))).split())
    for words in (
        "Procès-verbal de destruction",
        "broyage",
        "Témoin : CCAS de Guéret",
        "Leurs numéros ne peuvent plus servir",
    ):
        assert words in text


def test_a_slip_without_booklets_is_refused() -> None:
    with pytest.raises(DocumentError, match="aucun chéquier"):
        transfer_slip(TransferSlip("BR-1", "Creuse", SENDER, RECEIVER, date(2025, 3, 4), [], True))


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(DocumentError, match="incorrects"):
        BookletRange("A", "B", 0, 10, 1000)
