"""What is printed on paper: signed codes for scanners, numbers for people.

A code is an upper-case URL whose last part is 16 bytes of payload and 64 of Ed25519 signature in Crockford base 32:

    byte 0       format version (2 bits) and position (6 bits; 0 = the whole booklet, on its cover)
    bytes 1-4    identifier of the signing key
    bytes 5-7    batch
    bytes 8-10   rank in the batch
    bytes 11-15  booklet number

A number is 11 random digits and an ISO 7064 MOD 37,36 check character, printed in three groups of four; only numbers of
which that character sees every wrong digit and every swap of neighbours are issued. A pass adds its position:
``4829 1570 363Q - 07``. Section "Offline" of the domain; docs/decisions/0002-codes-and-numbers.md.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from itertools import product as product_of

from stdnum.iso7064 import mod_37_36

from poincon.programmes.models.programme import LARGEST_BOOKLET

FORMAT_VERSION = 1
DIGITS = 11
NUMBER_LIMIT = 10**DIGITS
#: Check characters that a person confuses with 1 or 0, or that the alphabet of the codes does not have.
AMBIGUOUS = frozenset("ILOU")

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAYLOAD_BYTES = 16
SIGNATURE_BYTES = 64
CODE_CHARACTERS = (PAYLOAD_BYTES + SIGNATURE_BYTES) * 8 // 5
#: QR version 7-M holds 178 alphanumeric characters: 45 modules, 26.5 mm with its quiet zone at 0.5 mm a module.
LONGEST_URL = 178

_FROM_BASE_32 = str.maketrans(CROCKFORD, "0123456789ABCDEFGHIJKLMNOPQRSTUV")
#: No number holds these letters: a person who types one meant the digit.
_CONFUSED = str.maketrans("OIL", "011")
# ASCII: "\d" would also take the digits of other scripts, whose check character cannot be computed.
_NUMBER = re.compile(r"^(\d{11})([0-9A-Z])(?:(\d{1,2}))?$", re.ASCII)
_NUMBER_WITH_POSITION = re.compile(r"^(.*?)\s*[-–·./]\s*([0-9]{1,2})\s*$")
#: A typed number has some twenty characters; far beyond, the pattern above takes a time that grows with the square.
_LONGEST_NUMBER = 100
_BASE_32 = re.compile(rf"[{CROCKFORD}]{{{CODE_CHARACTERS}}}")
_CODE = re.compile(rf"(?:^|/P/)({_BASE_32.pattern})$")


@dataclass(frozen=True, slots=True)
class Payload:
    """What a printed code says. ``position`` 0 is the cover: the whole booklet."""

    key: str
    batch_id: int
    rank: int
    number: int
    position: int

    def packed(self) -> bytes:
        """The 16 bytes that are signed."""
        return (
            bytes([FORMAT_VERSION << 6 | self.position])
            + bytes.fromhex(self.key)
            + self.batch_id.to_bytes(3, "big")
            + self.rank.to_bytes(3, "big")
            + self.number.to_bytes(5, "big")
        )


@dataclass(frozen=True, slots=True)
class SignedCode:
    """A scanned code taken apart. Nothing is proved before its signature is verified."""

    payload: Payload
    packed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number typed or spelt on the telephone, its check character verified. ``position`` 0: the whole booklet."""

    number: int
    position: int


class UnreadableCodeError(ValueError):
    """What was presented is neither a code nor a number of ours."""


class WrongCheckCharacterError(ValueError):
    """A number was typed with a mistake: its check character does not fit."""


def encode(data: bytes) -> str:
    """80 bytes as 128 Crockford characters."""
    return _base_32(int.from_bytes(data, "big"), CODE_CHARACTERS)


def _base_32(value: int, length: int) -> str:
    characters = []
    for _ in range(length):
        value, digit = divmod(value, 32)
        characters.append(CROCKFORD[digit])
    return "".join(reversed(characters))


def decode(text: str) -> bytes:
    """128 Crockford characters as 80 bytes. Raises ValueError on any other text."""
    if not _BASE_32.fullmatch(text):
        raise ValueError(f"not {CODE_CHARACTERS} Crockford characters: {text}")
    # int() reads base 32 in C; only the alphabet differs from Crockford's.
    value = int(text.translate(_FROM_BASE_32), 32)
    return value.to_bytes(PAYLOAD_BYTES + SIGNATURE_BYTES, "big")


def read(presented: str) -> SignedCode | TypedNumber:
    """What a camera read or a person typed.

    Raises UnreadableCodeError, or WrongCheckCharacterError when it looks like a number with a mistake in it.
    """
    text = presented.strip().upper()
    if match := _CODE.search(text):
        return _signed_code(match[1])
    return _typed_number(text)


def _signed_code(text: str) -> SignedCode:
    data = decode(text)
    packed, signature = data[:PAYLOAD_BYTES], data[PAYLOAD_BYTES:]
    version, position = packed[0] >> 6, packed[0] & 0b111111
    if version != FORMAT_VERSION or position > LARGEST_BOOKLET:
        raise UnreadableCodeError(text)
    payload = Payload(
        key=packed[1:5].hex(),
        batch_id=int.from_bytes(packed[5:8], "big"),
        rank=int.from_bytes(packed[8:11], "big"),
        number=int.from_bytes(packed[11:16], "big"),
        position=position,
    )
    return SignedCode(payload=payload, packed=packed, signature=signature)


def _typed_number(text: str) -> TypedNumber:
    if len(text) > _LONGEST_NUMBER:
        raise UnreadableCodeError(text[:_LONGEST_NUMBER])
    position = 0
    if separated := _NUMBER_WITH_POSITION.match(text):
        text, position = separated[1], int(separated[2])
    compact = re.sub(r"[\s\u00a0\u202f.\-]", "", text).translate(_CONFUSED)
    match = _NUMBER.match(compact)
    if match is None:
        raise UnreadableCodeError(compact)
    digits, check, tail = match.groups()
    if tail is not None:
        position = int(tail)
    if mod_37_36.calc_check_digit(digits) != check:
        raise WrongCheckCharacterError(compact)
    return TypedNumber(number=int(digits), position=position)


@lru_cache(maxsize=4096)
def check_character(number: int) -> str:
    """The ISO 7064 MOD 37,36 check character of a booklet number."""
    return str(mod_37_36.calc_check_digit(f"{number:0{DIGITS}d}"))


def is_issuable(number: int) -> bool:
    """Whether ``number`` may be printed: its check character looks like no other, and sees every swap of neighbours."""
    check = check_character(number)
    return check not in AMBIGUOUS and not _hides_a_swap(f"{number:0{DIGITS}d}{check}")


def _after(product: int, digit: int) -> int:
    """One step of ISO 7064 MOD 37,36: what remains of the digits read so far."""
    return ((product + digit) % 36 or 36) * 2 % 37


_AFTER = {(product, str(digit)): _after(product, digit) for product in range(1, 37) for digit in range(10)}
#: (what remains, digit, next digit): the standard does not see these two digits exchanged, one pair in two hundred.
_BLIND = frozenset(
    (product, str(first), str(second))
    for product, first, second in product_of(range(1, 37), range(10), range(10))
    if first != second and _after(_after(product, first), second) == _after(_after(product, second), first)
)


def _hides_a_swap(text: str) -> bool:
    """Whether two neighbouring digits of a number with its check character may be exchanged without being seen."""
    product = 36
    for first, second in pairwise(text):
        # A letter is in no such pair: only the last character is one, and before a digit it could not even be read.
        if (product, first, second) in _BLIND:
            return True
        product = _AFTER[product, first]
    return False


@lru_cache(maxsize=4096)
def _grouped(number: int) -> str:
    text = f"{number:0{DIGITS}d}{check_character(number)}"
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def written(number: int, position: int = 0) -> str:
    """A number as printed: ``4829 1570 363Q``, or ``4829 1570 363Q - 07`` for one pass."""
    grouped = _grouped(number)
    return f"{grouped} - {position:02d}" if position else grouped


def code_url(public_url: str, data: bytes) -> str:
    """The upper-case URL that a printed code holds. Raises ValueError when the site's address is too long to print."""
    url = f"{public_url.upper()}/P/{encode(data)}"
    if len(url) > LONGEST_URL:
        raise ValueError(f"the public address is too long for a printed code: {public_url}")
    return url
