import pytest

from poincon.programmes.enums import ReceiptKind
from poincon.programmes.invariants import INVARIANTS
from poincon.programmes.services import correct_receipt
from tests.factories import SYSTEM, make_programme, make_receipt

pytestmark = pytest.mark.django_db


def test_a_commitment_honoured_beyond_its_amount_is_named() -> None:
    programme = make_programme()
    commitment = make_receipt(programme, 1000, kind=ReceiptKind.COMMITMENT, reference="ENG 1")
    make_receipt(programme, 1000, realises=commitment)
    (invariant,) = INVARIANTS
    assert invariant.find() == []
    beyond = make_receipt(programme, 1, realises=commitment)
    (fault,) = invariant.find()
    assert "ENG 1" in fault.subject
    correct_receipt(by=SYSTEM, receipt=beyond, reason="Erreur")
    assert invariant.find() == []
