"""An empty, migrated database on the engine named by DATABASE_URL, thrown away afterwards.

SQLite is measured on a real file: the one in memory costs no disk and no journal.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django


@contextmanager
def scratch_database() -> Iterator[str]:
    """Set Django up on the scratch database; gives the name of its engine. Enter it before importing a model."""
    with tempfile.TemporaryDirectory(prefix="poincon-bench-") as folder:
        os.environ["POINCON_MODE"] = "test"
        os.environ["POINCON_VAR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poincon.config.settings")
        if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'given.sqlite3'}"
        django.setup()

        from django.db import connection

        given = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3") if _is_file() else None
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield "SQLite" if _is_file() else "PostgreSQL"
        finally:
            connection.creation.destroy_test_db(given, verbosity=0)


def _is_file() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"
