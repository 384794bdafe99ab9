"""docs/operate/scanner-vectors.json is what our own code reads; a browser is held to the same file (tests/browser)."""

import base64
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from nacl.signing import VerifyKey

from poincon.kernel.documents.french import short_day
from poincon.passes import codes, keys
from poincon.passes.codes import SignedCode, TypedNumber, UnreadableCodeError, WrongCheckCharacterError
from tests.vectors import vectors

VECTORS = vectors()


def each(name: str) -> pytest.MarkDecorator:
    cases = VECTORS[name]
    assert cases
    return pytest.mark.parametrize("case", cases, ids=[f"{name}-{rank}" for rank in range(len(cases))])


@each("signed")
def test_a_signed_code(case: dict[str, Any]) -> None:
    code = codes.read(case["text"])
    assert isinstance(code, SignedCode)
    told = codes.Payload(case["key"], case["batch"], case["rank"], case["number"], case["position"])
    assert code.payload == told
    assert code.packed.hex() == case["packed"]
    verifier = VerifyKey(bytes.fromhex(VECTORS["public_key"]))
    assert keys.is_authentic(verifier, code.packed, code.signature) is case["authentic"]


def test_the_key_is_named_by_its_digest() -> None:
    assert keys.identifier_of(bytes.fromhex(VECTORS["public_key"])) == VECTORS["key"]


@each("unreadable")
def test_what_is_no_code(case: str) -> None:
    with pytest.raises(UnreadableCodeError):
        codes.read(case)


@each("numbers")
def test_a_typed_number(case: dict[str, Any]) -> None:
    assert codes.read(case["text"]) == TypedNumber(case["number"], case["position"])


@each("mistyped")
def test_a_mistyped_number(case: str) -> None:
    with pytest.raises(WrongCheckCharacterError):
        codes.read(case)


@each("check_characters")
def test_a_check_character(case: dict[str, str]) -> None:
    assert codes.check_character(int(case["digits"])) == case["check"]


@each("bitmaps")
def test_a_bitmap(case: dict[str, Any]) -> None:
    bits = int.from_bytes(base64.b64decode(case["base64"]), "little")
    for rank, used in enumerate(case["used"], start=1):
        first = (rank - 1) * case["size"]
        assert [position for position in range(1, case["size"] + 1) if bits >> first + position - 1 & 1] == used
        assert sum(1 << position - 1 for position in used) == int(case["masks"][rank - 1], 16)


@each("days")
def test_a_written_day(case: dict[str, str]) -> None:
    assert short_day(date.fromisoformat(case["day"])) == case["written"]


@each("moments")
def test_the_day_of_a_moment(case: dict[str, str]) -> None:
    local = datetime.fromisoformat(case["moment"]).astimezone(ZoneInfo(case["zone"]))
    assert local.date().isoformat() == case["day"]
