"""The production server: granian, one process per core (docs/decisions, « web server »)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

APPLICATION = "poincon.config.wsgi:application"
#: On real disks a commit waits 2 ms: several threads a core triple the throughput (measured, field facts).
BLOCKING_THREADS = 4


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


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
