"""Names as people type them, and distances. No database."""

import math
import re
import unicodedata
from collections.abc import Iterator

EARTH_RADIUS_KM = 6371.0088  # mean radius (IUGG)
KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180

ABBREVIATIONS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "nd": "notre dame",
    "mt": "mont",
    # "lès", "lez" and "les" are one word ("near"), spelled as each commune likes.
    "lez": "les",
}
ARTICLES = frozenset({"l", "la", "le", "les"})
SMALL_WORDS = ARTICLES | {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "sous", "sur"}

PREFIX_LENGTH = 12  # characters that fit a signed 64-bit integer in base 37
SYMBOLS = {symbol: rank for rank, symbol in enumerate(" 0123456789abcdefghijklmnopqrstuvwxyz")}
BASE = len(SYMBOLS)

_UNDER = re.compile(r"\bs\s*/\s*s\b")
_ON = re.compile(r"(?:\bs\s*)?/")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_OUR_LADY = re.compile(r"\bn d\b")
_ORDINAL = re.compile(r"\b0*(\d+)(?:er|re|e|eme|ieme|nd|nde)?\b")
_CEDEX = re.compile(r" cedex( \d+)?$")


def normalise_name(text: str) -> str:
    """The name of a place reduced to what identifies it: words of ``a-z0-9`` separated by one space.

    Accents, ligatures, case, hyphens and apostrophes go; usual abbreviations are spelled out ("St", "Ste", "s/", "s/s",
    "N.-D.", "Mt"); "lès" and "lez" are "les"; "15e" is "15"; a final "Cedex 09" goes. Twice gives the same as once.
    """
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    text = _ON.sub(" sur ", _UNDER.sub(" sous ", text))
    text = "".join(symbol for symbol in unicodedata.normalize("NFKD", text) if not unicodedata.combining(symbol))
    text = _OUR_LADY.sub("nd", _NOT_A_WORD.sub(" ", text).strip())
    text = _ORDINAL.sub(r"\1", _CEDEX.sub("", text))
    return " ".join(ABBREVIATIONS.get(word, word) for word in text.split())


def ends_of_name(name: str) -> Iterator[tuple[str, bool]]:
    """Each end of a normalised name that begins with a telling word, and whether it is the whole name.

    « le havre » is whole at « le » and at « havre »: one does not have to type the article.
    """
    words = name.split()
    for start, word in enumerate(words):
        whole = start == 0 or (start == 1 and words[0] in ARTICLES)
        if whole or word not in SMALL_WORDS:
            yield " ".join(words[start:]), whole


def prefix_number(text: str) -> int:
    """The first characters of a normalised text as one integer that sorts like the text."""
    return _number(text, padding=0)


def prefix_range(text: str) -> tuple[int, int]:
    """The lowest and the highest ``prefix_number`` of the texts that begin with this normalised one."""
    return _number(text, padding=0), _number(text, padding=BASE - 1)


def _number(text: str, *, padding: int) -> int:
    ranks = [SYMBOLS[symbol] for symbol in text[:PREFIX_LENGTH]]
    ranks += [padding] * (PREFIX_LENGTH - len(ranks))
    number = 0
    for rank in ranks:
        number = number * BASE + rank
    return number


def distance_km(longitude_1: float, latitude_1: float, longitude_2: float, latitude_2: float) -> float:
    """Great-circle distance in kilometres between two points in degrees (WGS 84), by the haversine formula."""
    phi_1, phi_2 = math.radians(latitude_1), math.radians(latitude_2)
    half_phi = (phi_2 - phi_1) / 2
    half_lambda = math.radians(longitude_2 - longitude_1) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi_1) * math.cos(phi_2) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def bounding_box(longitude: float, latitude: float, within_km: float) -> tuple[float, float, float, float]:
    """West, south, east and north, in degrees, of a box that holds every point within ``within_km`` kilometres."""
    reach = within_km / KM_PER_DEGREE
    # A parallel is shortest on the side of the box that is nearest to the pole.
    shortest = math.cos(math.radians(min(89.0, abs(latitude) + reach)))
    return longitude - reach / shortest, latitude - reach, longitude + reach / shortest, latitude + reach
