"""Run a command with a private PostgreSQL cluster, made for it and removed after it.

    python -m scripts.with_postgresql [--durable] COMMAND …

The command finds the cluster in DATABASE_URL. Nothing listens on the network: a Unix socket in a temporary folder.
"""

import argparse
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

START_SECONDS = 120
USER = "poincon"
SETTINGS = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "256MB", "max_wal_size": "2GB"}
# Nobody will look at this cluster after a power cut: waiting for the disk would prove nothing.
IN_A_HURRY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class UnavailableError(Exception):
    """No cluster can be started here; the message says what is missing."""


def binaries() -> Path:
    """The folder of initdb and postgres: the one on the PATH, pg_config's, or the newest of Debian's.

    Raises UnavailableError when PostgreSQL is not installed.
    """
    for folder in _candidates():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise UnavailableError("PostgreSQL server not found (on Debian: apt-get install postgresql)")


def _candidates() -> Iterator[Path]:
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True)
        yield Path(answer.stdout.strip())
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)


def _server_account() -> dict[str, Any]:
    """How to start the server when we are root, which it refuses: as another user."""
    if os.geteuid() != 0:
        return {}
    known = {account.pw_name: account for account in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return {"user": known[name].pw_uid, "group": known[name].pw_gid, "extra_groups": []}
    raise UnavailableError("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """A running empty cluster; yields the DATABASE_URL of its database. ``durable``: every commit reaches the disk.

    Raises UnavailableError when it cannot start.
    """
    programs = binaries()
    account = _server_account()
    folder = Path(tempfile.mkdtemp(prefix="poincon-pg-"))
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        _initialise(programs, folder, account)
        with _server(programs, folder, account, SETTINGS if durable else SETTINGS | IN_A_HURRY):
            yield f"postgresql://{USER}@{quote(str(folder), safe='')}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(programs: Path, folder: Path, account: dict[str, Any]) -> None:
    # The C locale orders text by code point, as SQLite does.
    options = ["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"]
    command = [str(programs / "initdb"), "--pgdata", str(folder / "data"), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, **account)
    if done.returncode:
        raise UnavailableError(f"initdb failed: {done.stderr}")


@contextmanager
def _server(programs: Path, folder: Path, account: dict[str, Any], settings: dict[str, str]) -> Iterator[None]:
    options = [f"--{name}={value}" for name, value in settings.items()]
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *options]
    with (folder / "log").open("wb") as log:
        server: subprocess.Popen[bytes] = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **account)
    try:
        _wait_until_ready(programs, folder, server)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # fast shutdown: clients are disconnected
        server.wait(START_SECONDS)


def _wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    ready = [str(programs / "pg_isready"), "--quiet", "--host", str(folder)]
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise UnavailableError(f"PostgreSQL does not start: {(folder / 'log').read_text()}")
        time.sleep(0.05)


def _stop_politely(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--durable", action="store_true", help="every commit reaches the disk, as in production")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    if not chosen.command:
        parser.error("which command?")
    # A killed run must not leave a server behind.
    signal.signal(signal.SIGTERM, _stop_politely)
    try:
        with cluster(durable=chosen.durable) as url:
            return subprocess.run(chosen.command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode
    except UnavailableError as missing:
        print(missing, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
