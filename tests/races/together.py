"""Several at once, each with its own connection, stopped and released where the test says: no luck involved."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.db.models import QuerySet

from tests.guards import no_trigger_fires

Answer = TypeVar("Answer")
#: Far beyond what anything here takes: reaching it is a failure.
PATIENCE = 180.0


def alone(work: Callable[[], Answer]) -> Callable[[], Answer]:
    """``work``, closing the connection of its thread when it ends."""

    def worked() -> Answer:
        try:
            return work()
        finally:
            connection.close()

    return worked


def all_at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every work in a thread of its own, all released at the same instant; what each returned or raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait(PATIENCE)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        futures = [pool.submit(alone(partial(run, work))) for work in works]
        return [outcome_of(future) for future in futures]


def outcome_of(future: "Future[Any]") -> Any:
    """What a work returned or raised, once it ends."""
    error = future.exception(PATIENCE)
    if error is None:
        return future.result()
    assert isinstance(error, Exception)
    return error


class Gate:
    """Where the first who comes by stops, until the test opens. Those who come later go through."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()
        self._first = threading.Lock()

    def pass_through(self) -> None:
        if self._first.acquire(blocking=False):
            self.reached.set()
            assert self.opened.wait(PATIENCE)

    def before(self, patch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        """Stand before a function of ``owner``."""
        original = getattr(owner, name)

        def guarded(*args: Any, **kwargs: Any) -> Any:
            self.pass_through()
            return original(*args, **kwargs)

        patch.setattr(owner, name, guarded)

    def after(self, patch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        """Stand after a function of ``owner``, before the one who called it goes on."""
        original = getattr(owner, name)

        def guarded(*args: Any, **kwargs: Any) -> Any:
            answer = original(*args, **kwargs)
            self.pass_through()
            return answer

        patch.setattr(owner, name, guarded)


def one_inside_the_other(gate: Gate, first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any, bool]:
    """Start ``first``; once it stands at the gate start ``second``; open when it ended, or waits for a lock.

    Returns both outcomes, and whether ``second`` had to wait.
    """
    with ThreadPoolExecutor(2) as pool:
        stopped = pool.submit(alone(first))
        assert gate.reached.wait(PATIENCE), stopped.exception(0)
        other = pool.submit(alone(second))
        waited = _waits_for_a_lock(other)
        gate.opened.set()
        return outcome_of(stopped), outcome_of(other), waited


def _waits_for_a_lock(work: "Future[Any]") -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if work.done():
            return False
        if _waiting():
            return True
        time.sleep(0.005)
    raise AssertionError("neither ended nor waiting")


def waiting_for_locks(many: int) -> None:
    """Come back once ``many`` connections wait for a lock."""
    deadline = time.monotonic() + PATIENCE
    while _waiting() < many:
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.005)


def _waiting() -> int:
    with connection.cursor() as cursor:
        # Inside a transaction the view shows what it showed the first time.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT COUNT(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'"
        )
        return int(cursor.fetchone()[0])


# --- barriers taken away ----------------------------------------------------------------------------------------------


def without_row_locks(patch: pytest.MonkeyPatch) -> None:
    """No row is locked by a SELECT any more: neither by the ORM nor by our statements."""
    patch.setattr(QuerySet, "select_for_update", lambda queryset, *_, **__: queryset)
    for module in ("kernel.db", "settlement.services.closing"):
        patch.setattr(f"poincon.{module}.row_lock", lambda **_: "")


@contextmanager
def without_index(name: str, table: str) -> Iterator[None]:
    """The unique index of this name is gone inside the block; its table is emptied before it comes back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        ((definition,),) = cursor.fetchall()
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}; DROP INDEX IF EXISTS {name}")
        try:
            yield
        finally:
            with no_trigger_fires(connection):
                cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(definition)
