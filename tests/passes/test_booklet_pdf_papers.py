from datetime import date
from typing import Any

import pytest

from poincon.kernel.documents import DocumentError
from poincon.passes.documents.papers import (
    DestructionRecord,
    ListedBooklets,
    Party,
    TransferSlip,
    destruction_record,
    transfer_slip,
)
from tests.passes.test_booklet_pdf import MOMENT, texts

SENDER = Party("Département de la Creuse", "Camille Laurent", "4 place Louis-Lacrocq", "05 55 00 00 23")
RECEIVER = Party("CCAS de Guéret", "Sophie Martin")
RANGES = [
    ListedBooklets(3, "1 à 50", "4829 1570 001K", "4829 1570 050A", 50, 10, 1000),
    ListedBooklets(4, "7 à 18", "4829 1571 001B", "4829 1571 012C", 12, 5, 1000),
]


def slip(*, usable: int = 0, **more: Any) -> str:
    content = TransferSlip("BR-12", "Creuse 2025", SENDER, RECEIVER, date(2025, 3, 4), RANGES, usable, **more)
    return "\n".join(texts(transfer_slip(content, moment=MOMENT))).replace("\xa0", " ")


def test_a_transfer_slip_counts_booklets_passes_and_value() -> None:
    text = slip()
    for words in ("4829 1570 001K", "1 à 50", "4829 1570 050A", "62", "560", "5\u202f600 €", "mardi 4 mars 2025"):
        assert words in text


def test_a_transfer_slip_is_signed_by_both_sides() -> None:
    text = " ".join(slip().split())
    assert "Remis par : Département de la Creuse, Camille Laurent" in text
    assert "Reçu par : CCAS de Guéret, Sophie Martin" in text


def test_a_transfer_slip_says_whether_the_booklets_pay() -> None:
    assert "valeurs inactives" in slip(usable=0)
    assert "sont utilisables" in slip(usable=62)
    assert "Une partie" in slip(usable=50)


def test_a_received_slip_says_when_and_whether_the_count_was_right() -> None:
    text = slip(received_on=date(2025, 3, 6))
    assert "jeudi 6 mars 2025" in text
    assert "aucun" in text


def test_what_was_missing_is_listed() -> None:
    lost = ListedBooklets(3, "9", "4829 1570 009M", "4829 1570 009M", 1, 10, 1000)
    text = slip(received_on=date(2025, 3, 6), discrepancy="carton ouvert", missing=[lost])
    for words in ("Chéquiers manquants", "4829 1570 009M", "carton ouvert"):
        assert words in text


def test_a_recalled_slip_says_so_and_asks_nothing() -> None:
    text = slip(recalled="jeudi 6 mars 2025 : mauvais destinataire")
    assert "mauvais destinataire" in text
    assert "sans effet" in text
    assert "Comptez les chéquiers" not in text
    assert "Reçu par : CCAS" not in text


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
        transfer_slip(TransferSlip("BR-1", "Creuse", SENDER, RECEIVER, date(2025, 3, 4), [], 0))


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(DocumentError, match="incorrects"):
        ListedBooklets(1, "1", "A", "B", 0, 10, 1000)
