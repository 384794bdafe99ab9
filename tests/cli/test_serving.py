"""The site and the worker, started as a person starts them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from threading import Semaphore

import pytest

from poincon.cli import serving
from poincon.cli.serving import cores

PATIENCE = 300


def poincon(*arguments: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "poincon", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(*arguments: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A command that does not end by itself; it must end well when asked to."""
    with poincon(*arguments, environment=environment) as process:
        try:
            yield process
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE)
            assert process.returncode in {0, 130, -signal.SIGINT}
        finally:
            process.kill()


@pytest.fixture
def ready(fresh_environment: dict[str, str]) -> dict[str, str]:
    """The environment of a database that is ready, in development mode."""
    environment = fresh_environment | {"POINCON_MODE": "development"}
    with poincon("migrate", environment=environment) as migration:
        said, _ = migration.communicate(timeout=PATIENCE)
    assert migration.returncode == 0, said
    return environment


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def answer(port: int, path: str) -> tuple[int, str]:
    """What the site answers, once it listens."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read().decode()
            connection.close()
            return response.status, body
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_the_site_is_served(ready: dict[str, str]) -> None:
    port = free_port()
    with running("serve", "--port", str(port), "--workers", "1", environment=ready):
        assert answer(port, "/sante")[0] == 200
        status, page = answer(port, "/")
        assert status == 200
        assert "Poinçon" in page


def test_the_worker_waits_for_work(ready: dict[str, str]) -> None:
    with running("worker", environment=ready) as worker:
        assert worker.stdout is not None
        # It listens to signals since it said so: before, Python may lose one while it loads the product.
        assert "Starting worker" in worker.stdout.readline()
        assert worker.poll() is None, worker.communicate()[0]


def test_statistics_are_refreshed_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    refreshed = Semaphore(0)
    monkeypatch.setattr(serving, "refresh_statistics", refreshed.release)
    with serving.statistics_fresh(timedelta(milliseconds=1)):
        assert all(refreshed.acquire(timeout=PATIENCE) for _ in range(3))


def test_one_process_a_core() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)
