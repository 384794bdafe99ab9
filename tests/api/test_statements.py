"""How often each operation asks the database: the same few times, whatever the number of scans.

Counted with the two bounds of the transaction. PostgreSQL takes several statements in one exchange, SQLite one by one.
"""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from tests.api.calling import Caller
from tests.factories import make_membership, make_organisation
from tests.lives import make_life

BOOKLETS = 100
ON_POSTGRESQL = connection.vendor == "postgresql"
#: Who calls; lock, whose passes they are, what people used, what was answered, ids (1 or 7); write what was tried,
#: used, and the booklets (1 or 3).
ONE_SCAN = 5 if ON_POSTGRESQL else 13
REPLAYED_SCANS = 4 if ON_POSTGRESQL else 10
#: Nothing to lock, nothing used.
UNREADABLE_SCAN = 5 if ON_POSTGRESQL else 6
#: When and where it was used, instead of a use.
SCAN_OF_A_USED_PASS = 6 if ON_POSTGRESQL else 12
STATE = 9


@pytest.fixture
def crowd(caller: Caller) -> Caller:
    """A device in front of a hundred people, each with a booklet; what the rules need to know is already read."""
    crowd = Caller(caller.client, make_life(quantity=BOOKLETS + 1, handed=BOOKLETS + 1, token="foule"), "foule")
    crowd.scan(crowd.item(crowd.life.code(rank=BOOKLETS + 1, position=1)))
    return crowd


def exchanges(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def posting(caller: Caller, *presented: str) -> Callable[[], object]:
    body = {"scans": [caller.item(code) for code in presented]}
    return lambda: caller.post("/scans", body)


def heard(*callers: Caller) -> None:
    """These devices were heard a moment ago, and it is kept."""
    for caller in callers:
        caller.get("/scanner/state")


def test_a_contact_costs_one_statement_a_quarter_of_an_hour(crowd: Caller) -> None:
    assert exchanges(lambda: crowd.get("/scanner/state")) == STATE + 1
    assert exchanges(lambda: crowd.get("/scanner/state")) == STATE


def test_one_scan(crowd: Caller) -> None:
    assert exchanges(posting(crowd, crowd.life.code())) == ONE_SCAN


def test_a_hundred_scans_cost_as_many_as_two(crowd: Caller) -> None:
    presented = [crowd.life.number(rank) for rank in range(1, BOOKLETS + 1)]
    assert exchanges(posting(crowd, *presented[:2])) == ONE_SCAN
    assert exchanges(posting(crowd, *presented)) == ONE_SCAN


def test_a_hundred_unreadable_scans_cost_as_many_as_two(crowd: Caller) -> None:
    assert exchanges(posting(crowd, "x")) == UNREADABLE_SCAN
    assert exchanges(posting(crowd, *["x"] * BOOKLETS)) == UNREADABLE_SCAN


def test_a_used_pass_costs_the_search_of_its_use(crowd: Caller) -> None:
    assert exchanges(posting(crowd, crowd.life.code(rank=BOOKLETS + 1, position=1))) == SCAN_OF_A_USED_PASS


def test_a_hundred_scans_replayed_write_nothing(crowd: Caller) -> None:
    replay = posting(crowd, *(crowd.life.number(rank) for rank in range(1, BOOKLETS + 1)))
    replay()
    assert exchanges(replay) == REPLAYED_SCANS


def test_a_state_costs_as_many_whatever_the_passes(crowd: Caller, caller: Caller) -> None:
    caller.scan(caller.item())
    heard(crowd, caller)
    assert exchanges(lambda: caller.get("/scanner/state")) == STATE
    assert exchanges(lambda: crowd.get("/scanner/state")) == STATE


def test_changes_cost_as_many_as_a_state(crowd: Caller) -> None:
    version = crowd.get("/scanner/state").json()["version"]
    assert exchanges(lambda: crowd.get(f"/scanner/state?since={version}")) == STATE


def test_an_unchanged_state_costs_two_statements_after_who_calls(caller: Caller) -> None:
    tag = caller.get("/scanner/state").headers["ETag"]
    assert exchanges(lambda: caller.get("/scanner/state", **{"If-None-Match": tag})) == 3


def test_a_booklet_costs_two_statements_after_who_calls(caller: Caller) -> None:
    path = "/booklets/" + caller.life.number()
    caller.get(path)  # reads the rules of the programme, kept in the process
    assert exchanges(lambda: caller.get(path)) == 3


@pytest.fixture
def funder() -> User:
    return make_membership(Role.FUNDER, make_organisation(is_funder=True)).user


def test_a_browser_where_somebody_is_signed_in_costs_no_more(crowd: Caller, funder: User) -> None:
    crowd.client.force_login(funder)
    assert crowd.reasons(crowd.item()) == [None]
    assert exchanges(posting(crowd, crowd.life.code())) == ONE_SCAN
