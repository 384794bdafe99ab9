"""A fault of a definition, and the refusal that lists them all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_within

FIX_AND_RETRY = _("Corrigez puis recommencez : rien n’a été enregistré.")
UNREADABLE = _("ce texte contient un caractère qui ne peut pas être enregistré.")
#: Enough to correct a file in one go, not so many that the first ones scroll away.
MOST_SHOWN = 50


@dataclass(frozen=True)
class Problem:
    """``where`` is the key of the programme file (``passes.booklet_sizes``, ``[[publics]] n° 2, code``)."""

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where} : {self.text}"


@dataclass(unsafe_hash=True)
class Invalid(Refusal):
    """A refusal that keeps its faults apart, for a screen that shows each one beside its field."""

    problems: tuple[Problem, ...] = ()


def unreadable(values: Mapping[str, object]) -> Iterator[Problem]:
    """The texts among these values that one of the two engines would not keep (kernel.texts)."""
    for where, value in values.items():
        if isinstance(value, str):
            try:
                text_within(len(value), where, value)
            except Refusal:
                yield Problem(where, str(UNREADABLE))


def refuse(problems: Sequence[Problem]) -> None:
    """Raise one refusal that lists every fault; nothing happens when there is none."""
    if not problems:
        return
    count = len(problems)
    head = ngettext("%(count)d erreur :", "%(count)d erreurs :", count) % {"count": count}
    lines = [f"– {problem}" for problem in problems[:MOST_SHOWN]]
    raise Invalid("programmes.invalid", "\n".join([head, *lines]) + "\n", FIX_AND_RETRY, tuple(problems))
