"""A colour is called as people call it: a dark yellow is an olive, a dark orange a brown."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from poincon.kernel.colour_names import name_of

#: Colours that have a name of their own, in style sheets or in French.
KNOWN = {
    "#000000": "noir",
    "#ffffff": "blanc",
    "#808080": "gris",
    "#404040": "gris foncé",
    "#d3d3d3": "gris clair",
    "#ff0000": "rouge",
    "#8b0000": "rouge foncé",
    "#6d071a": "rouge foncé",
    "#dc143c": "rouge",
    "#ffc0cb": "rose clair",
    "#ff69b4": "rose",
    "#c2185b": "rose",
    "#ff00ff": "rose",
    "#ffa500": "orange",
    "#ff8c00": "orange",
    "#cc7722": "orange",
    "#a0522d": "brun",
    "#8b4513": "brun",
    "#5c3317": "brun foncé",
    "#f5f5dc": "beige clair",
    "#d2b48c": "beige",
    "#ffff00": "jaune",
    "#ffd700": "jaune",
    "#f0e68c": "jaune clair",
    "#808000": "vert olive",
    "#6b8e23": "vert olive",
    "#816600": "vert olive",
    "#6d6d00": "vert olive",
    "#008000": "vert",
    "#00ff00": "vert",
    "#006400": "vert foncé",
    "#1d3b2f": "vert foncé",
    "#98ff98": "vert clair",
    "#008080": "bleu-vert",
    "#40e0d0": "bleu-vert clair",
    "#0000ff": "bleu",
    "#4682b4": "bleu",
    "#87ceeb": "bleu clair",
    "#000080": "bleu foncé",
    "#1b2a6b": "bleu foncé",
    "#6a5acd": "violet",
    "#4b0082": "violet foncé",
    "#b666d2": "violet",
}


@pytest.mark.parametrize(("colour", "name"), KNOWN.items())
def test_a_known_colour_is_called_by_its_name(colour: str, name: str) -> None:
    assert name_of(colour) == name


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_has_a_name(number: int) -> None:
    assert name_of(f"#{number:06x}")


def test_english_puts_the_light_first() -> None:
    with translation.override("en"):
        assert name_of("#1b2a6b") == "dark blue"
