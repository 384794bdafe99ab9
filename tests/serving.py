"""The site in front of a database of tests/world, in a process of its own: for browsers and for the contact sheet.

    python -m tests.serving build FOLDER KIND     makes FOLDER/KIND.sqlite3 and FOLDER/KIND.json (KIND: full, empty)
    python -m tests.serving serve DATABASE        serves this database; prints its address

Tests and scripts use ``Site``, which does both. A database is made once and copied: whoever changes it puts it back.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

KINDS = ("full", "empty")
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Stop:
    """One visit to make: an address that exists, and the session of somebody who may open it."""

    route: str
    name: str
    person: str
    path: str
    cookie: str


class Site:
    """A server of this kind of database, and the visits one can make there. ``close`` it at the end."""

    def __init__(self, kind: str, *, databases: Path, folder: Path) -> None:
        self.kind = kind
        self.pristine = databases / f"{kind}.sqlite3"
        self.database = folder / f"{kind}.sqlite3"
        self.log = folder / f"{kind}.log"
        told = json.loads((databases / f"{kind}.json").read_text())
        self.stops = [Stop(**stop) for stop in told]
        self.restore()
        self._process, self.url = self._start()

    def _start(self) -> tuple["subprocess.Popen[str]", str]:
        command = [sys.executable, "-m", "tests.serving", "serve", str(self.database)]
        with self.log.open("w") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        assert process.stdout is not None
        with process.stdout as told:
            url = told.readline().strip()
        if not url:
            raise RuntimeError(f"the site did not start: {self.log.read_text()[-2000:]}")
        return process, url

    def restore(self) -> None:
        """Put the database back as it was built. No request may be running."""
        for beside in ("-wal", "-shm"):
            Path(f"{self.database}{beside}").unlink(missing_ok=True)
        shutil.copy(self.pristine, self.database)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=180)


def databases() -> Path:
    """The folder of the two databases, made by the first process of this run that asks."""
    import django.conf

    folder = Path(django.conf.settings.VAR_DIR) / "worlds"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock, _held(lock):
        for kind in KINDS:
            if not (folder / f"{kind}.json").exists():
                make(kind, folder)
    return folder


def make(kind: str, folder: Path) -> None:
    """Build one of the two databases in a process of its own. Raises CalledProcessError, its traceback printed."""
    subprocess.run([sys.executable, "-m", "tests.serving", "build", str(folder), kind], cwd=ROOT, check=True)


@contextmanager
def _held(lock: TextIO) -> Iterator[None]:
    fcntl.flock(lock, fcntl.LOCK_EX)
    yield


# --- inside the process -----------------------------------------------------------------------------------------------


def _set_up(database: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.serving_settings"
    os.environ["DATABASE_URL"] = f"sqlite:///{database}"
    import django

    django.setup()


def build(folder: Path, kind: str) -> None:
    """Migrate (once for both databases), play the story, and write down who may visit what."""
    database, migrated = folder / f"{kind}.sqlite3", folder / "migrated.sqlite3"
    if migrated.exists():
        shutil.copy(migrated, database)
    _set_up(database)
    from django.core.management import call_command

    from tests.world import build_empty, build_full
    from tests.world.sessions import Sessions

    call_command("migrate", verbosity=0)
    if not migrated.exists():
        _checkpoint()
        shutil.copy(database, migrated)
    world = {"full": build_full, "empty": build_empty}[kind]()
    stops = _stops(world, Sessions(world))
    _checkpoint()
    (folder / f"{kind}.json").write_text(json.dumps([vars(stop) for stop in stops]))


def _stops(world: Any, sessions: Any) -> list[Stop]:
    from tests.site_map import known_pages
    from tests.visits import visits

    found = [visit for address in known_pages() for visit in visits(address, world)]
    return [
        Stop(
            str(visit.address.route),
            visit.address.name,
            str(visit.person or "visitor"),
            visit.path,
            sessions.cookies.get(visit.person, ""),
        )
        for visit in found
    ]


def _checkpoint() -> None:
    """Everything in one file, which can be copied."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def serve(database: Path) -> None:
    """Serve until told to stop, on a free port."""
    _set_up(database)
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  as the base class names it
            """Requests are not news; pages that break say so through the log."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "build":
        build(Path(sys.argv[2]), sys.argv[3])
    else:
        serve(Path(sys.argv[2]))
