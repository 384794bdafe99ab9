"""How a programme presents itself: its name, its colours by day and by night, its drawing, whom to call."""

from dataclasses import dataclass
from hashlib import sha256

from poincon.kernel.colours import contrast, darker, lighter, nearest_darker, nearest_lighter
from poincon.kernel.documents import Letterhead
from poincon.programmes.models import Programme

#: The surfaces on which colours are read, as www/base/static/poincon/tokens.css paints them (a test compares).
PAPER, SUNK, SHEET = "#f7f3ea", "#efe9db", "#fffdf8"
NIGHT, NIGHT_SHEET = "#0f1430", "#181f42"
#: Ordinary text (WCAG 2.1, 1.4.3). The main colour writes on every light surface, the accent on the page itself.
LEAST_CONTRAST = 4.5
#: A mark that is not text (WCAG 2.1, 1.4.11).
MARK_CONTRAST = 3.0
SURFACE_OF = {"ink_colour": SUNK, "accent_colour": PAPER}
#: Titles, links pointed at: what must stand out does so by more than the least.
STRONG, NIGHT_INK, NIGHT_ACCENT, NIGHT_STRONG = 6.5, 7.5, 6.5, 9.0
SOFT_LUMINANCE, NIGHT_SOFT_LUMINANCE = 0.8, 0.02


@dataclass(frozen=True)
class Shades:
    """The colours of one programme in one light, each readable where it is used."""

    ink: str
    ink_strong: str
    on_ink: str
    accent: str
    accent_strong: str
    accent_soft: str
    accent_on_ink: str


@dataclass(frozen=True)
class Look:
    """The two colours chosen and the drawing of a programme."""

    ink: str
    accent: str
    logo_svg: str

    @property
    def day(self) -> Shades:
        """On light surfaces: the two colours as they were chosen, and darker ones."""
        return Shades(
            ink=self.ink,
            ink_strong=nearest_darker(self.ink, on=SUNK, least=STRONG),
            on_ink=SHEET,
            accent=self.accent,
            accent_strong=nearest_darker(self.accent, on=SUNK, least=STRONG),
            accent_soft=lighter(self.accent, luminance_wanted=SOFT_LUMINANCE),
            accent_on_ink=nearest_lighter(self.accent, on=self.ink, least=MARK_CONTRAST),
        )

    @property
    def night(self) -> Shades:
        """On dark surfaces: the same hues, lightened until they can be read."""
        night_ink = nearest_lighter(self.ink, on=NIGHT_SHEET, least=NIGHT_INK)
        return Shades(
            ink=night_ink,
            ink_strong=nearest_lighter(self.ink, on=NIGHT_SHEET, least=NIGHT_STRONG),
            on_ink=NIGHT,
            accent=nearest_lighter(self.accent, on=NIGHT_SHEET, least=NIGHT_ACCENT),
            accent_strong=nearest_lighter(self.accent, on=NIGHT_SHEET, least=NIGHT_STRONG),
            accent_soft=darker(self.accent, luminance_wanted=NIGHT_SOFT_LUMINANCE),
            accent_on_ink=nearest_darker(self.accent, on=night_ink, least=MARK_CONTRAST),
        )

    @property
    def version(self) -> str:
        """Changes with the look: the addresses of its style sheet and drawing carry it, and are kept for ever."""
        return sha256("\n".join((self.ink, self.accent, self.logo_svg)).encode()).hexdigest()[:12]


def look_of(programme: Programme) -> Look:
    """The look of a programme."""
    return Look(programme.ink_colour.lower(), programme.accent_colour.lower(), programme.logo_svg)


def letterhead_of(programme: Programme) -> Letterhead:
    """The look of the papers about a programme."""
    look = look_of(programme)
    return Letterhead(look.ink, look.accent, look.logo_svg)


def nearest_that_passes(field: str, colour: str) -> str:
    """The colour itself if it can be read where ``field`` is used (a key of SURFACE_OF), else the nearest."""
    return nearest_darker(colour, on=SURFACE_OF[field], least=LEAST_CONTRAST)


def is_readable(field: str, colour: str) -> bool:
    """Whether this colour can be read where ``field`` is used: by day as it is, by night once lightened."""
    return contrast(colour, SURFACE_OF[field]) >= LEAST_CONTRAST
