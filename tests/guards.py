"""Lift, for one block, the triggers that make facts append-only: to empty tables between tests, or to forge history."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations

from poincon.kernel.guards import ROW_EVENTS, guard_name, guarded_tables
from tests import in_flight


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
    names = [guard_name(table, event) for table in tables for event in ROW_EVENTS]
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
            for event in (*ROW_EVENTS, "truncate"):
                cursor.execute(f"ALTER TABLE {table} {switch} TRIGGER {guard_name(table, event)}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


_django_flush = BaseDatabaseOperations.execute_sql_flush


def _flush_through_guards(operations: Any, sql_list: list[str]) -> None:
    wrapper: BaseDatabaseWrapper = operations.connection
    through = (
        _dropped_on_sqlite(wrapper, sorted(guarded_tables()))
        if wrapper.vendor == "sqlite"
        else no_trigger_fires(wrapper)
    )
    with in_flight.requests.none(), through:
        _django_flush(operations, sql_list)


@contextmanager
def no_trigger_fires(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """On PostgreSQL, as a replica: only a superuser may, which the server of the product is not."""
    with wrapper.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def let_flush_through(patch: pytest.MonkeyPatch) -> None:
    """Let Django empty the tables between transactional tests, by DELETE or TRUNCATE: the guards refuse both."""
    in_flight.requests.watch()
    patch.setattr(BaseDatabaseOperations, "execute_sql_flush", _flush_through_guards)
