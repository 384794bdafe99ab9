"""A list as it is declared, and its answer to a request: a page, or a file of everything the filters keep."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import tables
from poincon.kernel.refusals import Refusal, Text
from poincon.www.base.listing.columns import Column, kept_in_csv, kept_in_worksheet
from poincon.www.base.listing.filters import Filters, RowModel, Search
from poincon.www.base.listing.order import ordering
from poincon.www.base.listing.page import FORMAT, SORT, ListPage, cut, searched_words
from poincon.www.base.parts import Empty

ROWS_READ_TOGETHER = 2000
SEARCH_LABEL = _("Chercher dans cette liste")

TOO_MANY_ROWS = Refusal(
    "too_many_rows",
    _("Cette liste compte %(total)s lignes : un classeur n’en contient pas autant."),
    _("Exportez-la en CSV, ou filtrez-la d’abord."),
)
FILTER_NOT_UNDERSTOOD = Refusal(
    "filter_not_understood",
    _("Un filtre n’a pas été compris : rien n’a été exporté, pour ne pas vous donner plus de lignes que voulu."),
    _("Revenez à la liste, corrigez le filtre, puis exportez de nouveau."),
)


@dataclass(frozen=True)
class Listing(Generic[RowModel]):
    """A list, declared once beside its view.

    ``name`` begins the names of exported files. ``order``: the column it is sorted by at first, with ``-`` to begin
    with the last. ``search``: see ``words_in``. ``said``: how many there are, as a sentence (``ngettext`` inside).
    """

    name: str
    columns: tuple[Column[RowModel], ...]
    order: str
    said: Callable[[int], str]
    empty: Empty
    search: Search | None = None
    search_label: Text = SEARCH_LABEL
    filters: Callable[[QueryDict], Filters] | None = None
    #: A telephone shows each row as a card; half a hundred is neither read nor quick.
    per_page: int = 25

    def answer(
        self,
        request: HttpRequest,
        rows: QuerySet[RowModel],
        template: str,
        context: dict[str, Any] | None = None,
        *,
        filters: Callable[[QueryDict], Filters] | None = None,
    ) -> HttpResponseBase:
        """The page ``template``, where the list is ``listing``; or the file that ``?format=`` asks for.

        ``rows`` are those this person may see: scope them before. ``filters`` replaces the declared ones when they
        depend on who asks. The page costs two queries, whatever the number of rows.
        """
        make_filters = filters or self.filters
        form = make_filters(request.GET) if make_filters else None
        kept = self.sorted(self.narrowed(rows, form, request.GET), request.GET.get(SORT, ""))
        wanted = request.GET.get(FORMAT, "")
        if wanted in _FILES:
            if form is not None and not form.is_valid():
                raise FILTER_NOT_UNDERSTOOD.filled()
            return _FILES[wanted](self, kept)
        return render(request, template, {**(context or {}), "listing": self.page(request, kept, form)})

    def narrowed(self, rows: QuerySet[RowModel], form: Filters | None, typed: QueryDict) -> QuerySet[RowModel]:
        """The rows that the search and the filters keep."""
        words = searched_words(typed)
        if self.search and words:
            rows = self.search(rows, words)
        return form.narrow(rows) if form is not None else rows

    def sorted(self, rows: QuerySet[RowModel], asked: str) -> QuerySet[RowModel]:
        """The rows by the column asked for, or by the first order when it is unknown; the key settles what is equal."""
        name = asked if asked.removeprefix("-") in self.sortable() else self.order
        fields = self.sortable()[name.removeprefix("-")]
        return rows.order_by(*ordering(rows, fields, descends=name.startswith("-")))

    def sortable(self) -> dict[str, tuple[str, ...]]:
        return {column.name: column.sort for column in self.columns if column.sort}

    def page(self, request: HttpRequest, rows: QuerySet[RowModel], form: Filters | None) -> ListPage:
        return cut(self, request.GET, rows, form)

    @property
    def shown(self) -> list[Column[RowModel]]:
        return [column for column in self.columns if column.shown]

    @property
    def exported(self) -> list[Column[RowModel]]:
        return [column for column in self.columns if column.exported]


def _csv(listing: "Listing[Any]", rows: QuerySet[Any]) -> HttpResponseBase:
    lines = tables.csv_lines(_headings(listing), _cells(listing, rows, kept_in_csv))
    return StreamingHttpResponse(lines, content_type=tables.CSV, headers=_file_named(listing, "csv"))


def _worksheet(listing: "Listing[Any]", rows: QuerySet[Any]) -> HttpResponseBase:
    total = rows.count()
    if total >= tables.MOST_WORKSHEET_ROWS:
        raise TOO_MANY_ROWS.filled(total=total)
    file = tables.worksheet_file(_headings(listing), _cells(listing, rows, kept_in_worksheet))
    return FileResponse(file, content_type=tables.XLSX, headers=_file_named(listing, "xlsx"))


def _headings(listing: "Listing[Any]") -> list[str]:
    return [str(column.label) for column in listing.exported]


def _cells(listing: "Listing[Any]", rows: QuerySet[Any], kept: Callable[..., Any]) -> Iterator[list[Any]]:
    columns = listing.exported
    for row in rows.iterator(chunk_size=ROWS_READ_TOGETHER):
        yield [kept(column.kind, column.value_of(row)) for column in columns]


def _file_named(listing: "Listing[Any]", extension: str) -> dict[str, str]:
    name = f"{listing.name}-{timezone.localdate():%Y-%m-%d}.{extension}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


_FILES: dict[str, Callable[["Listing[Any]", QuerySet[Any]], HttpResponseBase]] = {"csv": _csv, "xlsx": _worksheet}
