"""Eight processes write to one SQLite file: no write fails, and each pass is used once.

SQLite has one writer at a time. A transaction that reads, then writes, fails at once if another wrote in between; begun
IMMEDIATE, it waits for its turn instead.
"""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.sqlite

PROCESSES, BOOKLETS, SIZE = 8, 5, 10


def test_eight_processes_use_each_pass_once(fresh_environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tests.races.sqlite_writers", str(PROCESSES), str(BOOKLETS), str(SIZE)]
    done = subprocess.run(command, env=fresh_environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["failures"] == []
    assert found["accepted"] == found["redeemed"] == BOOKLETS * SIZE
    assert found["scans"] == found["answers"] == PROCESSES * BOOKLETS * SIZE
    assert found["faults"] == []


@pytest.fixture
def two_connections(tmp_path: Path) -> tuple[sqlite3.Connection, sqlite3.Connection]:
    first, second = (sqlite3.connect(tmp_path / "file", isolation_level=None, timeout=0.2) for _ in range(2))
    first.executescript("PRAGMA journal_mode=WAL; CREATE TABLE passes (used INTEGER); INSERT INTO passes VALUES (0)")
    return first, second


def read_then_write(mode: str, first: sqlite3.Connection, second: sqlite3.Connection) -> None:
    """Between the reading and the writing of the first, the second writes if it may."""
    first.execute(f"BEGIN {mode}")
    first.execute("SELECT used FROM passes").fetchall()
    try:
        second.execute("UPDATE passes SET used = used + 1")
    except sqlite3.OperationalError as busy:
        assert "locked" in str(busy)  # noqa: PT017  whether it may is what differs
    try:
        first.execute("UPDATE passes SET used = used + 1")
        first.execute("COMMIT")
    finally:
        first.close()
        second.close()


def test_begun_as_we_begin_the_first_writes(two_connections: tuple[sqlite3.Connection, sqlite3.Connection]) -> None:
    read_then_write(connection.settings_dict["OPTIONS"]["transaction_mode"], *two_connections)


def test_begun_as_sqlite_begins_it_fails(two_connections: tuple[sqlite3.Connection, sqlite3.Connection]) -> None:
    """The twin."""
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        read_then_write("DEFERRED", *two_connections)
