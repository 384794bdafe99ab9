"""Amounts in words, as public accountants ask at the foot of a statement (« arrêté à la somme de… »)."""

SMALL = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    *("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
TENS = ("", "dix", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt")
#: Counted from 60 and 80 in France: 70 is « soixante-dix », 91 « quatre-vingt-onze ».
COUNTED_TO_TWENTY = frozenset({7, 9})
LIMIT = 10**12


def amount_in_words(cents: int) -> str:
    """« douze euros et cinquante centimes ». Raises ValueError outside 0 to 10 milliards."""
    if not 0 <= cents < LIMIT:
        raise ValueError(f"no words for {cents} cents")
    whole, rest = divmod(cents, 100)
    words = f"{number_in_words(whole)}{_of(whole)}{_plural('euro', whole)}"
    return f"{words} et {number_in_words(rest)} {_plural('centime', rest)}" if rest else words


def number_in_words(number: int) -> str:
    """A number under 10 milliards in French words, with the spelling taught before 1990 (banks still use it)."""
    parts = []
    for unit, name in ((10**9, "milliard"), (10**6, "million")):
        count, number = divmod(number, unit)
        if count:
            parts.append(f"{_below_thousand(count)} {_plural(name, count)}")
    thousands, number = divmod(number, 1000)
    if thousands:
        # « mille » never changes, and takes the plural off the word before it.
        parts.append("mille" if thousands == 1 else f"{_below_thousand(thousands, last=False)} mille")
    if number or not parts:
        parts.append(_below_thousand(number))
    return " ".join(parts)


def _below_thousand(number: int, *, last: bool = True) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest, last=last)
    head = "cent" if hundreds == 1 else f"{SMALL[hundreds]} cent"
    if rest:
        return f"{head} {_below_hundred(rest, last=last)}"
    return f"{head}s" if hundreds > 1 and last else head


def _below_hundred(number: int, *, last: bool) -> str:
    if number < len(SMALL):
        return SMALL[number]
    tens, rest = divmod(number, 10)
    if tens in COUNTED_TO_TWENTY:
        rest += 10
    if number == 80:
        return "quatre-vingts" if last else "quatre-vingt"
    if rest == 0:
        return TENS[tens]
    # « vingt et un », « soixante et onze », but « quatre-vingt-un », « quatre-vingt-onze ».
    joint = " et " if rest in {1, 11} and tens < 8 else "-"
    return f"{TENS[tens]}{joint}{SMALL[rest]}"


def _of(whole: int) -> str:
    """« deux millions d’euros », but « deux millions cent euros »."""
    return " d’" if whole and whole % 10**6 == 0 else " "


def _plural(word: str, count: int) -> str:
    return f"{word}s" if count > 1 else word
