"""Charts on a page: their legend, their table, the files of their figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse

from poincon.kernel import tables
from poincon.kernel.charts import Chart, Unit, table_of
from poincon.kernel.refusals import Text
from poincon.www.base.listing import Kind
from poincon.www.base.listing.columns import kept_in_csv, kept_in_worksheet

CHART, FORMAT = "graphique", "format"


@dataclass(frozen=True)
class Bar:
    """A line of a ranking: a word, a number, and the list behind it."""

    label: Text
    value: int
    url: str = ""


@dataclass(frozen=True)
class Bars:
    """A ranking drawn inside its own table. ``whole``: what a full bar is worth; the largest value without it."""

    title: Text
    heading: Text
    unit: Text
    bars: Sequence[Bar]
    whole: int | None = None

    @property
    def full(self) -> int:
        return self.whole or max((bar.value for bar in self.bars), default=0) or 1


@dataclass(frozen=True)
class Share:
    label: Text
    #: In basis points.
    share_bp: int
    note: Text = ""


def written_rows(chart: Chart) -> tuple[list[str], list[tuple[str, list[tuple[str, str]]]]]:
    """The table of a chart as a page writes it: headings, then each label with (heading, value)."""
    headings, rows = table_of(chart)
    return headings, [
        (str(label), [(heading, _written(chart, value)) for heading, value in zip(headings[1:], values, strict=True)])
        for label, *values in rows
    ]


def chart_file(request: HttpRequest, charts: Iterable[Chart]) -> HttpResponseBase | None:
    """The file of the chart that the address asks for (``?graphique=…&format=csv`` or ``xlsx``); None otherwise.

    A view of charts begins with it: ``if file := chart_file(request, charts): return file``.
    """
    wanted = next((chart for chart in charts if chart.name == request.GET.get(CHART)), None)
    if wanted is None:
        return None
    headings, rows = table_of(wanted)
    kind = Kind.EUROS if wanted.unit is Unit.EUROS else Kind.NUMBER
    if request.GET.get(FORMAT) == "xlsx":
        kept = [[label, *(kept_in_worksheet(kind, value) for value in values)] for label, *values in rows]
        content = tables.worksheet_file(headings, kept)
        return FileResponse(content, content_type=tables.XLSX, headers=_named(wanted, "xlsx"))
    lines = tables.csv_lines(
        headings, ([label, *(kept_in_csv(kind, value) for value in values)] for label, *values in rows)
    )
    return StreamingHttpResponse(lines, content_type=tables.CSV, headers=_named(wanted, "csv"))


def _written(chart: Chart, value: Any) -> str:
    return "" if value is None else chart.unit.written(value)


def _named(chart: Chart, extension: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{chart.name}.{extension}"'}
