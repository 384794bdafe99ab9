"""What happened to booklets, in the words of a timeline."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from poincon.passes.queries.history import Event, Happened
from poincon.www.base.parts import Fact, Tone

TONES = {
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
        detail=" – ".join(filter(None, [number and _("chéquier %(number)s") % {"number": number}, _detail(event)])),
        tone=TONES.get(event.kind, Tone.QUIET),
    )


def _sentence(event: Event) -> str:
    passes = event.passes.bit_count()
    counted = ngettext("%(n)s pass", "%(n)s pass", passes) % {"n": passes}
    told = {
        Happened.HANDED: _("%(passes)s remis, à la place d’un chéquier perdu")
        if event.replaces
        else _("%(passes)s remis"),
        Happened.CANCELLED: _("Remise annulée"),
        Happened.PUNCHED: _("%(passes)s utilisé : %(where)s") if passes == 1 else _("%(passes)s utilisés : %(where)s"),
        Happened.ANNULLED: _("Utilisation annulée : le pass est rendu"),
        Happened.BLOCKED: _("Chéquier mis en opposition"),
    }[event.kind]
    return told % {"passes": counted, "where": event.where}


def _detail(event: Event) -> str:
    return event.why
