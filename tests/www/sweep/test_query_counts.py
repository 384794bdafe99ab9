"""How many statements each page sends: with ten rows as with ten thousand, and never more than is written down.

    python -m pytest tests/www/sweep/test_query_counts.py --count-queries     writes query_counts.json again

The file is read in reviews: a page that grows shows there. A page that is not in it yet must be counted.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.site_map import Address, known_pages, pages
from tests.visits import Visit, visits
from tests.world.many import multiply
from tests.world.standing import Standing
from tests.world.story import Place
from tests.www.reading import is_page

pytestmark = pytest.mark.django_db

COUNTS = Path(__file__).parent / "query_counts.json"
MANY = 10_000
#: A page says a list in pages: ten thousand rows, or as many options, do not arrive at once.
HTML_KB = 300
#: Savepoints stand for the transactions of a real request: they are not reads.
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET ")


class Cost(NamedTuple):
    """What a page costs: statements sent, and thousands of bytes of HTML (0 for files)."""

    statements: int
    kilobytes: int


@pytest.fixture(scope="module")
def counts(full: Standing) -> dict[str, Cost]:
    """The statements of each visit of the full database, as it is."""
    # What is read once a process (versions, content types) belongs to no page: the first round reads it.
    dict(counted(full))
    return dict(counted(full))


@pytest.fixture(scope="module")
def many_counts(full: Standing, counts: dict[str, Cost]) -> Iterator[dict[str, Cost]]:
    """The same once every list has ten thousand rows."""
    with transaction.atomic():
        multiply(full.world, MANY)
        yield dict(counted(full))
        transaction.set_rollback(True)


def counted(full: Standing) -> Iterator[tuple[str, Cost]]:
    for address in known_pages():
        for visit in at_home(address, full):
            yield label(visit), measured(visit, full)


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
    client = full.client(visit.person)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(visit.path)
        _read_to_the_end(response)
    sent = sum(not query["sql"].startswith(NOT_COUNTED) for query in captured)
    return Cost(sent, len(response.content) // 1000 if is_page(response) else 0)


def _read_to_the_end(response: Any) -> None:
    if response.streaming:
        b"".join(response.streaming_content)
    response.close()


def test_pages_send_no_more_statements_than_written_down(
    counts: dict[str, Cost], request: pytest.FixtureRequest
) -> None:
    sent = {visit: cost.statements for visit, cost in counts.items()}
    if request.config.getoption("--count-queries"):
        COUNTS.write_text(json.dumps(sent, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    known = json.loads(COUNTS.read_text())
    grown = {visit: (known[visit], count) for visit, count in sent.items() if count > known.get(visit, count)}
    assert grown == {}, "more statements than written down (before, now): mend the page, or count again and say why"


def test_every_page_is_counted(counts: dict[str, Cost]) -> None:
    known = json.loads(COUNTS.read_text())
    missing, gone = set(counts) - set(known), set(known) - set(counts)
    assert not missing | gone, "count again: python -m pytest tests/www/sweep/test_query_counts.py --count-queries"


@pytest.mark.parametrize("address", pages(), ids=str)
def test_ten_thousand_rows_cost_no_more(
    address: Address, full: Standing, counts: dict[str, Cost], many_counts: dict[str, Cost]
) -> None:
    for visit in at_home(address, full):
        few, many = counts[label(visit)], many_counts[label(visit)]
        assert many.statements == few.statements, label(visit)
        assert many.kilobytes <= HTML_KB, f"{label(visit)}: cut the list into pages"
