"""The look of a programme: who changes it, what is refused, what can be read by day and by night."""

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from poincon.kernel.colours import contrast
from poincon.kernel.documents import picture
from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.programmes import theme
from poincon.programmes.checks import Invalid
from poincon.programmes.logos import LogoError, safe_logo
from poincon.programmes.services import update_theme
from poincon.programmes.services.theme import NO_LOGO
from poincon.programmes.theme import look_of
from tests.factories import SYSTEM, make_actor, make_organisation, make_programme, make_scheme

TOKENS = Path("poincon/www/base/static/poincon/tokens.css")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" viewBox="0 0 20 10">{}</svg>'
DISC = SVG.format('<circle cx="5" cy="5" r="4" fill="#a4552a"/>').encode()


def png(size: tuple[int, int] = (40, 20), *, noise: bool = False, **options: Any) -> bytes:
    image = Image.effect_noise(size, 100).convert("RGB") if noise else Image.new("RGBA", size, (164, 85, 42, 255))
    out = BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


@pytest.mark.django_db
def test_the_look_is_changed_and_kept_with_before_and_after() -> None:
    programme = make_programme()
    update_theme(
        by=SYSTEM, programme=programme, name="Pass Creuse", phone="0555111111", ink_colour="#3b1f5c", logo=DISC
    )
    programme.refresh_from_db()
    assert (programme.name, programme.phone, programme.ink_colour) == ("Pass Creuse", "05 55 11 11 11", "#3b1f5c")
    assert programme.logo_svg == DISC.decode()
    entry = AuditEntry.objects.get(action="programmes.update_theme")
    assert (entry.before["ink_colour"], entry.after["ink_colour"]) == ("#1b2a6b", "#3b1f5c")
    assert (entry.before["logo"], entry.after["logo"]) == (0, len(DISC))


@pytest.mark.django_db
def test_a_logo_is_taken_away() -> None:
    programme = make_programme(logo_svg=DISC.decode())
    update_theme(by=SYSTEM, programme=programme, logo=NO_LOGO)
    programme.refresh_from_db()
    assert programme.logo_svg == ""


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["ink_colour", "accent_colour"])
def test_a_colour_too_light_is_refused_with_the_nearest_that_passes(field: str) -> None:
    programme = make_programme()
    with pytest.raises(Invalid) as refusal:
        update_theme(by=SYSTEM, programme=programme, **{field: "#ffcc00"})  # type: ignore[arg-type]  # one at a time
    (problem,) = refusal.value.problems
    nearest = theme.nearest_that_passes(field, "#ffcc00")
    assert problem.where == f"presentation.{field}"
    assert f"qui passe : {nearest} (vert olive)" in problem.text
    update_theme(by=SYSTEM, programme=programme, **{field: nearest})  # type: ignore[arg-type]  # one at a time


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("logo", "said"),
    [
        (b"GIF89a", "ni un PNG ni un SVG"),
        (b"\x89PNG\r\n\x1a\ntruncated", "ni un PNG ni un SVG"),
        (SVG.format("<script>alert(1)</script>").encode(), "un script"),
        (SVG.format('<image href="https://exemple.fr/a.png"/>').encode(), "un lien vers"),
        (b" " * (2 * 1024 * 1024 + 1), "trop lourd"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"></svg>', "ne peut pas"),
    ],
)
def test_a_bad_logo_is_refused_at_its_place(logo: bytes, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        update_theme(by=SYSTEM, programme=make_programme(), logo=logo)
    (problem,) = refusal.value.problems
    assert problem.where == "presentation.logo_svg"
    assert said in problem.text


@pytest.mark.django_db
def test_only_the_funder_changes_the_look() -> None:
    scheme = make_scheme()
    strangers = (scheme.actor(Role.COORDINATOR), make_actor(Role.FUNDER, make_organisation(is_funder=True)))
    for by in strangers:
        with pytest.raises(Refusal, match="droit"):
            update_theme(by=by, programme=scheme.programme, name="Autre")
    assert update_theme(by=scheme.actor(Role.FUNDER), programme=scheme.programme, name="Autre").name == "Autre"


def test_a_png_is_written_again_without_what_it_hid() -> None:
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("Comment", "photographed at home")
    svg = safe_logo(png(pnginfo=hidden))
    (carried,) = re.findall(r'href="data:image/png;base64,([^"]+)"', svg)
    assert b"photographed" not in b64decode(carried)
    assert Image.open(BytesIO(b64decode(carried))).size == (40, 20)
    assert picture(svg, height=20).startswith(b"\x89PNG")


def test_a_large_photograph_becomes_small_enough() -> None:
    assert len(safe_logo(png((1600, 1200)))) < 200_000


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(LogoError, match="too_heavy"):
        safe_logo(png((6000, 6000)))


@pytest.mark.django_db
@pytest.mark.parametrize(("ink", "accent"), [("#1b2a6b", "#a4552a"), ("#000000", "#6b0000"), ("#0b6b3a", "#5a5a00")])
def test_every_shade_can_be_read_where_it_is_used(ink: str, accent: str) -> None:
    one = look_of(make_programme(ink_colour=ink, accent_colour=accent))
    for surface in (theme.PAPER, theme.SUNK, theme.SHEET):
        assert contrast(one.day.ink, surface) >= 4.5
        assert contrast(one.day.accent_strong, surface) >= 4.5
    assert contrast(one.day.accent, theme.PAPER) >= 4.5
    for surface in (theme.NIGHT, theme.NIGHT_SHEET):
        assert contrast(one.night.ink, surface) >= 4.5
        assert contrast(one.night.accent, surface) >= 4.5
    assert contrast(one.day.on_ink, one.day.ink) >= 4.5
    assert contrast(one.night.on_ink, one.night.ink) >= 4.5
    assert contrast(one.day.accent_on_ink, one.day.ink) >= 3
    assert contrast(one.night.accent_on_ink, one.night.ink) >= 3


@pytest.mark.django_db
def test_the_version_changes_with_the_look_only() -> None:
    programme = make_programme()
    before = look_of(programme).version
    programme.phone = "05 55 00 00 01"
    assert look_of(programme).version == before
    programme.accent_colour = "#8a3b2c"
    assert look_of(programme).version != before


def test_the_surfaces_are_those_of_the_style_sheet() -> None:
    tokens = TOKENS.read_text(encoding="utf-8")
    for name, colour in {"paper": theme.PAPER, "sheet-sunk": theme.SUNK, "sheet": theme.SHEET}.items():
        assert f"--{name}: {colour};" in tokens
    for name, colour in {"paper": theme.NIGHT, "sheet": theme.NIGHT_SHEET}.items():
        assert f"--{name}: {colour};" in tokens
