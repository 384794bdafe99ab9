"""Sentences say what is true, and dates are written as on paper."""

from datetime import date

import pytest

from poincon.passes import refusals
from poincon.passes.rules import french_day
from poincon.passes.services.hand_over import OUT_OF_DATE


@pytest.mark.parametrize(
    ("day", "written"), [(date(2025, 3, 1), "1er mars 2025"), (date(2025, 3, 4), "4 mars 2025")], ids=str
)
def test_a_day_in_a_sentence_is_written_as_on_paper(day: date, written: str) -> None:
    assert french_day(day) == written


def test_an_end_of_validity_names_the_last_valid_day() -> None:
    """ "Plus valable depuis" the last day it was valid was one day off."""
    assert str(refusals.EXPIRED.filled(day="4 mars 2025").sentence) == "Ce pass était valable jusqu’au 4 mars 2025."
    assert "était valable jusqu’au 4 mars" in str(OUT_OF_DATE.filled(day="4 mars", number="1").sentence)


def test_a_wrong_number_does_not_say_which_character_is_wrong() -> None:
    """The check character tells that there is an error, never where; and it may be a digit."""
    assert "lettre" not in str(refusals.WRONG_CHECK_CHARACTER)
    assert "derni" not in str(refusals.WRONG_CHECK_CHARACTER)
