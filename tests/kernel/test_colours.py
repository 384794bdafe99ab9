import pytest
from hypothesis import given
from hypothesis import strategies as st

from poincon.kernel.colours import WHITE, contrast, is_colour, nearest_darker, nearest_lighter

PAPER, NIGHT = "#efe9db", "#181f42"
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#000000", 21.0), ("#ffffff", 1.0), ("#767676", 4.54), ("#777777", 4.48)]
)
def test_contrast_is_that_of_the_standard(colour: str, ratio: float) -> None:
    assert contrast(colour, WHITE) == pytest.approx(ratio, abs=0.005)
    assert contrast(WHITE, colour) == contrast(colour, WHITE)


@given(colours)
def test_the_nearest_colour_can_always_be_read(colour: str) -> None:
    assert contrast(nearest_darker(colour, on=PAPER), PAPER) >= 4.5
    assert contrast(nearest_lighter(colour, on=NIGHT, least=9), NIGHT) >= 9


@given(colours)
def test_the_nearest_colour_is_no_further_than_needed(colour: str) -> None:
    if contrast(colour, PAPER) < 4.5:
        # One step of a channel is the finest that a screen shows.
        assert contrast(nearest_darker(colour, on=PAPER), PAPER) < 4.75


def test_a_colour_that_can_be_read_is_left_alone() -> None:
    assert nearest_darker("#1b2a6b", on=PAPER) == "#1b2a6b"
    assert nearest_lighter("#ffffff", on=NIGHT) == "#ffffff"


@pytest.mark.parametrize("text", ["bleu", "#12", "#12345g", "123456", "#1234567", ""])
def test_what_is_not_a_colour_is_known(text: str) -> None:
    assert not is_colour(text)
