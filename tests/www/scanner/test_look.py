"""The look of the scanner is that of the house: one sheet of tokens, shared, and kept on the telephone."""

import re

from django.test import Client

from poincon.www.scanner.files import STATIC, scanner_files
from poincon.www.scanner.views import INK, PAPER

TOKEN = re.compile(r"^\s*(--[\w-]+):\s*([^;]+);", re.MULTILINE)
TOKENS = STATIC / "poincon" / "tokens.css"
SHEET = STATIC / "poincon" / "scanner" / "scanner.css"


def outside_of_full_sun(sheet: str) -> str:
    """A sheet without its blocks for full sun, where every token has its strongest contrast."""
    return re.sub(r"[^{}]*\[data-look=\"sun\"\][^{}]*\{[^}]*\}", "", sheet)


def test_the_page_and_the_worker_take_the_tokens_of_the_house(client: Client) -> None:
    assert "poincon/tokens.css" in client.get("/scanner/").content.decode()
    assert any(file.address.endswith("poincon/tokens.css") for file in scanner_files())


def test_the_sheet_repeats_no_token_of_the_house() -> None:
    house = {name for name, _ in TOKEN.findall(TOKENS.read_text(encoding="utf-8"))}
    own = {name for name, _ in TOKEN.findall(outside_of_full_sun(SHEET.read_text(encoding="utf-8")))}
    assert own
    assert not own & house


def test_colours_are_named_once() -> None:
    """Elsewhere than in a token, a colour is black or white: of a mask, or of what is drawn on the camera's picture."""
    text = TOKEN.sub("", outside_of_full_sun(SHEET.read_text(encoding="utf-8")))
    found = set(re.findall(r"#[0-9a-f]{3,8}\b", text))
    assert found <= {"#000", "#fff"}


def test_the_telephone_is_told_the_colours_of_the_sheet() -> None:
    light = dict(TOKEN.findall(TOKENS.read_text(encoding="utf-8").partition("@media")[0]))
    assert (light["--ink"], light["--paper"]) == (INK, PAPER)
