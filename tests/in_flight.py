"""The requests that the test server answers now: tables are not emptied under them, nor while one begins.

A page that a test closes may have asked for something a moment before; nobody waits for that answer, but it reads and
writes what the next test finds.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started

#: Seconds. Far beyond what any request of a test takes: reaching it is a failure.
PATIENCE = 180.0


class InFlight:
    """How many requests are being answered, and whether others must wait."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._answering = 0
        self._closed = False

    def watch(self) -> None:
        """Count from now on."""
        request_started.connect(self._begins, dispatch_uid="tests.in_flight")
        request_finished.connect(self._ends, dispatch_uid="tests.in_flight")

    @contextmanager
    def none(self) -> Iterator[None]:
        """Wait until every request is answered; those that come inside the block wait for its end."""
        with self._changed:
            rests = self._changed.wait_for(lambda: not self._answering, PATIENCE)
            # One that has no end is the fault of one test, not of those that follow.
            unanswered, self._answering = self._answering, 0
            assert rests, f"requests without an end: {unanswered}"
            self._closed = True
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()

    def _begins(self, sender: type | None, **_: Any) -> None:
        if not _of_a_server(sender):
            return
        with self._changed:
            self._changed.wait_for(lambda: not self._closed, PATIENCE)
            self._answering += 1

    def _ends(self, sender: type | None, **_: Any) -> None:
        if not _of_a_server(sender):
            return
        with self._changed:
            self._answering = max(0, self._answering - 1)
            self._changed.notify_all()


def _of_a_server(sender: type | None) -> bool:
    """Whether this signal is about a server's request: what a test asks for itself ends in its own thread."""
    in_the_test = threading.current_thread() is threading.main_thread()
    return not in_the_test and sender is not None and issubclass(sender, WSGIHandler)


requests = InFlight()
