"""A few rows to tick among many: those ticked already, then the first that answer the words typed.

The page works without script: a button of the form searches, and nothing ticked or typed is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from django.db.models import QuerySet
from django.http import QueryDict

from poincon.www.base.forms import LONGEST_KEY
from poincon.www.base.listing.filters import RowModel, Search
from poincon.www.base.listing.page import LONGEST_SEARCH

#: What the search field and its button send; how many rows are shown besides those ticked.
WORDS, SEARCHES = "cherche", "chercher"
SHOWN = 20


@dataclass(frozen=True)
class Narrowing(Generic[RowModel]):
    """What is shown of a long choice. ``total``: how many rows there are; ``found``: how many answer the words."""

    words: str
    ticked: Sequence[RowModel]
    rows: Sequence[RowModel]
    total: int
    found: int

    @property
    def is_needed(self) -> bool:
        return self.total > SHOWN

    @property
    def shown(self) -> list[RowModel]:
        return [*self.ticked, *self.rows]

    @property
    def hidden(self) -> int:
        """How many answer the words and are not shown."""
        return self.found - len(self.rows)


def narrowed(rows: QuerySet[RowModel], filled: QueryDict | None, *, name: str, search: Search) -> Narrowing[RowModel]:
    """What to show of ``rows``, whose boxes are the field ``name``; their order is kept."""
    typed = filled if filled is not None else QueryDict()
    words = typed.get(WORDS, "").strip()[:LONGEST_SEARCH]
    keys = [key for key in typed.getlist(name) if key.isdecimal() and len(key) <= LONGEST_KEY]
    ticked = list(rows.filter(pk__in=keys)) if keys else []
    others = rows.exclude(pk__in=[one.pk for one in ticked])
    found = search(others, words).distinct() if words else others
    return Narrowing(words, ticked, list(found[:SHOWN]), rows.count(), found.count())
