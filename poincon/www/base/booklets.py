"""Booklets as every audience sees them: found by their number, their state in a word, their story in sentences."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from poincon.passes import codes, refusals
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Booklet
from poincon.passes.positions import all_passes
from poincon.passes.queries.history import Event, Happened
from poincon.www.base.parts import Fact, Tag, Tone

#: Eleven digits: fewer are the beginning of a number.
SHORTEST_NUMBER = 2
CHARACTERS = codes.DIGITS + 1
EXAMPLE = "4829 1570 363Q"
#: What was typed cannot be a number: ``number_fault`` says which signs are missing or false.
MISTYPED = frozenset({refusals.UNREADABLE.code, refusals.WRONG_CHECK_CHARACTER.code})


def number_of(booklet: Booklet) -> str:
    return codes.written(booklet.number)


def number_fault(text: str) -> str:
    """What is wrong with a number that cannot be read: how many signs were typed, or that one of them is false."""
    signs = _signs(text)
    if len(signs) > CHARACTERS:
        # The rank of a pass may follow: « -07 ».
        signs = _signs(re.sub(r"[-–·./]\s*[0-9]{1,2}\s*$", "", text))
    try:
        codes.read(text)
    except codes.WrongCheckCharacterError:
        groups = " – ".join(re.findall(r".{1,4}", signs[:CHARACTERS]))
        wrong = gettext("Un des signes est faux. Relisez groupe par groupe ce que vous avez tapé : %(groups)s.")
        return wrong % {"groups": groups}
    except codes.UnreadableCodeError:
        pass
    if len(signs) == CHARACTERS:
        return gettext("Un numéro compte onze chiffres, puis un dernier signe. Exemple : %s") % EXAMPLE
    said = ngettext("Vous avez tapé %(typed)s signe", "Vous avez tapé %(typed)s signes", len(signs))
    told = {"said": said % {"typed": len(signs)}, "example": EXAMPLE}
    return gettext("%(said)s ; un numéro en compte douze. Exemple : %(example)s") % told


def _signs(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def by_number(rows: QuerySet[Any], typed: str, *, field: str = "number") -> QuerySet[Any]:
    """The rows whose booklet number begins as typed, spaces or not; its last sign, a check, may be there or not."""
    digits = "".join(sign for sign in typed if sign.isdigit())[: codes.DIGITS]
    if len(digits) < SHORTEST_NUMBER:
        return rows.none()
    low = int(digits.ljust(codes.DIGITS, "0"))
    return rows.filter(**{f"{field}__range": (low, int(digits.ljust(codes.DIGITS, "9")))})


def booklet_state(booklet: Booklet) -> Tag:  # noqa: PLR0911  one line for each state
    """The state of a booklet in a word."""
    if booklet.custody == Custody.ORDERED:
        return Tag(_("annulé") if booklet.batch.cancelled_at else _("pas encore imprimé"), Tone.QUIET)
    if booklet.custody == Custody.LOST:
        return Tag(_("perdu"), Tone.BAD)
    if booklet.validity == Validity.BLOCKED:
        return Tag(_("en opposition"), Tone.BAD)
    if booklet.validity == Validity.EXPIRED:
        return Tag(_("expiré"), Tone.CAREFUL)
    if booklet.custody == Custody.TRANSIT:
        return Tag(_("en chemin"), Tone.INFO)
    if booklet.custody == Custody.PERSON:
        return Tag(_("utilisé en entier") if booklet.used == all_passes(booklet.size) else _("remis"), Tone.GOOD)
    if booklet.validity == Validity.INERT:
        return Tag(_("pas encore activé"), Tone.CAREFUL)
    return Tag(_("entamé"), Tone.INFO) if booklet.handed else Tag(_("à remettre"), Tone.QUIET)


EVENT_TONES = {
    Happened.PUNCHED: Tone.GOOD,
    Happened.BLOCKED: Tone.BAD,
    Happened.ANNULLED: Tone.CAREFUL,
    Happened.CANCELLED: Tone.CAREFUL,
}


def facts_of(events: Iterable[Event], numbers: Mapping[int, str] | None = None) -> list[Fact]:
    """Each event in a sentence; ``numbers``, by booklet, when the story is about several of them."""
    return [_fact(event, (numbers or {}).get(event.booklet_id, "")) for event in events]


def _fact(event: Event, number: str) -> Fact:
    return Fact(
        event.at,
        _sentence(event),
        by=event.by,
        detail=" – ".join(
            filter(None, [number and gettext("chéquier %(number)s") % {"number": number}, _detail(event)])
        ),
        tone=EVENT_TONES.get(event.kind, Tone.QUIET),
    )


def _sentence(event: Event) -> str:
    passes = event.passes.bit_count()
    counted = ngettext("%(n)s pass", "%(n)s pass", passes) % {"n": passes}
    told = {
        Happened.HANDED: gettext("%(passes)s remis, à la place d’un chéquier perdu")
        if event.replaces
        else gettext("%(passes)s remis"),
        Happened.CANCELLED: gettext("Remise annulée"),
        Happened.PUNCHED: gettext("%(passes)s utilisé : %(where)s")
        if passes == 1
        else gettext("%(passes)s utilisés : %(where)s"),
        Happened.ANNULLED: gettext("Utilisation annulée : le pass est rendu"),
        Happened.BLOCKED: gettext("Chéquier mis en opposition"),
    }[event.kind]
    return told % {"passes": counted, "where": event.where}


def _detail(event: Event) -> str:
    return event.why
