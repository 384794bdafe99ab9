"""What a person types, as its column keeps it: the same on both engines, refused with the name of the field.

PostgreSQL stops a text longer than its column, or that holds a NUL, in the middle of the work; SQLite keeps it all.
And the words of a text as people compare them: without accents, capitals or hyphens.
"""

import re
import unicodedata
from datetime import date
from string import ascii_lowercase

from django.db.models import CharField, Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from poincon.kernel.documents.french import short_day
from poincon.kernel.refusals import Refusal, Text

TEXT_TOO_LONG = Refusal(
    "text_too_long",
    _("%(field)s : %(length)s caractères, le maximum est %(most)s."),
    _("Raccourcissez ce texte."),
)
TEXT_UNREADABLE = Refusal(
    "text_unreadable",
    _("%(field)s : ce texte contient un caractère qui ne peut pas être enregistré."),
    _("Retapez-le au lieu de le coller."),
)


def text_for(model: type[Model], field: str, text: str) -> str:
    """``text`` as the column ``field`` of ``model`` keeps it: without the spaces around.

    Raises Refusal ``text_too_long`` or ``text_unreadable``, which name the field.
    """
    column = model._meta.get_field(field)
    if not isinstance(column, CharField) or column.max_length is None:
        raise TypeError(f"{model.__name__}.{field} has no longest text")
    return text_within(column.max_length, column.verbose_name, text)


def text_within(most: int, field: Text, text: str) -> str:
    """``text`` without the spaces around, at most ``most`` characters. Raises as ``text_for``; ``field`` is named."""
    kept = text.strip()
    if len(kept) > most:
        raise TEXT_TOO_LONG.filled(field=capfirst(str(field)), length=len(kept), most=most)
    # NUL is in no PostgreSQL text, half of a surrogate pair in no UTF-8.
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in kept):
        raise TEXT_UNREADABLE.filled(field=capfirst(str(field)))
    return kept


def written_day(day: date) -> str:
    """A day in a sentence, in the language of the page: ``1er mars 2025``, ``1 March 2025``."""
    return short_day(day) if get_language() == "fr" else date_format(day, "j F Y")


# --- words compared ---------------------------------------------------------------------------------------------------


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()


#: What each sign counts for when names are put in order: « É » for « e », a hyphen or an apostrophe for a space.
COUNTS_FOR = {
    **{letter.upper(): letter for letter in ascii_lowercase},
    **{sign: _base(sign) for sign in map(chr, range(0xC0, 0x180)) if _base(sign) in ascii_lowercase},
    **dict.fromkeys("-\u2010\u2011\u2013'\u2018\u2019\u00a0\u202f", " "),
}
#: Two letters written as one sign, in both cases.
LIGATURES = {"oe": "œŒ", "ae": "æÆ"}
_NUMBER = re.compile("[0-9]+")
_FOLDED = str.maketrans({**COUNTS_FOR, **{sign: apart for apart, signs in LIGATURES.items() for sign in signs}})


def comparable(text: str) -> str:
    """``text`` without what people do not look at: « Étampes » is « ETAMPES »."""
    return text.translate(_FOLDED)


def alphabetical(text: str) -> str:
    """What puts ``text`` in the order of a dictionary: « Étampes » before « Vire », « Lieu 2 » before « Lieu 10 »."""
    return _NUMBER.sub(_by_value, text.translate(_FOLDED))


def _by_value(number: re.Match[str]) -> str:
    digits = number[0].lstrip("0")
    # How many digits there are, then which: a longer number is a greater one.
    return f"{len(digits):03}{digits}"


def written_as(word: str) -> str:
    """A regular expression, the same on both engines, of every way to write ``word``: accents, capitals, hyphens."""
    signs = re.findall(f"{'|'.join(LIGATURES)}|.", comparable(word), flags=re.DOTALL)
    return "".join(_any_of(sign) for sign in signs)


def _any_of(sign: str) -> str:
    if sign in LIGATURES:
        return f"(?:{''.join(map(_any_of, sign))}|[{LIGATURES[sign]}])"
    others = "".join(re.escape(written) for written, plain in COUNTS_FOR.items() if plain == sign)
    return f"[{sign}{others}]" if others else re.escape(sign)
