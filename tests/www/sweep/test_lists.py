"""Every list of the site, found by its page: sorted by each of its columns, and in its files."""

import csv
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from poincon.www.base.listing.page import ListPage
from tests.site_map import known_pages
from tests.visits import visits
from tests.world.standing import Standing

# What the engines sort differently is in tests/www/test_listing_order.py.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

#: The site has more; fewer found would mean that this test no longer finds them.
FEWEST = 24


class Found(NamedTuple):
    """A list that has rows, and somebody who may open it."""

    path: str
    client: Client

    def page(self, **asked: str) -> ListPage:
        context: Any = self.client.get(self.path, asked).context
        shown: ListPage = context["listing"]
        return shown

    def file(self, kind: str) -> bytes:
        response: Any = self.client.get(self.path, {"format": kind})
        return b"".join(response.streaming_content)


def lists(full: Standing) -> Iterator[Found]:
    """The lists of pages without arguments, each with the first person whose list is not empty."""
    for address in known_pages():
        for visit in [] if address.arguments else visits(address, full.world):
            found = Found(visit.path, full.client(visit.person))
            context = found.client.get(visit.path).context
            shown = context.get("listing") if context else None
            if not isinstance(shown, ListPage):
                break
            if shown.total and "?" not in visit.path:
                yield found
                break


def cells(shown: ListPage, column: str) -> list[bool]:
    """Whether each row says something in this column."""
    return [
        bool(cell.text or cell.column.template)
        for line in shown.rows
        for cell in line.cells
        if cell.column.name == column
    ]


def test_every_list_is_sorted_by_each_of_its_columns_and_said_whole_in_its_files(full: Standing) -> None:
    found = list(lists(full))
    assert len(found) >= FEWEST
    for one in found:
        first = one.page()
        for order in [choice.value for choice in first.sort_choices if not choice.value.startswith("-")]:
            shown = one.page(tri=order)
            filled = cells(shown, order)
            assert (shown.total, len(filled)) == (first.total, len(first.rows)), f"{one.path} {order}"
            assert filled == sorted(filled, reverse=True), f"{one.path} {order}: empty cells come last"
        lines = list(csv.reader(io.StringIO(one.file("csv").decode("utf-8-sig")), delimiter=";"))
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(one.file("xlsx"))).get_sheet_by_index(0).to_python()
        assert len(lines) == len(sheet) == first.total + 1, one.path
        assert lines[0] == sheet[0] == list(dict.fromkeys(lines[0])), f"{one.path}: two columns of a file share a name"
