"""The parts every page is made of. /style/ shows them all with their parameters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from poincon.kernel import charts
from poincon.kernel.charts import Chart
from poincon.kernel.money import NO_BREAK_SPACE
from poincon.kernel.refusals import Text
from poincon.www.base.charts import Bars, Share, written_rows
from poincon.www.base.forms import beginnings
from poincon.www.base.icons import ICONS, POINTING
from poincon.www.base.maps import Map
from poincon.www.base.parts import Empty, Fact, Step, Tab, Tag, Tone
from poincon.www.base.rights import may_open

register = template.Library()


@dataclass(frozen=True)
class Problem:
    """A field in error: where it is, what it is called, what to correct."""

    field_id: str
    label: Text
    sentence: str


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of poincon.www.base.icons, hidden from screen readers: the word beside it speaks."""
    drawn = '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>'
    return format_html(drawn, "icon icon-turns" if name in POINTING else "icon", ICONS[name])


@register.simple_tag
def crumb(label: Text, url_name: str, *arguments: Any) -> SafeString:
    """A page above this one, in the block ``breadcrumbs`` of the working layout."""
    return format_html('<li><a href="{}">{}</a></li>', reverse(url_name, args=arguments), label)


@register.simple_tag
def big_action(url: str, label: Text, icon_name: str = "forward", help: Text = "") -> SafeString:  # noqa: A002  its word
    """The one thing most people come to this page to do."""
    return _drawn("big_action", url=url, label=label, icon_name=icon_name, help=help)


@register.simple_block_tag
def card(content: str, title: Text, id: str = "", punched: bool = False) -> SafeString:  # noqa: A002  the attribute
    """A sheet with its title. ``punched``: the one sheet of a page that matters most carries the mark."""
    return _drawn("card", content=content, title=title, id=id or slugify(str(title)), punched=punched)


@register.simple_tag
def figure(label: Text, value: Any, url: str = "", note: Text = "") -> SafeString:
    """A figure already written, and the list it comes from. Inside ``<dl class="figures">``."""
    return _drawn("figure", label=label, value=value, url=url, note=note)


@register.simple_tag
def tag(label: Tag | Text, tone: str = Tone.QUIET) -> SafeString:
    """A state: a word, its shape, its colour. Takes a ``parts.Tag``, or a word and one of the tones."""
    shown = label if isinstance(label, Tag) else Tag(label, Tone(tone))
    return _tag(str(shown), shown.tone)


@lru_cache(maxsize=500)
def _tag(label: str, tone: Tone) -> SafeString:
    # A list says the same few words on every line, and drawing one costs as much as the rest of its line.
    return SafeString(_drawn("tag", tag=Tag(label, tone)).strip())


@register.simple_tag(takes_context=True)
def empty_state(context: template.Context, empty: Empty) -> SafeString:
    """What a page says while it has nothing to show, and where the guide explains this page.

    The first thing to do is offered to whoever may do it.
    """
    offered = bool(empty.url) and may_open(context["request"], str(empty.url))
    return _drawn("empty", empty=empty, offered=offered, guide_url=context["help_url"])


@register.simple_tag
def stepper(steps: Sequence[Step | Text], current: int) -> SafeString:
    """Where one is in a work of several pages. ``current`` counts from 1; a step behind may carry its address."""
    drawn = [step if isinstance(step, Step) else Step(step) for step in steps]
    return _drawn("stepper", steps=drawn, current=current, now=drawn[current - 1])


@register.simple_tag
def timeline(facts: Iterable[Fact]) -> SafeString:
    """What happened, as a list of dated sentences, in the order given."""
    return _drawn("timeline", facts=facts)


@register.simple_tag
def tabs(items: Iterable[Tab], current: str, label: Text) -> SafeString:
    """Several views of the same thing; ``current``: the address of the one that is open."""
    return _drawn("tabs", tabs=items, current=current, label=label)


@register.simple_tag
def passes(size: int, used: Iterable[int] = (), dead: bool = False) -> SafeString:
    """A booklet seen from above: its passes, punched where they are used. ``dead``: no longer accepted."""
    punched = frozenset(used)
    return _drawn("passes", passes=[(n, n in punched) for n in range(1, size + 1)], dead=dead)


@register.simple_tag
def draw_chart(chart: Chart, exports: bool = True) -> SafeString:
    """A chart, its legend and its table. ``exports``: False when the view does not call ``chart_file``."""
    headings, rows = written_rows(chart)
    picture = SafeString(charts.draw(chart))
    return _drawn("chart", chart=chart, picture=picture, headings=headings, rows=rows, exports=exports)


@register.simple_tag
def draw_bars(ranking: Bars) -> SafeString:
    """A ranking: each line with its bar, its number, and the list behind it."""
    return _drawn("bars", ranking=ranking)


@register.simple_tag
def draw_shares(title: Text, shares: Sequence[Share]) -> SafeString:
    """A whole cut into shares (basis points): who pays what."""
    starts = [sum(share.share_bp for share in shares[:rank]) for rank in range(len(shares))]
    parts = [
        {
            "share": share,
            "start": f"{start / 100:.2f}",
            "width": f"{share.share_bp / 100:.2f}",
            "written": _percent(share),
        }
        for share, start in zip(shares, starts, strict=True)
    ]
    return _drawn("shares", title=title, parts=parts)


@register.simple_tag
def draw_map(map: Map, table: bool = True) -> SafeString:  # noqa: A002  its word
    """A map and its table (``table``: False when the page lists the same places below).

    The page loads ``components/map_scripts.html`` in its block ``scripts``, and leaflet.css in its block ``styles``.
    """
    return _drawn("map", map=map, map_id=f"carte-{map.name}", table=table)


@register.simple_tag
def sparkline(values: Sequence[int]) -> SafeString:
    """The run of a figure, beside it."""
    return SafeString(charts.sparkline(values))


def _percent(share: Share) -> str:
    written = f"{share.share_bp / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{written}{NO_BREAK_SPACE}%"


@register.simple_tag
def camera_for(field: forms.BoundField, label: Text, looking: Text, added: Text = "") -> SafeString:
    """The camera beside a field that takes the text of a code: the first one read fills it and sends the form.

    ``looking``: what to aim at. With ``added`` (« chéquiers ajoutés »), each new code adds a line to the field instead,
    and they are counted in this word. The page loads ``poincon/camera_field.js`` as a module.
    """
    return _drawn("camera", field=field, label=label, looking=looking, added=added)


@register.simple_tag
def form_errors(form: forms.BaseForm) -> SafeString:
    """The summary above a form: every field to correct, with a link to it. Nothing while there is none.

    What is about no field is said there only: the form drawn below does not say it again.
    """
    form.problems_are_told = True  # type: ignore[attr-defined]  # read by django/forms/div.html
    return _summed_up(list(_problems(form)))


@register.simple_tag
def rows_errors(rows: Iterable[forms.BaseForm], label: Text) -> SafeString:
    """The same above rows of one kind: each fault says of which row it is, as their legends do (« Financeur 2 »)."""
    problems = [
        replace(problem, label=f"{label} {rank}, {problem.label}" if problem.label else f"{label} {rank}")
        for rank, form in enumerate(rows, start=1)
        for problem in _problems(form)
    ]
    return _summed_up(problems)


def _summed_up(problems: list[Problem]) -> SafeString:
    return _drawn("form_errors", problems=problems, to_correct=sum(bool(problem.label) for problem in problems))


def _problems(form: forms.BaseForm) -> Iterable[Problem]:
    if not form.is_bound:
        return
    for name, errors in form.errors.items():
        field = form[name] if name in form.fields else None
        label = str(field.label) if field else ""
        for error in errors:
            yield Problem(_first_id(field), label, _once(str(error), label))


def _once(error: str, label: str) -> str:
    """A refusal of the domain begins with the name of the field: the summary links it, and says it once."""
    named = next((start for start in beginnings(label) if error.startswith(start)), "")
    return error.removeprefix(named)


def _first_id(field: forms.BoundField | None) -> str:
    if field is None:
        return ""
    # The label of a group of choices belongs to no input: the first one is where to go.
    return field.id_for_label or (f"{field.auto_id}_0" if field.use_fieldset else str(field.auto_id))


def _drawn(component: str, **context: Any) -> SafeString:
    return SafeString(render_to_string(f"components/{component}.html", context))
