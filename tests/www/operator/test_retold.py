"""An answer kept in one language, read in another."""

import re
from datetime import date
from uuid import UUID

import pytest
from django.conf import settings
from django.utils.translation import override

from poincon.kernel.refusals import Refusal
from poincon.passes import refusals
from poincon.passes.rules import USED_BEFORE, french_day
from poincon.passes.verdicts import Verdict, read_verdict, verdict
from poincon.www.operator.answers import answer_of_test
from poincon.www.operator.retold import retold

#: What refusals are filled with, and how it is said in English.
VALUES = {
    "day": ("1er mars 2026", "1 March 2026"),
    "delay": ("3 jours", "3 days"),
    "fault": ("quelques minutes", "a few minutes"),
}
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def filled(refusal: Refusal, language: str) -> Refusal:
    names = re.findall(r"%\((\w+)\)s", f"{refusal.sentence}{refusal.next_step}")
    with override(language):
        return refusal.filled(**{name: VALUES.get(name, ("12", "12"))[language == "en"] for name in names})


def kept(refusal: Refusal) -> Verdict:
    return read_verdict(verdict(UUID(int=1), refusal))


@pytest.mark.parametrize("refusal", [*refusals.SCAN_REFUSALS, USED_BEFORE], ids=lambda one: one.code)
def test_a_refusal_kept_in_french_is_read_in_english(refusal: Refusal) -> None:
    said = filled(refusal, "en")
    with override("en"):
        told = retold(kept(filled(refusal, "fr")))
    assert (told.message, told.next_step) == (said.sentence, said.next_step)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_has_changed_since_is_said_as_it_was(language: str) -> None:
    old = Refusal(refusals.ALREADY_USED.code, "Déjà pris.", "Prenez-en un autre.")
    with override(language):
        assert retold(kept(old)) == kept(old)


def test_a_test_is_answered_in_the_language_of_the_page() -> None:
    with override("en"):
        # The rules fill a refusal with French days, whatever the language: a scan keeps it so.
        said = answer_of_test(refusals.NOT_YET_VALID.filled(day=french_day(date(2026, 3, 1)))).sentence
    assert "1 March 2026" in str(said)
