"""The demonstration, as it is typed: a database of its own, what it tells, what it leaves."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ON_POSTGRESQL

#: The shortest story to play.
STORY = ("demo", "--no-serve", "--scenario", "pas-de-calais")


def typed(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "poincon", *arguments], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def environment(fresh_environment: dict[str, str]) -> dict[str, str]:
    """On SQLite nothing says which database to use: the demonstration makes its own."""
    if not ON_POSTGRESQL:
        fresh_environment.pop("DATABASE_URL")
    return {name: value for name, value in fresh_environment.items() if name != "POINCON_MODE"}


def test_a_story_is_played_told_and_true(environment: dict[str, str]) -> None:
    done = typed(*STORY, "--json", environment=environment)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["figures"][0]["funnel"]["used_up"] > 0
    assert [name for name, _, _ in told["figures"][0]["territories"]][:2] == ["Boulonnais", "Osartis-Marquion"]
    assert len(told["accounts"]) == 8
    assert all(Path(path).is_relative_to(environment["POINCON_VAR"]) for path in told["files"])
    own = {"POINCON_MODE": "demo"} if ON_POSTGRESQL else {"DATABASE_URL": f"sqlite:///{_own_database(environment)}"}
    checked = typed("check", environment=environment | own)
    assert checked.returncode == 0, checked.stdout


def _own_database(environment: dict[str, str]) -> Path:
    return Path(environment["POINCON_VAR"]).resolve() / "demo.sqlite3"


#: Plays nothing and serves nothing: says what would play the story, then what serving finds in its own process.
APART = """
import contextlib, subprocess, sys
from poincon.cli.commands import demo

def run(command, **_):
    print(*command[3:])
    return subprocess.CompletedProcess(command, int(sys.argv[1]))

demo.subprocess.run = run
demo.worker_beside = contextlib.nullcontext
demo.serve_site = lambda host, port: print("served on", port, "typst" in sys.modules)
demo.demo.main(["--port", "8123", "--scenario", "pas-de-calais"], standalone_mode=False)
"""


def apart(code: int, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", APART, str(code)], env=environment, capture_output=True, text=True, check=False
    )


def test_who_serves_has_not_printed(environment: dict[str, str]) -> None:
    """Typst's threads do not survive the fork of the server: its workers would wait for ever at their first letter."""
    done = apart(0, environment)
    first, *_, last = done.stdout.splitlines()
    assert (first, last) == (" ".join(STORY), "served on 8123 False"), done.stderr


def test_a_story_that_fails_is_not_served(environment: dict[str, str]) -> None:
    done = apart(3, environment)
    assert (done.returncode, "served" in done.stdout) == (3, False), done.stderr


def test_a_database_in_use_is_refused(fresh_environment: dict[str, str]) -> None:
    for command in (
        ("migrate",),
        ("organisation", "create", "Une vraie", "--form", "association", "--rna", "W232000001", "--operates"),
    ):
        assert typed(*command, environment=fresh_environment).returncode == 0
    done = typed(*STORY, environment=fresh_environment)
    assert done.returncode == 1
    assert "ne se joue que dans une base vide" in done.stderr
