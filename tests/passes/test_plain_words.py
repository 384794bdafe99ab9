"""« Texte simplifié »: sentences under twelve words, one idea each, and one for each thing that may be wrong."""

import re

import pytest

from poincon.passes import refusals
from poincon.passes.plain_words import PLAIN, VALID, plainly

#: What a test of a booklet may answer, whatever the place and the service.
SAID_OF_A_BOOKLET = {
    refusals.UNREADABLE, refusals.WRONG_CHECK_CHARACTER, refusals.UNKNOWN_KEY, refusals.REVOKED_KEY, refusals.FORGED,
    refusals.UNKNOWN_BOOKLET, refusals.POSITION_OUT_OF_RANGE, refusals.BLOCKED, refusals.INERT,
    refusals.NOT_HANDED_OVER, refusals.EXPIRED, refusals.NOT_YET_VALID, refusals.PROGRAMME_SUSPENDED,
    refusals.ALREADY_USED, refusals.NOT_ENOUGH_PASSES,
}  # fmt: skip
SENTENCES = sorted({str(words) for pair in [*PLAIN.values(), (VALID.sentence, VALID.next_step)] for words in pair})
TRADE = ("activ", "lot", "signature", "authenti", "série", "scann", "médiateur", "prescripteur", "dispositif")


def test_everything_that_may_be_wrong_has_its_words() -> None:
    assert set(PLAIN) == SAID_OF_A_BOOKLET


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_short_and_uses_no_word_of_the_trade(sentence: str) -> None:
    assert len(re.findall(r"[\w’-]+", sentence)) < 12
    assert sentence.count(".") == 1
    assert not [word for word in TRADE if word in sentence.lower()]


def test_a_refusal_keeps_its_code() -> None:
    assert plainly(refusals.EXPIRED.filled(day="4 mars 2026")).code == "expired"


def test_a_refusal_without_words_of_its_own_stays_itself() -> None:
    assert plainly(refusals.ABOVE_PRICE) is refusals.ABOVE_PRICE
