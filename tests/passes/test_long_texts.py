"""What is typed beside a verb and no column keeps is refused with the name of its field, and nothing is written."""

from uuid import UUID

import pytest

from poincon.kernel.refusals import Refusal
from poincon.passes.enums import BlockReason, Validity
from poincon.passes.models import Annulment, Block, HandOverCancellation
from poincon.passes.services.annul import annul, annul_own
from poincon.passes.services.block import block
from poincon.passes.services.hand_over import cancel_hand_over
from tests.factories import NOW, SYSTEM
from tests.lives import Life, Live
from tests.refusing import refused

KEPT, TOO_LONG = "é" * 300, "é" * 301


@pytest.fixture
def life(live: Live) -> Life:
    return live()


def test_the_note_of_a_block(life: Life) -> None:
    with refused("text_too_long", match="Précision : 301 caractères, le maximum est 300"):
        block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, note=TOO_LONG, now=NOW)
    assert (life.booklet().validity, Block.objects.exists()) == (Validity.ACTIVE, False)
    assert block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, note=KEPT, now=NOW).note == KEPT


@pytest.mark.parametrize("text", [TOO_LONG, "a\0b"], ids=["long", "nul"])
def test_the_reason_of_an_annulment(life: Life, text: str) -> None:
    uuid = UUID(life.scan()["id"])
    with pytest.raises(Refusal, match="Motif"):
        annul_own(scanner=life.scanner, uuid=uuid, reason=text, now=NOW)
    with pytest.raises(Refusal, match="Motif"):
        annul(by=SYSTEM, uuid=uuid, reason=text, now=NOW)
    assert (life.booklet().used, Annulment.objects.exists()) == (1, False)


def test_the_reason_of_a_hand_over_taken_back(life: Life) -> None:
    given = life.booklet().hand_overs.get()
    with refused("text_too_long", match="Motif"):
        cancel_hand_over(by=SYSTEM, hand_over=given, reason=TOO_LONG, now=NOW)
    assert not HandOverCancellation.objects.exists()
