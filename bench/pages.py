"""Each page of the site map in a scheme of 10,000 booklets and 100,000 passes used: server time, statements, weight.

    python -m bench.pages [part of a name or route]

A page answers in 150 ms at the 95th percentile, in this process through the WSGI handler, one request at a time; its
first visit weighs 150 kB at most (page, styles, scripts, fonts and pictures, compressed), outside the scanner, maps and
charts. Files (PDF, CSV) are told without a limit: they are made, not looked up.

The machine must have nothing else to do. A page beyond its limit is measured once more: what others took
of the machine meanwhile is not its own.
"""

import io
import logging
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from bench.scratch import scratch_database

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

    from tests.visits import Visit
    from tests.world.sessions import Sessions

LIMIT_MS = 150
#: Enough for a 95th percentile, unless the page is slow: the whole bench ends in some minutes.
MOST, LEAST, SECONDS = 20, 5, 0.4


@dataclass(frozen=True)
class Answer:
    """A response read to its end, as a server would send it."""

    status: int
    is_page: bool
    content: bytes
    milliseconds: float


@dataclass(frozen=True)
class Measure:
    """What a visit cost. ``kilobytes`` 0: a file."""

    visit: "Visit"
    p50: float
    p95: float
    statements: int
    kilobytes: float
    needs_scripts: bool

    @property
    def is_beyond(self) -> bool:
        from tests.weight import LIMIT_KB

        return bool(self.kilobytes) and (self.p95 > LIMIT_MS or (self.kilobytes > LIMIT_KB and not self.needs_scripts))

    def line(self) -> str:
        from tests.weight import LIMIT_KB

        limit = f"{self.p95 / LIMIT_MS:6.2f}" if self.kilobytes else "  file"
        weight = f"{self.kilobytes:6.0f} kB {self.kilobytes / LIMIT_KB:5.2f}" if self.kilobytes else " " * 15
        who = self.visit.person.role if self.visit.person else "visitor"
        return (
            f"  {self.visit.path[:58]:<58} {who or 'nobody':<16} {self.p50:6.0f} {self.p95:6.0f} {limit} "
            f"{self.statements:7d} {weight}{' ← beyond' if self.is_beyond else ''}"
        )


def main(part: str = "") -> None:
    with scratch_database() as engine:
        from django.conf import settings

        logging.disable(logging.WARNING)
        # Pages are asked for faster than people do: the limits by the minute are not measured.
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
        from bench.departement import BOOKLETS, REDEMPTIONS, build_departement
        from tests.site_map import known_pages
        from tests.visits import visits
        from tests.world.sessions import Sessions

        world = build_departement()
        print(f"\nPages on {engine}, {BOOKLETS} booklets, {REDEMPTIONS} passes used")
        print(f"  {'':<75} p50 ms p95 ms  /{LIMIT_MS} queries   first load /150")
        asked = [visit for address in known_pages() if part in str(address) for visit in visits(address, world)]
        measures = list(measured(asked, Sessions(world)))
    told(measures)


def told(measures: list[Measure]) -> None:
    """The summary; ends the process beyond a limit."""
    pages = [one for one in measures if one.kilobytes]
    beyond = [one for one in pages if one.is_beyond]
    slowest = max((one.p95 for one in pages), default=0.0)
    heaviest = max((one.kilobytes for one in pages if not one.needs_scripts), default=0.0)
    print(f"  {len(measures)} visits, the slowest page {slowest:.0f} ms, the heaviest {heaviest:.0f} kB")
    if beyond:
        sys.exit("too slow or too heavy: " + ", ".join(sorted({one.visit.path for one in beyond})))


def measured(asked: "list[Visit]", sessions: "Sessions") -> Iterator[Measure]:
    """The measure of each visit, said as it is known."""
    from poincon.config.wsgi import application
    from tests.world.story import Place

    for visit in asked:
        # The others see the same page with less in it.
        if visit.person is None or visit.person.place is Place.HOME:
            measure = _measure(application, visit, sessions)
            if measure is not None and measure.is_beyond:
                measure = _measure(application, visit, sessions)
            if measure is not None:
                print(measure.line(), flush=True)
                yield measure


def _measure(handler: "WSGIHandler", visit: "Visit", sessions: "Sessions") -> Measure | None:
    """None for an address that only sends elsewhere, or refuses to be read."""
    from tests.weight import kilobytes, linked_files

    cookie = sessions.cookies[visit.person] if visit.person else ""
    first = _get(handler, visit.path, cookie)
    if first.status != 200:
        return None
    statements = _statements(handler, visit.path, cookie)
    times = sorted(_timed(handler, visit.path, cookie))
    weight, html = 0.0, ""
    if first.is_page:
        html = first.content.decode()
        weight = kilobytes(first.content, linked_files(html), fetch=lambda path: _get(handler, path, cookie).content)
    p95 = times[min(len(times) - 1, round(len(times) * 0.95) - 1)]
    needs_scripts = "data-needs-scripts" in html or "data-map" in html
    return Measure(visit, statistics.median(times), p95, statements, weight, needs_scripts)


def _timed(handler: "WSGIHandler", path: str, cookie: str) -> Iterator[float]:
    """Milliseconds of each answer."""
    began = time.perf_counter()
    for rank in range(MOST):
        if rank >= LEAST and time.perf_counter() - began > SECONDS:
            return
        yield _get(handler, path, cookie).milliseconds


def _statements(handler: "WSGIHandler", path: str, cookie: str) -> int:
    """How many statements the page sends, once what is read once a process is known."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        _get(handler, path, cookie)
    return len(captured)


def _get(handler: "WSGIHandler", path: str, cookie: str) -> Answer:
    """What a server does with a request: call the application, send what it gives, close it."""
    from django.conf import settings

    answered: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], _failure: Any = None) -> Any:
        answered.update(status=int(status[:3]), type=dict(headers).get("Content-Type", ""))

    url = urlsplit(path)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": url.path.encode().decode("latin-1"),
        "QUERY_STRING": quote(url.query, safe="=&+%"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={cookie}" if cookie else "",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
    start = time.perf_counter()
    response = handler(environ, start_response)
    content = b"".join(response)
    response.close()
    spent = (time.perf_counter() - start) * 1000
    return Answer(answered["status"], answered["type"].startswith("text/html"), content, spent)


if __name__ == "__main__":
    main(*sys.argv[1:])
