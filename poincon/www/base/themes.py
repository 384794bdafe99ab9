"""The look of a programme on screen: a style sheet and a drawing of its own, at addresses that change with them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from poincon.programmes.models import Programme
from poincon.programmes.theme import NIGHT, NIGHT_SHEET, PAPER, SHEET, Look, Shades, look_of

#: Two colours in an address, without their #.
COLOUR_IN_ADDRESS = "[0-9a-f]{6}"
YEAR = 365 * 24 * 3600
#: A drawing runs nothing and fetches nothing, even opened by itself.
DRAWING_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"
#: What a theme does not change, painted on the two panels of its preview as tokens.css paints it (a test compares).
DAY = {"paper": PAPER, "sheet": SHEET, "text": "#1a2040", "text-quiet": "#4c5372", "line": "#d8cfbb"}
NIGHT_TOKENS = {
    "paper": NIGHT,
    "sheet": NIGHT_SHEET,
    "text": "#e8eaf6",
    "text-quiet": "#b5bbd6",
    "line": "#353d68",
}


def theme_addresses(programme: Programme) -> dict[str, str]:
    """Where the style sheet and the drawing of a programme are; no drawing, no address."""
    look = look_of(programme)
    arguments = {"programme_code": programme.code, "version": look.version}
    return {
        "css": reverse("theme_css", kwargs=arguments),
        "logo": reverse("theme_logo", kwargs=arguments) if look.logo_svg else "",
    }


@require_safe
def theme_css(_request: HttpRequest, /, programme_code: str, version: str) -> HttpResponse:
    """The colours of a programme, for pages that wear them."""
    look = look_of(get_object_or_404(Programme, code=programme_code))
    return _kept(HttpResponse(style_sheet(look), content_type="text/css; charset=utf-8"), look, version)


@require_safe
def theme_logo(_request: HttpRequest, /, programme_code: str, version: str) -> HttpResponse:
    """The drawing of a programme; not found when it has none."""
    look = look_of(get_object_or_404(Programme.objects.exclude(logo_svg=""), code=programme_code))
    response = HttpResponse(look.logo_svg, content_type="image/svg+xml; charset=utf-8")
    response.headers["Content-Security-Policy"] = DRAWING_POLICY
    return _kept(response, look, version)


@require_safe
def preview_css(_request: HttpRequest, /, ink: str, accent: str) -> HttpResponse:
    """Two colours being tried, on the two panels of a preview."""
    look = Look(f"#{ink}", f"#{accent}", "")
    response = HttpResponse(preview_sheet(look), content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response


def _kept(response: HttpResponse, look: Look, version: str) -> HttpResponse:
    """An address that names this very look never changes; an older one is asked again soon."""
    current: dict[str, Any] = {"max_age": YEAR, "immutable": True} if version == look.version else {"max_age": 60}
    patch_cache_control(response, public=True, **current)
    return response


def style_sheet(look: Look) -> str:
    """The tokens that a programme changes (see static/poincon/tokens.css), by day and by night. Paper stays black."""
    return (
        f"@media screen {{ :root {{ {_tokens(look.day)} }} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_tokens(look.night)} }} }}\n"
    )


def preview_sheet(look: Look) -> str:
    """The same tokens, for a panel that is always light and one that is always dark."""
    return (
        f".preview-day {{ color-scheme: light; {_written(DAY)} {_tokens(look.day)} }}\n"
        f".preview-night {{ color-scheme: dark; {_written(NIGHT_TOKENS)} {_tokens(look.night)} }}\n"
    )


def _tokens(shades: Shades) -> str:
    values = {
        "ink": shades.ink,
        "ink-strong": shades.ink_strong,
        "on-ink": shades.on_ink,
        "copper": shades.accent,
        "copper-strong": shades.accent_strong,
        "copper-soft": shades.accent_soft,
        "copper-on-ink": shades.accent_on_ink,
        "focus": shades.accent,
        "bs-link-color-rgb": _channels(shades.ink),
        "bs-link-hover-color-rgb": _channels(shades.accent_strong),
    }
    return _written(values)


def _written(values: dict[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in values.items())


def _channels(colour: str) -> str:
    return ", ".join(str(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
