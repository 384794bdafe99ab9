"""The production server: granian, one process per core (docs/decisions, « web server »)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from django.db import connection

from poincon.kernel.db import refresh_statistics

APPLICATION = "poincon.config.wsgi:application"
#: On real disks a commit waits 2 ms: several threads a core triple the throughput (measured, field facts).
BLOCKING_THREADS = 4
#: A database grows tenfold in weeks, except on its first day.
STATISTICS_EVERY = timedelta(hours=1)


def serve_site(host: str, port: int, *, workers: int | None = None) -> None:
    """Serve the site until stopped. ``workers`` defaults to one per core this process may use."""
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poincon.config.settings")
    Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or cores(),
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        respawn_failed_workers=True,
    ).serve()


@contextmanager
def worker_beside() -> Iterator[None]:
    """A process that does the long works while the site is open: for those who start one command, not two."""
    worker = subprocess.Popen([sys.executable, "-m", "poincon", "worker"])
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(timeout=20)


@contextmanager
def statistics_fresh(every: timedelta = STATISTICS_EVERY) -> Iterator[None]:
    """Keep what the database knows of itself up to date, now then ``every`` so often, until the end of the block."""
    ended = Event()

    def refresh() -> None:
        while True:
            refresh_statistics()
            connection.close()
            if ended.wait(every.total_seconds()):
                return

    beside = Thread(target=refresh, daemon=True)
    beside.start()
    try:
        yield
    finally:
        ended.set()
        beside.join()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
