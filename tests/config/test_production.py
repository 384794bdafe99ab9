"""``make check-production``: everything wrong at once, and silence only when the server is ready."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from poincon.config.production import database_faults
from poincon.kernel.alphabet import can_sort_names
from tests.config.test_legal import WHOLE
from tests.config.test_safety import SAFE


def checked(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("POINCON_", "DATABASE_URL", "DJANGO_"))
    }
    command = [sys.executable, "-m", "poincon.config.production"]
    return subprocess.run(command, env=clean | environment, capture_output=True, text=True, check=False)


def test_everything_that_misses_is_said_at_once() -> None:
    answer = checked({})
    assert answer.returncode == 1
    for name in ("POINCON_SECRET_KEY", "POINCON_PUBLISHER", "POINCON_DPO_EMAIL", "DATABASE_URL"):
        assert f"✗ {name} manque" in answer.stdout


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_postgresql_that_cannot_sort_names_is_said() -> None:
    assert can_sort_names()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # As on a server built without ICU; the transaction gives it back.
            cursor.execute('ALTER COLLATION pg_catalog."und-x-icu" RENAME TO hidden')
        assert list(database_faults()) == [
            "PostgreSQL est construit sans ICU, qui range les noms : installez celui de votre distribution."
        ]
        transaction.set_rollback(True)
    assert can_sort_names()


@pytest.fixture
def mail_port() -> Iterator[int]:
    """A mail server that greets, and nothing more."""
    server = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        while True:
            try:
                caller, _ = server.accept()
            except OSError:
                return
            with caller:
                caller.sendall(b"220 ready\r\n")
                while line := caller.recv(1024):
                    caller.sendall(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")

    threading.Thread(target=greet, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


@pytest.mark.sqlite
def test_a_server_that_misses_its_database_and_its_mail_says_both(tmp_path: Path, mail_port: int) -> None:
    ready = (
        SAFE
        | WHOLE
        | {
            "POINCON_VAR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}",
            "POINCON_EMAIL_HOST": "127.0.0.1",
            "POINCON_EMAIL_PORT": "1",
        }
    )
    answer = checked(ready)
    assert "✗ La base n’est pas à jour" in answer.stdout
    assert "✗ POINCON_EMAIL_HOST : le serveur de courriel ne répond pas" in answer.stdout
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, env=os.environ | ready | {"POINCON_MODE": "development"}, check=True)
    answer = checked(ready | {"POINCON_EMAIL_PORT": str(mail_port)})
    assert answer.stdout == "✓ Prêt pour la production.\n", answer.stderr
    assert answer.returncode == 0
