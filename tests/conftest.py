"""What every test gets: the engine named by DATABASE_URL, an empty database of it on demand, guards that let go."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from pytest_django import DjangoDbBlocker

from tests.guards import let_flush_through
from tests.slow_server import answer_slowly

ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"

HERE = Path(__file__).parent
#: The files that take half a minute or more without a browser.
LONG = frozenset(
    {
        "architecture/test_migrations.py",
        "cli/test_demo.py",
        "cli/test_serving.py",
        "cli/test_whole_programme.py",
        "demo/test_scenarios.py",
        "passes/test_lives.py",
        "settlement/test_lives.py",
        "www/test_bad_input.py",
        "www/test_every_page.py",
        "www/test_strangers.py",
        "www/test_strangers_write.py",
    }
)
#: Without one of these fixtures, nor the mark, a test cannot reach the engine: once, on SQLite, is enough.
ASKING = frozenset({"db", "transactional_db", "django_db_setup", "live_server", "fresh_environment"})

# How long an example takes says how busy the machine is; speed has its place in bench/.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--count-queries", action="store_true", help="write tests/www/sweep/query_counts.json again")
    parser.addoption("--slow-server", action="store_true", help="what a browser asks for comes late, in pieces")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--slow-server"):
        answer_slowly()


def pytest_report_header() -> str:
    return f"engine: {'PostgreSQL' if ON_POSTGRESQL else 'SQLite'}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What one engine shows is not even counted on the other; what takes minutes begins first.

    Begun last, a long file would leave one worker alone with it.
    """
    items.sort(key=_turn)
    elsewhere = [item for item in items if _runs_elsewhere(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if not _runs_elsewhere(item)]


def _turn(item: pytest.Item) -> int:
    """When its file begins: every page in a browser, whatever drives one, the long files, the others."""
    where = item.path.relative_to(HERE).as_posix()
    if "/sweep/" in where:
        return 0
    if item.get_closest_marker("browser"):
        return 1
    return 2 if where in LONG else 3


def _runs_elsewhere(item: pytest.Item) -> bool:
    """Whether the other engine is the one for this test."""
    if ON_POSTGRESQL:
        return item.get_closest_marker("sqlite") is not None or not touches_database(item)
    return item.get_closest_marker("postgresql") is not None


def touches_database(item: pytest.Item) -> bool:
    """Whether a test asks for a database; pytest-django refuses every connection to those that do not."""
    return item.get_closest_marker("django_db") is not None or not ASKING.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session", autouse=True)
def _transactional_tests_may_empty_tables_of_facts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        let_flush_through(patch)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database of the tests, which nobody holds when it is dropped.

    A server killed in the middle of a load (tests/races) leaves its sessions behind: PostgreSQL notices only later.
    """
    yield
    if ON_POSTGRESQL:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def fresh_environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a command that works on an empty, unmigrated database of the current engine."""
    # The product's own settings: what a person who types the command gets.
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "poincon.config.settings",
        "POINCON_VAR": str(tmp_path / "var"),
    }
    (tmp_path / "var").mkdir()
    if not ON_POSTGRESQL:
        yield environment | {"DATABASE_URL": f"sqlite:///{tmp_path / 'fresh.sqlite3'}"}
        return
    name = f"fresh_{uuid.uuid4().hex}"
    with psycopg.connect(_postgresql_url("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield environment | {"DATABASE_URL": _postgresql_url(name)}
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _postgresql_url(name: str) -> str:
    """The address of another database of the server on which the tests run."""
    server = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(server._replace(path=f"/{name}"))
