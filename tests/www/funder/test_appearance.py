"""Trying colours, keeping them: the funder's page of the look of a programme."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from tests.factories import Scheme, make_membership, make_organisation, make_scheme
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db
PAGE = "/commanditaire/apparence/"
FILLED = {
    "name": "Pass Creuse",
    "ink_colour": "#3b1f5c",
    "accent_colour": "#1f6b4f",
    "referent": "Réseau TELA",
    "phone": "05 55 11 11 11",
    "email": "pass@creuse.example",
}


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def funder(scheme: Scheme, as_proved_user: Callable[[User], Client]) -> Client:
    user = scheme.actor(Role.FUNDER).user
    assert user is not None
    return as_proved_user(user)


def png() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (20, 10), "#a4552a").save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue(), "image/png")


def test_the_look_is_kept(funder: Client, scheme: Scheme) -> None:
    response = funder.post(PAGE, FILLED | {"logo": png(), "enregistrer": "1"})
    assert response.status_code == 302
    scheme.programme.refresh_from_db()
    assert (scheme.programme.name, scheme.programme.ink_colour) == ("Pass Creuse", "#3b1f5c")
    assert "data:image/png" in scheme.programme.logo_svg
    funder.post(PAGE, FILLED | {"without_logo": "on", "enregistrer": "1"})
    scheme.programme.refresh_from_db()
    assert scheme.programme.logo_svg == ""


def test_a_colour_too_light_is_refused_at_its_field(funder: Client, scheme: Scheme) -> None:
    page = funder.post(PAGE, FILLED | {"ink_colour": "#ffcc00", "enregistrer": "1"}).content.decode()
    assert as_shown("Trop claire pour être lue. La plus proche de #ffcc00 qui passe : #816600 (vert olive)") in page
    assert 'aria-invalid="true"' in page
    scheme.programme.refresh_from_db()
    assert scheme.programme.ink_colour == "#1b2a6b"


def test_the_nearest_colour_is_taken_in_one_click(funder: Client) -> None:
    page = funder.post(PAGE, FILLED | {"ink_colour": "#ffcc00", "prendre": "ink_colour"}).content.decode()
    assert 'value="#816600"' in page
    assert "/apparence/essai/816600-1f6b4f.css" in page


@pytest.mark.parametrize("taken", ["name", "nulle-part", ""])
def test_only_a_colour_has_a_nearest(funder: Client, taken: str) -> None:
    assert funder.post(PAGE, FILLED | {"prendre": taken}).status_code == 200


def test_trying_writes_nothing(funder: Client, scheme: Scheme) -> None:
    page = funder.post(PAGE, FILLED | {"essayer": "1"}).content.decode()
    assert "/apparence/essai/3b1f5c-1f6b4f.css" in page
    assert 'value="Pass Creuse"' in page
    scheme.programme.refresh_from_db()
    assert scheme.programme.ink_colour == "#1b2a6b"


def test_a_script_gets_the_preview_alone(funder: Client) -> None:
    piece = funder.post(PAGE, FILLED, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert "/apparence/essai/3b1f5c-1f6b4f.css" in piece


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ink_colour": "bleu"}, "Une couleur s’écrit comme"),
        ({"name": ""}, "Remplissez"),
        ({"phone": "05 55"}, "n’est pas"),
        ({"logo": SimpleUploadedFile("logo.gif", b"GIF89a")}, "Ce fichier n’est ni un PNG ni un SVG."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(funder: Client, wrong: dict[str, Any], said: str) -> None:
    page = funder.post(PAGE, FILLED | wrong | {"enregistrer": "1"}).content.decode()
    assert said in page
    assert 'aria-invalid="true"' in page


def test_others_do_not_open_it(scheme: Scheme, as_user: Callable[[User], Client]) -> None:
    coordinator = scheme.actor(Role.COORDINATOR).user
    assert coordinator is not None
    assert as_user(coordinator).get(PAGE).status_code == 403


def test_a_funder_without_programme_goes_home(as_proved_user: Callable[[User], Client]) -> None:
    user = make_membership(Role.FUNDER, make_organisation(is_funder=True)).user
    assert as_proved_user(user).get(PAGE).status_code == 302
