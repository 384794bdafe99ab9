"""What is printed on paper is read back, and what was mistyped or altered is not."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poincon.passes import codes
from poincon.passes.codes import Payload, SignedCode, TypedNumber, UnreadableCodeError, WrongCheckCharacterError
from poincon.programmes.models.programme import LARGEST_BOOKLET

THREE_BYTES = st.integers(0, 2**24 - 1)
PAYLOADS = st.builds(
    Payload,
    key=st.binary(min_size=4, max_size=4).map(bytes.hex),
    batch_id=THREE_BYTES,
    rank=THREE_BYTES,
    number=st.integers(0, codes.NUMBER_LIMIT - 1),
    position=st.integers(0, LARGEST_BOOKLET),
)
SIGNATURES = st.binary(min_size=codes.SIGNATURE_BYTES, max_size=codes.SIGNATURE_BYTES)
ISSUABLE = st.integers(0, codes.NUMBER_LIMIT - 1).filter(codes.is_issuable)
#: What one may type instead of a character: anything that is not another spelling of it.
TYPED = "0123456789ABCDEFGHJKMNPQRSTUVWXYZ"


def printed(payload: Payload, signature: bytes) -> str:
    return codes.code_url("https://pass.exemple.fr", payload.packed() + signature)


@given(PAYLOADS, SIGNATURES)
def test_a_printed_code_is_read_back(payload: Payload, signature: bytes) -> None:
    code = codes.read(printed(payload, signature))
    assert code == SignedCode(payload, payload.packed(), signature)


@given(PAYLOADS, SIGNATURES)
def test_a_printed_code_is_a_short_url_in_capitals(payload: Payload, signature: bytes) -> None:
    url = printed(payload, signature)
    assert url == url.upper()
    assert len(url) == len("https://pass.exemple.fr/P/") + codes.CODE_CHARACTERS


@given(st.binary(min_size=80, max_size=80))
def test_eighty_bytes_survive_base_32(data: bytes) -> None:
    assert codes.decode(codes.encode(data)) == data


@pytest.mark.parametrize(
    "text", ["", "0" * 127, "0" * 129, "U" * 128, "O" * 128, "a" * 128, "0" * 126 + "_0", " " + "0" * 127]
)
def test_any_other_text_is_not_a_code(text: str) -> None:
    with pytest.raises(ValueError, match="Crockford"):
        codes.decode(text)


@pytest.mark.parametrize("version", [0, 2, 3])
def test_a_format_to_come_is_unreadable(version: int) -> None:
    data = bytes([version << 6]) + bytes(79)
    with pytest.raises(UnreadableCodeError):
        codes.read(codes.encode(data))


def test_a_position_in_no_booklet_is_unreadable() -> None:
    data = bytes([1 << 6 | LARGEST_BOOKLET + 1]) + bytes(79)
    with pytest.raises(UnreadableCodeError):
        codes.read(codes.encode(data))


def test_a_truncated_code_is_unreadable() -> None:
    with pytest.raises(UnreadableCodeError):
        codes.read(f"HTTPS://PASS.EXEMPLE.FR/P/{codes.encode(bytes(80))[:-1]}")


def test_a_site_with_a_long_address_cannot_print() -> None:
    with pytest.raises(ValueError, match="too long"):
        codes.code_url("https://" + "a" * 60 + ".fr", bytes(80))


@given(ISSUABLE, st.integers(0, LARGEST_BOOKLET))
def test_a_written_number_is_read_back(number: int, position: int) -> None:
    assert codes.read(codes.written(number, position)) == TypedNumber(number, position)


@given(ISSUABLE, st.integers(1, LARGEST_BOOKLET), st.sampled_from([" ", "", ".", "\u00a0", "\u202f", "-"]))
def test_a_number_is_read_however_it_is_spaced(number: int, position: int, space: str) -> None:
    typed = codes.written(number).replace(" ", space)
    assert codes.read(f" {typed.lower()} ") == TypedNumber(number, 0)
    assert codes.read(f"{typed}{position:02d}") == TypedNumber(number, position)
    assert codes.read(f"{typed} – {position}") == TypedNumber(number, position)


@given(ISSUABLE)
def test_letters_taken_for_digits_are_forgiven(number: int) -> None:
    typed = codes.written(number)
    assert codes.read(typed.replace("0", "O").replace("1", "l")) == TypedNumber(number, 0)
    assert codes.read(typed.replace("0", "o").replace("1", "I")) == TypedNumber(number, 0)


@given(ISSUABLE, st.integers(0, codes.DIGITS), st.sampled_from(TYPED))
def test_every_single_wrong_character_is_refused(number: int, place: int, wrong: str) -> None:
    compact = codes.written(number).replace(" ", "")
    if compact[place] == wrong:
        return
    with pytest.raises((WrongCheckCharacterError, UnreadableCodeError)):
        codes.read(compact[:place] + wrong + compact[place + 1 :])


@given(ISSUABLE, st.integers(0, codes.DIGITS - 1))
def test_every_swap_of_neighbours_is_refused(number: int, place: int) -> None:
    compact = codes.written(number).replace(" ", "")
    swapped = compact[:place] + compact[place + 1] + compact[place] + compact[place + 2 :]
    if swapped == compact:
        return
    with pytest.raises((WrongCheckCharacterError, UnreadableCodeError)):
        codes.read(swapped)


def test_a_number_whose_check_misses_a_swap_is_not_issued() -> None:
    number, swapped = 13980415036, 13890415036
    assert codes.check_character(number) == codes.check_character(swapped) == "F"
    assert not codes.is_issuable(number)
    assert not codes.is_issuable(swapped)


@given(st.integers(0, codes.NUMBER_LIMIT - 1))
def test_no_number_ends_with_a_confusing_letter(number: int) -> None:
    assert not (codes.is_issuable(number) and codes.check_character(number) in "ILOU")


@pytest.mark.parametrize(("number", "character"), [(0, "D"), (1, "B"), (48291570364, "O")])
def test_the_check_character_follows_iso_7064(number: int, character: str) -> None:
    assert codes.check_character(number) == reference(f"{number:011d}") == character


def reference(digits: str) -> str:
    """ISO 7064 hybrid system MOD 37,36, as the standard writes it."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    product = 36
    for digit in digits:
        product = (product + int(digit)) % 36 or 36
        product = product * 2 % 37
    return alphabet[(37 - product) % 36]


@pytest.mark.parametrize(
    "text", ["", "   ", "bonjour", "1234", "-", "١٢٣٤٥٦٧٨٩٠١K", "4829 1570 364K - 123", "7" * 5_000]
)
def test_what_is_not_a_number_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableCodeError):
        codes.read(text)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableCodeError, WrongCheckCharacterError):
        codes.read(text)
