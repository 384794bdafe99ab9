"""Connection settings of the two engines. Imported by the settings, so it must not import Django's models."""

from typing import Any


def engine_options(database: Any) -> dict[str, Any]:
    """Complete a parsed DATABASE_URL with what money needs on each engine.

    SQLite: WAL, synchronous=FULL (NORMAL can lose the last commits on power loss) and IMMEDIATE transactions, which
    serialise writers (the default mode fails most concurrent writes). PostgreSQL: persistent connections.
    """
    options = dict(database)
    if options["ENGINE"] == "django.db.backends.sqlite3":
        options["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; "
                "PRAGMA temp_store=MEMORY; "
                # 64 MB of pages instead of 2: the sums over all passes of a programme read them several times.
                "PRAGMA cache_size=-65536; "
                # INSERT OR REPLACE deletes without firing the guards of facts, unless asked.
                "PRAGMA recursive_triggers=ON;"
            ),
        }
        return options
    # The few statements planned once (kernel/db.py, PlannedStatement) look rows up by their key: one plan fits all
    # values, and making another at each scan costs more than running it.
    given = dict(options.get("OPTIONS", {}))
    # Compiling a statement before running it pays for reports of minutes, never for pages: it took 130 ms of a list
    # that takes 20.
    asked = "-c plan_cache_mode=force_generic_plan -c jit=off"
    given["options"] = f"{given.get('options', '')} {asked}".strip()
    options["OPTIONS"] = given
    options["CONN_MAX_AGE"] = None
    options["CONN_HEALTH_CHECKS"] = True
    return options
