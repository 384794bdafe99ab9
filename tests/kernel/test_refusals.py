from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils.translation import gettext_lazy, override

from poincon.kernel.refusals import Refusal

TOO_MANY = Refusal("too_many", "Vous demandez %(asked)s pass, il en reste %(left)s.", "Demandez-en %(left)s.")


def test_a_refusal_reads_as_one_text() -> None:
    assert str(Refusal("closed", "Ce lieu est fermé.", "Choisissez-en un autre.")) == (
        "Ce lieu est fermé. Choisissez-en un autre."
    )


def test_a_refusal_without_next_step_ends_with_its_sentence() -> None:
    assert str(Refusal("closed", "Ce lieu est fermé.")) == "Ce lieu est fermé."


def test_filling_puts_values_in_both_sentences_and_keeps_the_code() -> None:
    filled = TOO_MANY.filled(asked=3, left=2)
    assert filled == Refusal("too_many", "Vous demandez 3 pass, il en reste 2.", "Demandez-en 2.")


def test_filling_leaves_the_model_as_it_was() -> None:
    TOO_MANY.filled(asked=3, left=2)
    assert "%(asked)s" in str(TOO_MANY.sentence)


def test_forgetting_a_value_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="left"):
        TOO_MANY.filled(asked=3)


def test_a_refusal_can_be_raised_and_caught() -> None:
    with pytest.raises(Refusal) as caught:
        raise TOO_MANY
    assert caught.value.code == "too_many"


def test_a_lazy_sentence_waits_for_the_language_of_the_reader() -> None:
    refusal = Refusal("yes", gettext_lazy("Yes"))
    with override("fr"):
        assert str(refusal) == "Oui"
    with override("en"):
        assert str(refusal) == "Yes"


@contextmanager
def something_open() -> Iterator[None]:
    yield


def test_a_refusal_crosses_what_is_open() -> None:
    """A context manager writes its traceback on what goes through it, so a refusal cannot be frozen."""
    with pytest.raises(Refusal), something_open():
        raise TOO_MANY


def test_two_refusals_of_the_same_words_are_equal() -> None:
    assert len({TOO_MANY.filled(asked=3, left=2), TOO_MANY.filled(asked=3, left=2)}) == 1
