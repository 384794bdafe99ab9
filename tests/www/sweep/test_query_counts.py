"""How many statements each page sends: with ten rows as with ten thousand, and never more than is written down.

    python -m pytest tests/www/sweep/test_query_counts.py --count-queries     writes query_counts.json again

The file is read in reviews: a page that grows shows there. A page that is not in it yet must be counted.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction

from tests.site_map import Address, known_pages, pages
from tests.visits import Visit, visits
from tests.world.many import multiply
from tests.world.standing import Standing
from tests.world.story import Place
from tests.www.reading import is_page

# Screens send the same statements to both engines: one of them is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

COUNTS = Path(__file__).parent / "query_counts.json"
MANY = 10_000
#: A page says a list in pages: ten thousand rows do not arrive at once.
HTML_KB = 300
#: What is found by its words is then read: one statement for each kind, when there is something.
FINDS = {"search"}
#: Savepoints stand for the transactions of a real request: they are not reads.
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET ")
#: A page that reads once for each row is stopped there.
ENDLESS = 300


class Cost(NamedTuple):
    """What a page costs: statements sent, and thousands of bytes of HTML (0 for files)."""

    statements: int
    kilobytes: int


class EndlessError(Exception):
    """A page sends statements without end."""


class Counts(NamedTuple):
    """The cost of each visit of the full database as it is, and with ten thousand rows in each list."""

    few: dict[str, Cost]
    many: dict[str, Cost]


@pytest.fixture(scope="module")
def counts(full: Standing) -> Counts:
    few = dict(counted(full))
    with transaction.atomic():
        multiply(full.world, MANY)
        many = dict(counted(full))
        transaction.set_rollback(True)
    # What is read once a process (versions, content types) belongs to no page: the first round read it.
    warm = {label(visit): visit for visit in all_visits(full) if many[label(visit)] != few[label(visit)]}
    return Counts(few | {name: measured(visit, full) for name, visit in warm.items()}, many)


def counted(full: Standing) -> Iterator[tuple[str, Cost]]:
    for visit in all_visits(full):
        yield label(visit), measured(visit, full)


def all_visits(full: Standing) -> Iterator[Visit]:
    return (visit for address in known_pages() for visit in at_home(address, full))


def at_home(address: Address, full: Standing) -> list[Visit]:
    """The visits of those who have all the rows: the others see the same page with less in it."""
    found = visits(address, full.world)
    return [visit for visit in found if visit.person is None or visit.person.place is Place.HOME]


def label(visit: Visit) -> str:
    query = visit.path.partition("?")[2]
    who = visit.person.role if visit.person else "visitor"
    place = "" if visit.person is None else f", {visit.person.place.value}"
    return f"{visit.address}{'?' if query else ''}{query} as {who}{place}"


def measured(visit: Visit, full: Standing) -> Cost:
    client, counter = full.client(visit.person), Counter()
    with connection.execute_wrapper(counter):
        response = client.get(visit.path)
        _read_to_the_end(response)
    return Cost(counter.sent, len(response.content) // 1000 if is_page(response) else 0)


class Counter:
    """Counts statements as they leave: keeping them would cost more than running them."""

    sent = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        self.sent += not sql.startswith(NOT_COUNTED)
        if self.sent > ENDLESS:
            raise EndlessError
        return execute(sql, *arguments)


def _read_to_the_end(response: Any) -> None:
    if response.streaming:
        b"".join(response.streaming_content)


def test_pages_send_no_more_statements_than_written_down(counts: Counts, request: pytest.FixtureRequest) -> None:
    sent = {visit: cost.statements for visit, cost in counts.few.items()}
    if request.config.getoption("--count-queries"):
        COUNTS.write_text(json.dumps(sent, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    known = json.loads(COUNTS.read_text())
    grown = {visit: (known[visit], count) for visit, count in sent.items() if count > known.get(visit, count)}
    assert grown == {}, "more statements than written down (before, now): mend the page, or count again and say why"


def test_every_page_is_counted(counts: Counts) -> None:
    known = json.loads(COUNTS.read_text())
    missing, gone = set(counts.few) - set(known), set(known) - set(counts.few)
    assert not missing | gone, "count again: python -m pytest tests/www/sweep/test_query_counts.py --count-queries"


@pytest.mark.parametrize("address", pages(), ids=str)
def test_ten_thousand_rows_cost_no_more(address: Address, full: Standing, counts: Counts) -> None:
    for visit in at_home(address, full):
        few, many = counts.few[label(visit)], counts.many[label(visit)]
        assert 0 <= many.statements - few.statements <= (address.name in FINDS), label(visit)
        assert many.kilobytes <= HTML_KB, f"{label(visit)}: cut the list into pages"
