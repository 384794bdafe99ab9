"""What people call a colour. Hues are told apart as eyes do (OKLCH, Björn Ottosson, 2020), not as screens mix them:
a dark orange is a brown, a dark yellow an olive.
"""

from dataclasses import dataclass
from math import atan2, degrees, hypot

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from poincon.kernel.colours import shining
from poincon.kernel.refusals import Text

#: Lightness, from 0 to 1, under which all is black, dark, or above which it is light.
BLACK, DARK, LIGHT = 0.2, 0.45, 0.8
WHITE, NEARLY_GREY = 0.97, 0.035
#: As strong as this, a light colour is not called so: a yellow is.
STRONG = 0.17


@dataclass(frozen=True)
class Seen:
    """A colour as it is seen: lightness from 0 to 1, strength from 0 (grey), hue in degrees."""

    lightness: float
    strength: float
    hue: float


@dataclass(frozen=True)
class Hues:
    """The colours of these hues, lightnesses and strengths, and how people call them."""

    name: Text
    begins: int
    ends: int
    over: float = 0
    under: float = 2
    stronger: float = NEARLY_GREY
    weaker: float = 1

    def holds(self, seen: Seen) -> bool:
        around = self.begins <= seen.hue < self.ends
        as_light = self.over <= seen.lightness < self.under
        return around and as_light and self.stronger <= seen.strength < self.weaker


#: The first that holds a colour names it.
HUES = (
    Hues(gettext_lazy("beige"), 50, 115, over=0.75, stronger=0.02, weaker=0.085),
    Hues(gettext_lazy("rose"), 0, 40, over=0.72),
    Hues(gettext_lazy("rouge"), 0, 12, under=0.45),
    Hues(gettext_lazy("rose"), 0, 12),
    Hues(gettext_lazy("rouge"), 12, 38),
    Hues(gettext_lazy("brun"), 38, 70, under=0.62),
    Hues(gettext_lazy("brun"), 70, 88, under=0.68),
    Hues(gettext_lazy("orange"), 38, 78),
    Hues(gettext_lazy("vert olive"), 88, 130, under=0.7),
    Hues(gettext_lazy("jaune"), 78, 114),
    Hues(gettext_lazy("vert"), 114, 167),
    Hues(gettext_lazy("bleu-vert"), 167, 213),
    Hues(gettext_lazy("bleu"), 213, 280),
    Hues(gettext_lazy("rose"), 320, 360, over=0.6),
    Hues(gettext_lazy("violet"), 280, 335),
    Hues(gettext_lazy("violet"), 335, 361, under=0.45),
    Hues(gettext_lazy("rose"), 335, 361),
)


def name_of(colour: str) -> str:
    """How somebody would call this colour over the telephone: « bleu foncé »."""
    seen = _seen(colour)
    word = next((str(hues.name) for hues in HUES if hues.holds(seen)), "")
    if not word and not BLACK <= seen.lightness < WHITE:
        return _("noir") if seen.lightness < BLACK else _("blanc")
    word = word or _("gris")
    if seen.lightness < DARK:
        return _("%(colour)s foncé") % {"colour": word}
    if seen.lightness >= LIGHT and seen.strength < STRONG:
        return _("%(colour)s clair") % {"colour": word}
    return word


def _seen(colour: str) -> Seen:
    red, green, blue = shining(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    to_red = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    to_yellow = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return Seen(lightness, hypot(to_red, to_yellow), degrees(atan2(to_yellow, to_red)) % 360)
