"""What the scripts of the scanner say is what its page brings them, in each language."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from poincon.www.scanner.files import STATIC
from poincon.www.scanner.texts import TEXTS, said_by_the_screen

SCRIPTS = {path.name: path.read_text() for path in (STATIC / "poincon" / "scanner").glob("*.js")}
TEMPLATES = Path(__file__).parents[3] / "poincon" / "www" / "scanner" / "templates"
SAID = re.compile(r"""\bsay\("([\w-]+)"|\bsayMany\("([\w-]+)\"""")
#: Keys that a script puts together: a beginning, and what the engine says of a punch.
MADE = {f"state_{state}" for state in ("confirmed", "waiting", "refused", "annulled")}
FORMS = ("one", "other")


def asked() -> set[str]:
    """The keys that scripts name in so many words."""
    keys = set()
    for source in SCRIPTS.values():
        for single, many in SAID.findall(source):
            keys |= {single} if single else {f"{many}.{form}" for form in FORMS}
    return keys


def test_every_text_that_a_script_says_is_brought_to_it() -> None:
    assert asked()
    assert asked() - set(TEXTS) == set()


def test_no_text_is_brought_for_nothing() -> None:
    named = set(re.findall(r'"([\w-]+)"', "\n".join(SCRIPTS.values())))
    idle = {key for key in TEXTS if key.rpartition(".")[0] not in named and key not in named | MADE}
    assert idle == set()


def test_a_number_has_both_its_forms() -> None:
    roots = {key.rpartition(".")[0] for key in TEXTS if key.endswith(tuple(f".{form}" for form in FORMS))}
    assert roots
    assert {f"{root}.{form}" for root in roots for form in FORMS} <= set(TEXTS)


@pytest.mark.parametrize(("key", "english"), [("passes.one", "%(number)s pass"), ("passes.other", "%(number)s passes")])
def test_the_plural_is_that_of_the_language(key: str, english: str) -> None:
    with translation.override("en"):
        assert said_by_the_screen()[key] == english


def test_the_page_brings_the_texts_of_its_language(client: Client) -> None:
    for language, online in (("fr", "En ligne"), ("en", "On line")):
        page = client.get("/scanner/", headers={"Accept-Language": language}).content.decode()
        found = re.search(r'<script id="scanner-textes" type="application/json">(.*?)</script>', page)
        assert found is not None
        assert json.loads(found[1])["online"] == online


def test_every_piece_that_a_script_copies_is_in_the_page() -> None:
    copied = set(re.findall(r'\bpiece\("(\w+)"\)', "\n".join(SCRIPTS.values())))
    brought = set(re.findall(r'id="piece-(\w+)"', (TEMPLATES / "scanner" / "parts" / "pieces.html").read_text()))
    assert copied == brought
