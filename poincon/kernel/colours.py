"""Colours that can be read: contrast as WCAG 2.1 measures it, and the nearest colour that has enough of it.

A colour is written ``#rrggbb``. Light is linear here: a channel times two sends twice the light.
"""

import re
from colorsys import hls_to_rgb, rgb_to_hls

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
#: WCAG 2.1, success criterion 1.4.3: ordinary text.
TEXT_CONTRAST = 4.5
WHITE = "#ffffff"

Light = tuple[float, float, float]


def is_colour(text: str) -> bool:
    """Whether ``text`` is a colour as we write it."""
    return COLOUR.fullmatch(text) is not None


def luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    return _luminance(shining(colour))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21, in either order."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def darker(colour: str, *, luminance_wanted: float) -> str:
    """The same hue with that relative luminance, or a little less: never above. A darker colour is left as it is."""
    light = shining(colour)
    now = _luminance(light)
    if now <= luminance_wanted:
        return colour
    red, green, blue = (_share(channel * luminance_wanted / now) for channel in light)
    return _written(red, green, blue)


def lighter(colour: str, *, luminance_wanted: float) -> str:
    """The same hue and saturation with that relative luminance, or a little more. A lighter colour is left as it is."""
    if luminance(colour) >= luminance_wanted:
        return colour
    hue, lightness, saturation = rgb_to_hls(*_shares(colour))
    low, high = lightness, 1.0
    while high - low > 1 / 1024:
        middle = (low + high) / 2
        tried = _written(*hls_to_rgb(hue, middle, saturation))
        low, high = (low, middle) if luminance(tried) >= luminance_wanted else (middle, high)
    return _written(*hls_to_rgb(hue, high, saturation))


def nearest_darker(colour: str, *, on: str, least: float = TEXT_CONTRAST) -> str:
    """``colour`` if it has that contrast on the light surface ``on``, else the lightest of its hue that has."""
    return darker(colour, luminance_wanted=(luminance(on) + 0.05) / least - 0.05)


def nearest_lighter(colour: str, *, on: str, least: float = TEXT_CONTRAST) -> str:
    """``colour`` if it has that contrast on the dark surface ``on``, else the darkest of its hue that has."""
    return lighter(colour, luminance_wanted=(luminance(on) + 0.05) * least - 0.05)


def shining(colour: str) -> Light:
    """The three channels from 0 to 1, as they shine."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _shares(colour))
    return red, green, blue


def _shares(colour: str) -> Light:
    """The three channels from 0 to 1, as they are written."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _share(light: float) -> float:
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def _luminance(light: Light) -> float:
    red, green, blue = light
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _written(*shares: float) -> str:
    # Rounded down: a colour made darker to be read must not come back above the limit.
    return "#" + "".join(f"{int(share * 255 + 1e-9):02x}" for share in shares)
