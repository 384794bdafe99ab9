"""The production server: granian, one process per core (docs/decisions, « web server »)."""

import os

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


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
