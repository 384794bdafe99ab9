"""Charts: what is drawn is what is counted, on a screen and on paper."""

import re
from xml.etree import ElementTree as ET

import pytest

from poincon.kernel.charts import (
    HEIGHT,
    MOST_LABELS,
    PAPER_COLOURS,
    Chart,
    Reference,
    Series,
    Shape,
    draw,
    nice_ceiling,
    shown_labels,
    sparkline,
    table_of,
)

LABELS = ("janvier", "février", "mars")


def chart(*series: Series, shape: Shape = Shape.COLUMNS, reference: Reference | None = None) -> Chart:
    return Chart("essai", "Essai", "Mois", LABELS, series, shape=shape, reference=reference)


def drawn(one: Chart, *, width: int | None = 300) -> ET.Element:
    # The parser would be a risk on a file from elsewhere; this one was just written.
    return ET.fromstring(draw(one, width=width))


def tagged(picture: ET.Element, tag: str) -> list[ET.Element]:
    return [element for element in picture.iter() if element.tag.endswith(tag)]


def test_columns_stand_on_each_other() -> None:
    rects = tagged(drawn(chart(Series("remis", (10, 0, 4)), Series("entamés", (10, 20, 0)))), "rect")
    assert len(rects) == 4
    lower, upper = rects[0], rects[1]
    assert lower.get("x") == upper.get("x")
    assert float(upper.get("y", "")) + float(upper.get("height", "")) == pytest.approx(float(lower.get("y", "")))


def test_a_column_is_as_high_as_its_value() -> None:
    first, second = tagged(drawn(chart(Series("remis", (10, 20, 0)))), "rect")
    assert float(second.get("height", "")) == pytest.approx(2 * float(first.get("height", "")))


def test_a_line_breaks_where_a_value_is_missing() -> None:
    line = drawn(chart(Series("couverture", (100, None, 90)), shape=Shape.LINES))
    assert len(tagged(line, "circle")) == 2
    assert not [one for one in tagged(line, "line") if one.get("stroke-width") == "2"]


def test_the_reference_is_inside_the_picture() -> None:
    pictured = drawn(chart(Series("couverture", (10, 20, 30)), shape=Shape.LINES, reference=Reference("seuil", 500)))
    dashed = next(line for line in tagged(pictured, "line") if line.get("stroke-dasharray"))
    assert 0 < float(dashed.get("y1", "")) < HEIGHT
    assert "seuil" in [text.text for text in tagged(pictured, "text")]


def test_on_a_screen_positions_are_shares_and_colours_are_classes() -> None:
    picture = draw(chart(Series("remis", (1, 2, 3))))
    assert 'class="series-1"' in picture
    assert re.search(r'x="\d+\.\d+%"', picture)
    assert "#" not in picture
    assert " style=" not in picture


def test_on_paper_positions_are_points_and_colours_are_written() -> None:
    picture = draw(chart(Series("remis", (1, 2, 3))), width=400)
    assert PAPER_COLOURS[0] in picture
    assert "%" not in picture
    assert 'class="series' not in picture


def test_a_label_is_never_read_as_markup() -> None:
    one = Chart("essai", "Essai", "Mois", ("<b>&",), (Series("remis", (1,)),), reference=Reference("<i>", 1))
    assert "&lt;b&gt;&amp;" in draw(one)
    assert "<i>" not in draw(one)


def test_the_table_says_what_the_picture_shows() -> None:
    headings, rows = table_of(chart(Series("remis", (1, None, 3))))
    assert headings == ["Mois", "remis"]
    assert rows == [["janvier", 1], ["février", None], ["mars", 3]]


@pytest.mark.parametrize("value", [1, 4, 5, 9, 10, 11, 39, 40, 41, 99, 101, 999, 1_000, 123_456, 10_000_000])
def test_an_axis_ends_at_a_round_number_at_or_above_the_highest(value: int) -> None:
    top = nice_ceiling(value)
    assert value <= top <= max(4, 2 * value)
    assert top % 4 == 0


@pytest.mark.parametrize("number", [0, 1, 5, 6, 7, 12, 24, 365])
def test_there_are_never_more_labels_than_a_telephone_holds(number: int) -> None:
    shown = shown_labels(["x"] * number)
    assert len(shown) <= MOST_LABELS
    assert number == 0 or shown[0] == 0


def test_too_many_series_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="draw several"):
        chart(*(Series(str(rank), (1, 2, 3)) for rank in range(7)))


def test_each_label_has_its_value() -> None:
    with pytest.raises(ValueError, match="one value per label"):
        chart(Series("remis", (1, 2)))


def test_nothing_is_still_a_picture() -> None:
    nothing = Chart("essai", "Essai", "Mois", (), (Series("remis", ()),))
    assert nothing.is_empty
    assert draw(nothing)
    assert sparkline(())


def test_a_sparkline_goes_from_left_to_right_within_its_frame() -> None:
    points = re.search(r'points="([^"]+)"', sparkline((3, 0, 12)))
    assert points is not None
    places = [tuple(map(float, point.split(","))) for point in points[1].split()]
    assert [x for x, _ in places] == [0, 50, 100]
    assert all(0 <= y <= 30 for _, y in places)
    assert places[2][1] < places[0][1] < places[1][1]
