"""What every test gets: the engine named by DATABASE_URL, an empty database of it on demand, guards that let go."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db.backends.sqlite3.operations import DatabaseOperations

from tests.guards import flush_through_guards

ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"


def pytest_report_header() -> str:
    return f"engine: {'PostgreSQL' if ON_POSTGRESQL else 'SQLite'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only one engine can show is not even counted on the other."""
    marker = "sqlite" if ON_POSTGRESQL else "postgresql"
    elsewhere = [item for item in items if item.get_closest_marker(marker)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(scope="session", autouse=True)
def _transactional_tests_may_empty_tables_of_facts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_through_guards)
        yield


@pytest.fixture
def fresh_environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a command that works on an empty, unmigrated database of the current engine."""
    environment = os.environ | {"POINCON_MODE": "test", "POINCON_VAR": str(tmp_path / "var")}
    (tmp_path / "var").mkdir()
    if not ON_POSTGRESQL:
        yield environment | {"DATABASE_URL": f"sqlite:///{tmp_path / 'fresh.sqlite3'}"}
        return
    name = f"fresh_{uuid.uuid4().hex}"
    server = _server_parameters()
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield environment | {"DATABASE_URL": _postgresql_url(server, name)}
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _server_parameters() -> dict[str, str]:
    database = settings.DATABASES["default"]
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return {name: str(database[key]) for name, key in named.items() if database.get(key)}


def _postgresql_url(server: dict[str, str], name: str) -> str:
    account = ":".join(quote(server[part], safe="") for part in ("user", "password") if part in server)
    port = f":{server['port']}" if "port" in server else ""
    return f"postgresql://{account}@{quote(server['host'], safe='')}{port}/{name}"
