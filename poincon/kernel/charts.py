"""Charts drawn as SVG here, in a millisecond: columns, lines, shares, sparklines, on a screen and on paper.

On a screen positions are percentages, so that a chart takes the width there is while its words keep their size, and
colours are classes of the style sheet. On paper (``width`` given) positions are points and colours are written down.
A chart is an ornament of its table: whoever draws one shows its table too (``table_of``).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import pairwise

from poincon.kernel.documents.french import count
from poincon.kernel.money import NO_BREAK_SPACE, euros
from poincon.kernel.refusals import Text

#: Colours on paper, in the order of the series; on a screen tokens.css says them (series-1, series-2…).
PAPER_COLOURS = ("#1b2a6b", "#a4552a", "#7a7f99", "#1d6440", "#c9a66b", "#4c5372")
MOST_SERIES = len(PAPER_COLOURS)
MOST_LABELS = 6
HEIGHT, TOP, BOTTOM = 240, 22, 28
GRID_LINES = 4
#: Where an axis may end, times ten, a hundred… as long as its quarters are whole.
CEILINGS = (4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40)
ON_PAPER = 'xmlns="http://www.w3.org/2000/svg" font-family="Atkinson Hyperlegible" font-size="12"'
#: The part of its slot that a column fills.
COLUMN_FILL = 0.72


class Shape(StrEnum):
    #: Series stacked on each other, one column per label.
    COLUMNS = "columns"
    #: One line per series; a missing value (None) breaks it.
    LINES = "lines"


class Unit(StrEnum):
    """What a value counts; an amount is in cents."""

    COUNT = "count"
    EUROS = "euros"
    PERCENT = "percent"

    def written(self, value: int) -> str:
        """A value as people read it."""
        return _WRITTEN[self](value)


_WRITTEN: dict[Unit, Callable[[int], str]] = {
    Unit.COUNT: count,
    Unit.EUROS: euros,
    Unit.PERCENT: lambda value: f"{count(value)}{NO_BREAK_SPACE}%",
}


@dataclass(frozen=True)
class Series:
    label: Text
    values: Sequence[int | None]


@dataclass(frozen=True)
class Reference:
    """A value worth comparing with: a target, the red line of a rule."""

    label: Text
    value: int


@dataclass(frozen=True)
class Chart:
    """What is drawn. ``name`` stands in addresses; ``heading`` names what the labels are (``Mois``)."""

    name: str
    title: Text
    heading: Text
    labels: Sequence[Text]
    series: Sequence[Series]
    shape: Shape = Shape.COLUMNS
    unit: Unit = Unit.COUNT
    reference: Reference | None = None

    def __post_init__(self) -> None:
        if len(self.series) > MOST_SERIES:
            raise ValueError(f"a chart of more than {MOST_SERIES} series cannot be read: draw several")
        if any(len(series.values) != len(self.labels) for series in self.series):
            raise ValueError("each series has one value per label")

    @property
    def is_empty(self) -> bool:
        return not any(value for series in self.series for value in series.values)


@dataclass(frozen=True)
class Canvas:
    """Where one draws: ``width`` in points on paper, None on a screen."""

    highest: int
    slots: int
    width: int | None = None

    def x(self, share: float) -> str:
        """A horizontal position, from 0 (left) to 1 (right)."""
        return f"{share * 100:.2f}%" if self.width is None else f"{share * self.width:.1f}"

    def y(self, value: float) -> float:
        """A height: 0 at the bottom, the highest value at the top."""
        return HEIGHT - BOTTOM - value / self.highest * (HEIGHT - TOP - BOTTOM)

    def middle(self, slot: int) -> float:
        return (slot + 0.5) / self.slots

    def paint(self, rank: int) -> str:
        return f'class="series-{rank + 1}"' if self.width is None else f'fill="{PAPER_COLOURS[rank]}"'

    def stroke(self, rank: int) -> str:
        if self.width is None:
            return f'class="line-{rank + 1}"'
        return f'stroke="{PAPER_COLOURS[rank]}" stroke-width="2" fill="none"'


def draw(chart: Chart, *, width: int | None = None) -> str:
    """The chart as an SVG picture, without title nor legend. ``width`` in points for paper, none for a screen."""
    canvas = Canvas(nice_ceiling(_highest(chart)), max(len(chart.labels), 1), width)
    size = 'width="100%"' if width is None else f'width="{width}" {ON_PAPER}'
    body = "".join([*_grid(chart, canvas), *_SHAPES[chart.shape](chart, canvas), *_reference(chart, canvas)])
    return f'<svg class="chart" {size} height="{HEIGHT}" aria-hidden="true" focusable="false">{body}</svg>'


def sparkline(values: Sequence[int]) -> str:
    """The run of a figure, as wide as a word: for a screen, beside the figure itself."""
    highest = max(values, default=0) or 1
    step = 100 / max(len(values) - 1, 1)
    points = " ".join(f"{rank * step:.1f},{28 - value / highest * 26:.1f}" for rank, value in enumerate(values))
    return (
        '<svg class="sparkline" viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<polyline points="{points}"/></svg>'
    )


def table_of(chart: Chart) -> tuple[list[str], list[list[str | int | None]]]:
    """The headings and rows behind a chart: the label, then one value per series (as it is, not yet written)."""
    headings = [str(chart.heading), *(str(series.label) for series in chart.series)]
    rows: list[list[str | int | None]] = [
        [str(label), *(series.values[rank] for series in chart.series)] for rank, label in enumerate(chart.labels)
    ]
    return headings, rows


def nice_ceiling(value: int) -> int:
    """The round number at or above ``value`` at which an axis ends, so that its quarters are round too."""
    unit = 1
    while CEILINGS[-1] * unit < value:
        unit *= 10
    return next(step * unit for step in CEILINGS if step * unit >= value and step * unit % GRID_LINES == 0)


def shown_labels(labels: Sequence[Text], most: int = MOST_LABELS) -> list[int]:
    """The ranks of the labels there is room for on a telephone, evenly spaced from the first."""
    step = math.ceil(len(labels) / most) or 1
    return list(range(0, len(labels), step))


def _highest(chart: Chart) -> int:
    stacked = [
        sum(value or 0 for value in values)
        if chart.shape is Shape.COLUMNS
        else max((v or 0 for v in values), default=0)
        for values in zip(*(series.values for series in chart.series), strict=True)
    ]
    return max([*stacked, chart.reference.value if chart.reference else 0, 1])


def _grid(chart: Chart, canvas: Canvas) -> Iterator[str]:
    for rank in range(GRID_LINES + 1):
        value = canvas.highest * rank // GRID_LINES
        y = canvas.y(value)
        kind = "axis" if rank == 0 else "grid"
        yield f'<line class="{kind}" x1="0" x2="{canvas.x(1)}" y1="{y:.1f}" y2="{y:.1f}" {_plain(canvas, "#d8cfbb")}/>'
        if rank:
            yield f'<text x="0" y="{y - 4:.1f}">{escape(chart.unit.written(value))}</text>'
    for rank in shown_labels(chart.labels):
        place = f'x="{canvas.x(canvas.middle(rank))}" y="{HEIGHT - 8}" text-anchor="middle"'
        yield f"<text {place}>{escape(str(chart.labels[rank]))}</text>"


def _columns(chart: Chart, canvas: Canvas) -> Iterator[str]:
    wide = COLUMN_FILL / canvas.slots
    for slot in range(len(chart.labels)):
        below = 0
        for rank, series in enumerate(chart.series):
            value = series.values[slot] or 0
            if value:
                top, bottom = canvas.y(below + value), canvas.y(below)
                place = f'x="{canvas.x(canvas.middle(slot) - wide / 2)}" y="{top:.1f}"'
                size = f'width="{canvas.x(wide)}" height="{bottom - top:.1f}"'
                yield f"<rect {place} {size} {canvas.paint(rank)}/>"
            below += value


def _lines(chart: Chart, canvas: Canvas) -> Iterator[str]:
    for rank, series in enumerate(chart.series):
        known = [(slot, value) for slot, value in enumerate(series.values) if value is not None]
        for (slot, value), (after, higher) in pairwise(known):
            if after == slot + 1:
                start = f'x1="{canvas.x(canvas.middle(slot))}" y1="{canvas.y(value):.1f}"'
                end = f'x2="{canvas.x(canvas.middle(after))}" y2="{canvas.y(higher):.1f}"'
                yield f"<line {start} {end} {canvas.stroke(rank)}/>"
        for slot, value in known:
            place = f'cx="{canvas.x(canvas.middle(slot))}" cy="{canvas.y(value):.1f}" r="3.5"'
            yield f"<circle {place} {canvas.paint(rank)}/>"


def _reference(chart: Chart, canvas: Canvas) -> Iterator[str]:
    if chart.reference is None:
        return
    y = canvas.y(chart.reference.value)
    line = f'x1="0" x2="{canvas.x(1)}" y1="{y:.1f}" y2="{y:.1f}"'
    yield f'<line class="reference" {line} {_plain(canvas, "#a01f2b", dashes=True)}/>'
    place = f'x="{canvas.x(1)}" y="{y - 5:.1f}" text-anchor="end"'
    yield f'<text class="reference-label" {place}>{escape(str(chart.reference.label))}</text>'


def _plain(canvas: Canvas, colour: str, *, dashes: bool = False) -> str:
    if canvas.width is None:
        return ""
    return f'stroke="{colour}"' + (' stroke-dasharray="6 4"' if dashes else "")


_SHAPES: dict[Shape, Callable[[Chart, Canvas], Iterator[str]]] = {Shape.COLUMNS: _columns, Shape.LINES: _lines}
