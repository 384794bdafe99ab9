"""The tables wait for the requests, and the requests for the tables."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started

from tests.in_flight import PATIENCE, requests

#: Seconds in which a thread that waits for nothing has gone on.
MOMENT = 0.2


@pytest.fixture
def server() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def begin() -> None:
    request_started.send(sender=WSGIHandler)


def end() -> None:
    request_finished.send(sender=WSGIHandler)


def test_the_tables_wait_for_a_request_to_end(server: ThreadPoolExecutor) -> None:
    server.submit(begin).result(PATIENCE)
    emptied = threading.Event()

    def empty() -> None:
        with requests.none():
            emptied.set()

    emptying = threading.Thread(target=empty)
    emptying.start()
    waited = not emptied.wait(MOMENT)
    server.submit(end).result(PATIENCE)
    emptying.join(PATIENCE)
    assert (waited, emptied.is_set()) == (True, True)


def test_a_request_waits_for_the_tables(server: ThreadPoolExecutor) -> None:
    with requests.none():
        begun = server.submit(begin)
        with pytest.raises(TimeoutError):
            begun.result(MOMENT)
    begun.result(PATIENCE)
    server.submit(end).result(PATIENCE)
