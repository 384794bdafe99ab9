"""A server as slow as the worst machine: each answer comes late, then in two halves (``pytest --slow-server``).

A test that looks at a page before the page is there passes on a quick machine and fails one day on another. Here it
fails each time: after any change to the tests that drive a browser, run them once so.
"""

import time
from typing import Any
from wsgiref.handlers import BaseHandler

#: Seconds, before the answer and in the middle of it.
LATE = 0.3

_answer_at_once = BaseHandler.write


def answer_slowly() -> None:
    """From now on, in this process."""
    BaseHandler.write = _answer_late  # type: ignore[assignment]  # a stand-in for one method, while tests run


def _answer_late(handler: Any, data: bytes) -> None:
    if not handler.headers_sent:
        time.sleep(LATE)
        half = len(data) // 2
        if half:
            _answer_at_once(handler, data[:half])
            time.sleep(LATE)
            data = data[half:]
    _answer_at_once(handler, data)
