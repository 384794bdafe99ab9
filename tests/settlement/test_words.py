"""Amounts in words: what schools and banks write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poincon.settlement.words import amount_in_words, number_in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zéro"),
        (16, "seize"),
        (17, "dix-sept"),
        (21, "vingt et un"),
        (22, "vingt-deux"),
        (61, "soixante et un"),
        (70, "soixante-dix"),
        (71, "soixante et onze"),
        (77, "soixante-dix-sept"),
        (80, "quatre-vingts"),
        (81, "quatre-vingt-un"),
        (90, "quatre-vingt-dix"),
        (91, "quatre-vingt-onze"),
        (99, "quatre-vingt-dix-neuf"),
        (100, "cent"),
        (101, "cent un"),
        (180, "cent quatre-vingts"),
        (200, "deux cents"),
        (201, "deux cent un"),
        (1000, "mille"),
        (1999, "mille neuf cent quatre-vingt-dix-neuf"),
        (2000, "deux mille"),
        (80_000, "quatre-vingt mille"),
        (200_000, "deux cent mille"),
        (1_000_000, "un million"),
        (80_000_000, "quatre-vingts millions"),
        (1_234_567, "un million deux cent trente-quatre mille cinq cent soixante-sept"),
        (2_000_000_001, "deux milliards un"),
    ],
)
def test_numbers_are_written_as_taught(number: int, words: str) -> None:
    assert number_in_words(number) == words


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "zéro euro"),
        (100, "un euro"),
        (1050, "dix euros et cinquante centimes"),
        (1, "zéro euro et un centime"),
        (100_000_000, "un million d’euros"),
        (200_000_100, "deux millions un euros"),
        (123_450, "mille deux cent trente-quatre euros et cinquante centimes"),
    ],
)
def test_amounts_are_written_as_at_the_foot_of_a_statement(cents: int, words: str) -> None:
    assert amount_in_words(cents) == words


@pytest.mark.parametrize("cents", [-1, 10**12])
def test_there_are_no_words_for_debts_and_fortunes(cents: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        amount_in_words(cents)


@given(st.lists(st.integers(0, 10**10 - 1), min_size=2, max_size=50, unique=True))
def test_two_numbers_never_share_their_words(numbers: list[int]) -> None:
    assert len({number_in_words(number) for number in numbers}) == len(numbers)
