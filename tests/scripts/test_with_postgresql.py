"""The private cluster is really private, and really gone afterwards."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from scripts.with_postgresql import cluster

# It makes its own cluster: once is enough.
pytestmark = pytest.mark.sqlite


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with cluster() as url:
        yield url


def folder(url: str) -> Path:
    return Path(unquote(urlsplit(url).hostname or ""))


def setting(url: str, name: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_it_answers(address: str) -> None:
    assert int(setting(address, "server_version_num")) >= 15_00_00


def test_nothing_listens_on_the_network(address: str) -> None:
    assert setting(address, "listen_addresses") == ""


def test_text_is_ordered_as_on_sqlite(address: str) -> None:
    with psycopg.connect(address) as connection:
        rows = connection.execute("SELECT name FROM (VALUES ('é'), ('a'), ('Z')) names(name) ORDER BY name").fetchall()
    assert [name for (name,) in rows] == ["Z", "a", "é"]


def test_commits_reach_the_disk_only_when_asked(address: str) -> None:
    assert setting(address, "fsync") == "off"
    with cluster(durable=True) as durable:
        assert setting(durable, "fsync") == "on"


def test_nothing_is_left_of_it() -> None:
    with cluster() as url:
        assert folder(url).exists()
    assert not folder(url).exists()


def test_the_command_gets_its_address_and_gives_its_verdict() -> None:
    command = "import os, sys; sys.exit(7 if os.environ['DATABASE_URL'].startswith('postgresql://') else 1)"
    with with_postgresql(sys.executable, "-c", command) as running:
        assert running.wait(180) == 7


def test_a_killed_run_takes_its_server_with_it() -> None:
    command = "import os, time; print(os.environ['DATABASE_URL'], flush=True); time.sleep(60)"
    with with_postgresql(sys.executable, "-c", command) as running:
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        running.send_signal(signal.SIGTERM)
        running.wait(180)
    assert not folder(url).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def with_postgresql(*command: str) -> subprocess.Popen[str]:
    script = [sys.executable, "-m", "scripts.with_postgresql", *command]
    return subprocess.Popen(script, env=os.environ, stdout=subprocess.PIPE, text=True)
