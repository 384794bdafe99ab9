"""The English catalogue is complete, and the tool that keeps it so finds what it must."""

import gettext
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from scripts import messages


def test_every_text_of_the_screens_is_translated() -> None:
    found = messages.problems()
    assert not found, f"{len(found)} to mend, the first: {found[:20]}"


def test_texts_are_looked_up_by_names_that_the_catalogue_reads() -> None:
    renamed = re.compile(r"\bn?p?gettext(?:_lazy|_noop)? as (\w+)")
    for path in messages.SOURCE.rglob("*.py"):
        unread = set(renamed.findall(path.read_text(encoding="utf-8"))) - messages.KEYWORDS.keys()
        assert not unread, f"{path}: what {unread} say stays French in every language"


def test_a_template_gives_the_texts_it_looks_up() -> None:
    source = """{% load i18n %}{% translate "Dix % de plus" %}{{ _("Sur place") }}
    {% if a %}{% blocktranslate trimmed count n=n %}
        Un pass
      {% plural %}
        {{ n }} pass
    {% endblocktranslate %}{% endif %}{% translate "Mai" context "month" %}"""
    assert set(messages.of_template(source)) == {
        ("Dix %% de plus", None),
        ("Sur place", None),
        (("Un pass", "%(n)s pass"), None),
        ("Mai", "month"),
    }


def test_texts_inside_our_own_tags_are_found() -> None:
    source = '{% load components i18n %}{% card "Titre" %}{% if a %}{% translate "Dedans" %}{% endif %}{% endcard %}'
    assert list(messages.of_template(source)) == [("Dedans", None)]


def entry(string: str | tuple[str, ...], *, french: str | tuple[str, str] = "Il reste %(left)s pass") -> list[str]:
    return list(messages.faults(Message(french, string)))


@pytest.mark.parametrize(
    ("string", "fault"),
    [
        ("", "not translated"),
        ("Some passes are left", "forgets a value"),
        ("%(last)s passes left", "names a value"),
        ("%(left)s passes left\n", "new line"),
    ],
)
def test_a_faulty_translation_is_found(string: str, fault: str) -> None:
    assert any(fault in found for found in entry(string))


def test_a_good_translation_has_no_fault() -> None:
    assert entry("%(left)s passes left") == []
    assert entry(("One pass", "%(n)s passes"), french=("Un pass", "%(n)s pass")) == []


def test_a_missing_plural_is_found() -> None:
    assert entry(("One pass", ""), french=("Un pass", "%(n)s pass")) == ["not translated"]


def test_a_fuzzy_translation_is_found() -> None:
    assert "fuzzy" in list(messages.faults(Message("Bonjour", "Hello", flags=["fuzzy"])))


def test_merging_keeps_what_is_translated_and_drops_what_is_gone() -> None:
    found, known = Catalog(locale="en"), Catalog(locale="en")
    found.add("Bonjour")
    found.add("Au revoir")
    known.add("Bonjour", "Hello")
    known.add("Adieu", "Farewell")
    assert {key[0]: message.string for key, message in messages.messages(messages.merged(found, known)).items()} == {
        "Bonjour": "Hello",
        "Au revoir": None,
    }


def test_what_is_compiled_is_read_back() -> None:
    catalog = Catalog(locale="en")
    catalog.add(("Un pass", "%(n)s pass"), ("One pass", "%(n)s passes"))
    read = gettext.GNUTranslations(BytesIO(messages.as_mo(catalog)))
    assert read.ngettext("Un pass", "%(n)s pass", 2) == "%(n)s passes"


def test_translations_are_put_in_from_the_list_of_what_is_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Catalog(locale="en")
    found.add("Bonjour")
    found.add(("Un pass", "%(n)s pass"))
    monkeypatch.setattr(messages, "extracted", lambda: found)
    for name in ("FOLDER", "WRITTEN", "COMPILED"):
        monkeypatch.setattr(messages, name, tmp_path / name.lower() if name != "FOLDER" else tmp_path)
    monkeypatch.setattr(messages, "FRENCH_PLURALS", tmp_path / "fr" / "django.mo")
    asked = messages.todo()
    assert [entry["id"] for entry in asked] == ["Bonjour", ["Un pass", "%(n)s pass"]]
    asked[0]["text"], asked[1]["text"] = "Hello", ["One pass", "%(n)s passes"]
    messages.fill(asked)
    assert messages.todo() == []
    assert messages.problems() == []
    messages.COMPILED.write_bytes(b"")
    assert messages.problems() == ["django.mo is not django.po compiled (make messages)"]
    messages.COMPILED.write_bytes(messages.as_mo(messages.written()))
    messages.FRENCH_PLURALS.write_bytes(b"")
    assert messages.problems() == ["the French plurals are not those of django.po (make messages)"]


def test_zero_is_singular_in_french() -> None:
    catalog = Catalog(locale="en")
    catalog.add("Bonjour", "Hello")
    catalog.add(("%(n)s lieu", "%(n)s lieux"), ("%(n)s place", "%(n)s places"))
    read = gettext.GNUTranslations(BytesIO(messages.as_mo(messages.french_plurals(catalog))))
    assert [read.ngettext("%(n)s lieu", "%(n)s lieux", n) for n in (0, 1, 2)] == [
        *["%(n)s lieu", "%(n)s lieu"],
        "%(n)s lieux",
    ]
