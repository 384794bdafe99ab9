"""What a mail says, apart from how it looks: the same words make its plain text and its HTML."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from poincon.kernel.colours import nearest_lighter
from poincon.kernel.documents import picture

#: What mail programs show behind the text, by day and by night.
SHEET, NIGHT_SHEET = "#ffffff", "#181f42"
NIGHT_CONTRAST = 7.0
LOGO_HEIGHT = 40


@dataclass(frozen=True)
class Dress:
    """In whose name a mail is sent: the name of the scheme, its two colours, its drawing, whom to call."""

    name: str
    funder: str = ""
    phone: str = ""
    referent: str = ""
    email: str = ""
    ink: str = "#1b2a6b"
    accent: str = "#a4552a"
    logo_svg: str = ""

    @property
    def night_ink(self) -> str:
        return nearest_lighter(self.ink, on=NIGHT_SHEET, least=NIGHT_CONTRAST)

    @property
    def night_accent(self) -> str:
        return nearest_lighter(self.accent, on=NIGHT_SHEET, least=NIGHT_CONTRAST)

    def if_phone(self, sentence: str) -> tuple[str, ...]:
        """``sentence``, which asks to call « le numéro ci-dessous », when there is one."""
        return (sentence,) if self.phone else ()

    @cached_property
    def logo_png(self) -> bytes:
        """Mail programs show no SVG. Empty when the scheme has no logo."""
        return picture(self.logo_svg, height=LOGO_HEIGHT) if self.logo_svg else b""


class Named(Protocol):
    @property
    def name(self) -> str: ...


class Scheme(Protocol):
    """What the dress needs to know of a programme (programmes are floors above)."""

    name: Any
    phone: Any
    referent: Any
    email: Any
    ink_colour: Any
    accent_colour: Any
    logo_svg: Any

    @property
    def owner(self) -> Named: ...


def dress_of(scheme: Scheme) -> Dress:
    """The look and the name in which mails about this programme are sent; read with its owner."""
    return Dress(
        name=scheme.name,
        funder=scheme.owner.name,
        phone=scheme.phone,
        referent=scheme.referent,
        email=scheme.email,
        ink=scheme.ink_colour.lower(),
        accent=scheme.accent_colour.lower(),
        logo_svg=scheme.logo_svg,
    )


#: The dress of what no scheme sends: signing in, an account.
PLAIN = Dress(name="")
#: An invented scheme, for the page that shows every mail.
SAMPLE_DRESS = Dress(
    name="Pass numérique de la Creuse",
    funder="Conseil départemental de la Creuse",
    phone="05 55 00 00 00",
    referent="Réseau des tiers-lieux",
    ink="#1d3b2f",
    accent="#a4552a",
)


@dataclass(frozen=True)
class Fact:
    """A line of the small table of a mail: « Montant : 120 € »."""

    label: str
    value: str


@dataclass(frozen=True)
class Letter:
    """A mail in words. ``action`` is the one thing to do: its verb, and its whole address (``https://…``)."""

    subject: str
    paragraphs: tuple[str, ...]
    dress: Dress = PLAIN
    greeting: str = ""
    facts: tuple[Fact, ...] = ()
    #: To be copied into a page left open: shown large, alone on its line.
    code: str = ""
    action: tuple[str, str] | None = None
    #: After the action: what to know, smaller.
    remarks: tuple[str, ...] = ()
