"""Lift, for one block, the triggers that make facts append-only: to empty tables between tests, or to forge history."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper

from poincon.kernel.db import guard_name, guarded_tables


@contextmanager
def guards_lifted(*tables: str) -> Iterator[None]:
    """The named tables of facts (all of them by default) accept any change inside the block, as for a forger."""
    lifted = sorted(set(tables) or guarded_tables())
    if connection.vendor == "sqlite":
        with _dropped_on_sqlite(connection, lifted):
            yield
        return
    _switch_on_postgresql("DISABLE", lifted)
    try:
        yield
    finally:
        _switch_on_postgresql("ENABLE", lifted)


@contextmanager
def _dropped_on_sqlite(wrapper: BaseDatabaseWrapper, tables: list[str]) -> Iterator[None]:
    names = [guard_name(table, event) for table in tables for event in ("update", "delete")]
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        definitions = {name: sql for name, sql in cursor.fetchall() if name in names}
        for name in definitions:
            cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        with wrapper.cursor() as cursor:
            for sql in definitions.values():
                cursor.execute(sql)


def _switch_on_postgresql(switch: str, tables: list[str]) -> None:
    with connection.cursor() as cursor:
        # A table with deferred checks still waiting cannot be altered: let them pass first.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            for event in ("update", "delete"):
                cursor.execute(f"ALTER TABLE {table} {switch} TRIGGER {guard_name(table, event)}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


_django_flush = DatabaseWrapper.ops_class.execute_sql_flush


def _flush_through_guards(operations: Any, sql_list: list[str]) -> None:
    with _dropped_on_sqlite(operations.connection, sorted(guarded_tables())):
        _django_flush(operations, sql_list)


def let_flush_through(patch: pytest.MonkeyPatch) -> None:
    """Let Django empty SQLite between transactional tests: it does it by DELETE, which the guards refuse.

    PostgreSQL needs nothing: it truncates, and row triggers do not see it.
    """
    patch.setattr(DatabaseWrapper.ops_class, "execute_sql_flush", _flush_through_guards)
