"""One page of a list, ready to be drawn by ``components/listing.html``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Text
from poincon.www.base.listing.columns import Column, Kind, written
from poincon.www.base.listing.filters import ActiveFilter, Filters
from poincon.www.base.parts import Empty
from poincon.www.templatetags.components import tag

if TYPE_CHECKING:
    from poincon.www.base.listing.listing import Listing

SEARCH, SORT, PAGE, FORMAT = "q", "tri", "page", "format"
#: Nobody types more to find a row; a database refuses a pattern of 50,000 signs.
LONGEST_SEARCH = 200
NOTHING = "–"
_SHAPES = {Kind.DAY: "whole", Kind.MOMENT: "moment"}


def searched_words(asked: QueryDict) -> str:
    """What was typed in the search field, cut where it stops being a search."""
    return asked.get(SEARCH, "").strip()[:LONGEST_SEARCH]


@dataclass(frozen=True)
class Heading:
    column: Column[Any]
    #: The address that sorts by this column, the other way round when it does already; empty if it cannot.
    url: str
    #: ``ascending``, ``descending`` or nothing, as aria-sort wants it.
    direction: str


@dataclass(frozen=True)
class Cell:
    column: Column[Any]
    value: Any
    text: str
    url: str

    @property
    def shape(self) -> str:
        """The classes of its cell: figures at the end, a day on one line, a moment on two, where there is nothing."""
        words = (
            "end" if self.column.aligned_end else "",
            _SHAPES.get(self.column.kind, ""),
            "" if self.text or self.column.template else "none",
        )
        return " ".join(filter(None, words))

    @property
    def drawn(self) -> str:
        """What is in a cell without a template of its own. In Python: a page holds hundreds of them."""
        if self.column.kind is Kind.TAG and self.value is not None:
            return tag(self.value)
        if self.url:
            return format_html('<a href="{}">{}</a>', self.url, self.text or NOTHING)
        return self.text or NOTHING


@dataclass(frozen=True)
class ListRow:
    row: Any
    cells: Sequence[Cell]


@dataclass(frozen=True)
class SortChoice:
    value: str
    label: Text
    chosen: bool


@dataclass(frozen=True)
class Removable:
    """A filter in force, and the address without it."""

    filter: ActiveFilter
    url: str


@dataclass(frozen=True)
class Pages:
    """Where one is among the pages of a list, and the addresses beside (``components/pagination.html``)."""

    number: int
    total: int
    previous_url: str
    next_url: str


@dataclass(frozen=True)
class ListPage:
    """What the template draws. Addresses begin with ``?`` and keep the rest of what was asked."""

    headings: Sequence[Heading]
    rows: Sequence[ListRow]
    total: int
    said: str
    form: Filters | None
    searched: str
    unsearched_url: str
    search_label: Text
    is_searchable: bool
    sort_choices: Sequence[SortChoice]
    active: Sequence[Removable]
    empty: Empty
    pages: Pages
    csv_url: str
    xlsx_url: str

    @property
    def is_narrowed(self) -> bool:
        return bool(self.active or self.searched or (self.form and self.form.errors))


def cut(listing: "Listing[Any]", asked: QueryDict, rows: QuerySet[Any], form: Filters | None) -> ListPage:
    """The page of ``rows`` that the address asks for; the nearest one when it does not exist."""
    page = Paginator(rows, listing.per_page).get_page(asked.get(PAGE))
    order = asked.get(SORT, "")
    order = order if order.removeprefix("-") in listing.sortable() else listing.order
    total = page.paginator.count
    return ListPage(
        headings=[_heading(column, asked, order) for column in listing.shown],
        rows=[ListRow(row, [_cell(column, row) for column in listing.shown]) for row in page.object_list],
        total=total,
        said=listing.said(total),
        form=form,
        searched=searched_words(asked) if listing.search else "",
        unsearched_url=_url(asked, **{SEARCH: "", PAGE: ""}),
        search_label=listing.search_label,
        is_searchable=listing.search is not None,
        sort_choices=_sort_choices(listing, order),
        active=_removables(form, asked),
        empty=listing.empty,
        pages=pages_around(page, asked),
        csv_url=_url(asked, **{FORMAT: "csv", PAGE: ""}),
        xlsx_url=_url(asked, **{FORMAT: "xlsx", PAGE: ""}),
    )


def pages_around(page: Page[Any], asked: QueryDict) -> Pages:
    """The pages before and after this one, with the rest of what was asked."""
    return Pages(page.number, page.paginator.num_pages, _page_url(asked, page, -1), _page_url(asked, page, +1))


def _cell(column: Column[Any], row: Any) -> Cell:
    value = column.value_of(row)
    return Cell(column, value, written(column.kind, value), column.link(row) if column.link else "")


def _heading(column: Column[Any], asked: QueryDict, order: str) -> Heading:
    if not column.sort:
        return Heading(column, "", "")
    is_sorted, descends = order.removeprefix("-") == column.name, order.startswith("-")
    other_way = f"-{column.name}" if is_sorted and not descends else column.name
    direction = ("descending" if descends else "ascending") if is_sorted else ""
    return Heading(column, _url(asked, **{SORT: other_way, PAGE: ""}), direction)


def _sort_choices(listing: "Listing[Any]", order: str) -> list[SortChoice]:
    ways = ((_("%(column)s, croissant"), ""), (_("%(column)s, décroissant"), "-"))
    return [
        SortChoice(f"{sign}{column.name}", str(label) % {"column": column.label}, order == f"{sign}{column.name}")
        for column in listing.shown
        if column.sort
        for label, sign in ways
    ]


def _removables(form: Filters | None, asked: QueryDict) -> list[Removable]:
    if form is None:
        return []
    return [Removable(active, _url(asked, **{active.name: "", PAGE: ""})) for active in form.active()]


def _page_url(asked: QueryDict, page: Page[Any], step: int) -> str:
    number = page.number + step
    return _url(asked, **{PAGE: str(number)}) if 1 <= number <= page.paginator.num_pages else ""


def _url(asked: QueryDict, **changes: str) -> str:
    """The same question with these parameters changed, or taken out when empty."""
    changed = asked.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return f"?{changed.urlencode()}"
