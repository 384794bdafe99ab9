"""What views hand to the components that need more than a word: /style/ shows each of them drawn."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from poincon.kernel.refusals import Text


class Tone(StrEnum):
    """What a word means at a glance. Each has its shape and its colour; neither speaks without the word."""

    GOOD = "good"
    CAREFUL = "careful"
    BAD = "bad"
    INFO = "info"
    QUIET = "quiet"


@dataclass(frozen=True)
class Tag:
    """A state in one or two words."""

    label: Text
    tone: Tone = Tone.QUIET

    def __str__(self) -> str:
        return str(self.label)


@dataclass(frozen=True)
class Empty:
    """What a page says while it has nothing to show: what it is for, the first thing to do.

    Where to read more is not said here: it is the paragraph of the page (poincon.www.base.guides).
    """

    title: Text
    sentence: Text
    action: Text = ""
    #: ``reverse_lazy("…")``, since lists are declared before addresses exist.
    url: Text = ""


@dataclass(frozen=True)
class Fact:
    """Something that happened, on a timeline."""

    at: date
    sentence: Text
    #: Who did it, as the journal names her.
    by: Text = ""
    detail: Text = ""
    tone: Tone = Tone.QUIET
    url: str = ""

    @property
    def has_time(self) -> bool:
        return isinstance(self.at, datetime)


@dataclass(frozen=True)
class Step:
    """One page of a work of several; ``url`` goes back to it once it is done."""

    label: Text
    url: str = ""


@dataclass(frozen=True)
class Tab:
    """One of several views of the same thing; ``count`` when how many there are helps to choose."""

    label: Text
    url: str
    count: int | None = None
