"""A text is refused before the database stops it, with the name of its field."""

from datetime import date

import pytest
from django.utils.translation import override

from poincon.kernel.models import AuditEntry, Job
from poincon.kernel.texts import text_for, text_within, written_day
from tests.refusing import refused


def test_a_text_is_kept_without_the_spaces_around() -> None:
    assert text_for(AuditEntry, "action", "  remise \n") == "remise"


def test_the_longest_text_is_kept() -> None:
    assert text_for(AuditEntry, "action", "é" * 80 + " ") == "é" * 80


def test_one_character_more_is_refused_with_its_field() -> None:
    with refused("text_too_long", match="Action : 81 caractères, le maximum est 80"):
        text_for(AuditEntry, "action", "x" * 81)


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"], ids=["nul", "surrogate"])
def test_what_no_database_keeps_is_refused(text: str) -> None:
    with refused("text_unreadable", match="Motif"):
        text_within(10, "motif", text)


def test_a_column_without_a_longest_text_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match=r"Job\.error"):
        text_for(Job, "error", "x")


@pytest.mark.parametrize(("language", "said"), [("fr", "1er mars 2026"), ("en", "1 March 2026")])
def test_a_day_is_said_in_the_language_of_the_page(language: str, said: str) -> None:
    with override(language):
        assert written_day(date(2026, 3, 1)) == said
