"""The colours and the drawing of a programme, as addresses of the site."""

import re
from pathlib import Path

import pytest
from django.test import Client

from poincon.programmes.models import Programme
from poincon.programmes.theme import look_of
from poincon.www.base import themes
from tests.factories import make_programme

pytestmark = pytest.mark.django_db

TOKENS = Path("poincon/www/base/static/poincon/tokens.css")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><rect width="2" height="1"/></svg>'


@pytest.fixture
def programme() -> Programme:
    return make_programme(ink_colour="#3b1f5c", accent_colour="#1f6b4f", logo_svg=LOGO)


def test_the_style_sheet_holds_the_colours_by_day_and_by_night(client: Client, programme: Programme) -> None:
    response = client.get(themes.theme_addresses(programme)["css"])
    day, night = response.content.decode().splitlines()
    assert response["Content-Type"].startswith("text/css")
    assert "--ink: #3b1f5c;" in day
    assert f"--ink: {look_of(programme).night.ink};" in night
    assert "prefers-color-scheme: dark" in night


def test_the_address_is_kept_for_ever_and_changes_with_the_look(client: Client, programme: Programme) -> None:
    before = themes.theme_addresses(programme)["css"]
    assert "immutable" in client.get(before)["Cache-Control"]
    programme.ink_colour = "#123a5c"
    programme.save()
    assert themes.theme_addresses(programme)["css"] != before
    late = client.get(before)
    assert "--ink: #123a5c;" in late.content.decode()
    assert "immutable" not in late["Cache-Control"]


def test_the_drawing_runs_nothing_even_opened_alone(client: Client, programme: Programme) -> None:
    response = client.get(themes.theme_addresses(programme)["logo"])
    assert response["Content-Type"].startswith("image/svg+xml")
    assert response["Content-Security-Policy"] == themes.DRAWING_POLICY
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_programme_without_drawing_has_no_address_for_it(client: Client) -> None:
    plain = make_programme()
    assert themes.theme_addresses(plain)["logo"] == ""
    assert client.get(f"/apparence/{plain.code}/0.svg").status_code == 404
    assert client.get("/apparence/nulle-part/0.css").status_code == 404


def test_two_colours_are_tried_on_panels_of_their_own(client: Client) -> None:
    sheet = client.get("/apparence/essai/3b1f5c-1f6b4f.css").content.decode()
    assert ".preview-day { color-scheme: light;" in sheet
    assert "--ink: #3b1f5c;" in sheet
    assert client.get("/apparence/essai/red-blue.css").status_code == 404


def test_every_token_written_exists_in_the_style_sheet_of_the_site() -> None:
    tokens = set(re.findall(r"^\s*(--[\w-]+):", TOKENS.read_text(encoding="utf-8"), re.MULTILINE))
    written = set(re.findall(r"(--[\w-]+):", themes.preview_sheet(look_of(make_programme()))))
    assert written <= tokens


def test_the_panels_are_painted_as_the_pages_are() -> None:
    light, dark = TOKENS.read_text(encoding="utf-8").split("@media (prefers-color-scheme: dark)")
    for name, colour in themes.DAY.items():
        assert f"--{name}: {colour};" in light
    for name, colour in themes.NIGHT_TOKENS.items():
        assert f"--{name}: {colour};" in dark
