"""Signatures, one by one and by the hundred: each verdict stays with its own scan."""

from dataclasses import replace

import pytest

from poincon.kernel.refusals import Refusal
from poincon.passes import refusals
from poincon.passes.codes import SignedCode, TypedNumber
from poincon.passes.presented import FEW, Presentation, number_of
from poincon.passes.rules import ScanRequest
from tests.lives import Life, Live

pytestmark = pytest.mark.django_db
MANY = FEW * 3 + 1


def forged(code: str) -> str:
    """The same code, its last character changed: the payload is untouched, the signature is not."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def requests(life: Life, count: int, forgeries: set[int]) -> list[ScanRequest]:
    code = life.code()
    return [life.request(forged(code) if rank in forgeries else code) for rank in range(count)]


@pytest.mark.parametrize("count", [1, FEW, FEW + 1, MANY])
def test_genuine_codes_are_proved(live: Live, count: int) -> None:
    proved = Presentation(requests(live(), count, set())).proved()
    assert [type(code) for code in proved] == [SignedCode] * count


@pytest.mark.parametrize("count", [FEW, MANY])
def test_a_forgery_is_found_at_its_own_place(live: Live, count: int) -> None:
    places = {0, count // 2, count - 1}
    proved = Presentation(requests(live(), count, places)).proved()
    assert {place for place, code in enumerate(proved) if code is refusals.FORGED} == places


def test_what_has_no_signature_keeps_its_place(live: Live) -> None:
    life = live()
    asked = requests(life, MANY, {1, MANY - 1})
    asked[0] = replace(asked[0], presented=life.number())
    asked[2] = replace(asked[2], presented="illisible")
    proved = Presentation(asked).proved()
    assert isinstance(proved[0], TypedNumber)
    assert isinstance(proved[2], Refusal)
    assert [proved[1], proved[MANY - 1]] == [refusals.FORGED] * 2
    assert isinstance(proved[3], SignedCode)


def test_the_booklets_are_known_before_the_signatures_are(live: Live) -> None:
    life = live()
    presentation = Presentation(requests(life, 2, {0, 1}))
    assert presentation.numbers() == {life.booklet(1).number}
    assert number_of(TypedNumber(number=7, position=1)) == 7
