"""Which tests run on one engine only, those that cannot tell one from the other; which begin first."""

import pytest
from django.db import connection

from tests.conftest import HERE, LONG, touches_database


def test_a_test_that_asks_for_no_database_reaches_none(request: pytest.FixtureRequest) -> None:
    assert not touches_database(request.node)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.cursor()


@pytest.mark.django_db
def test_a_test_marked_for_the_database_runs_on_both_engines(request: pytest.FixtureRequest) -> None:
    assert touches_database(request.node)


@pytest.fixture
def through_another(db: None) -> None:
    """A fixture that asks for the database: whoever asks for the fixture asks for it too."""


def test_a_fixture_that_asks_for_the_database_is_enough(request: pytest.FixtureRequest, through_another: None) -> None:
    assert touches_database(request.node)
    assert connection.cursor()


def test_the_files_that_begin_first_are_there() -> None:
    assert [where for where in LONG if not (HERE / where).exists()] == []
