"""Each page of the site map at 10,000 booklets and 100,000 passes used: what it weighs, and how long the server takes.

python -m bench.pages [part of a name or route]

Homes and lists answer in 150 ms at the 95th percentile; a first visit weighs 150 kB at most, compressed, outside the
scanner and the maps. Files (PDF, CSV) are told without a limit: they are made, not looked up.
"""

import logging
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.scratch import scratch_database

if TYPE_CHECKING:
    from tests.visits import Visit
    from tests.world import World
    from tests.world.sessions import Sessions

LIMIT_MS = 150
MANY, REDEMPTIONS = 10_000, 100_000
#: Enough for a 95th percentile, unless the page is slow: the whole bench ends in two minutes.
MOST, LEAST, SECONDS = 20, 3, 0.5


@dataclass(frozen=True)
class Measure:
    """What a visit cost. ``kilobytes`` 0: a file."""

    visit: "Visit"
    p50: float
    p95: float
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
        mark = " ← beyond" if self.is_beyond else ""
        return (
            f"  {self.visit.path[:58]:<58} {who or 'nobody':<16} {self.p50:6.0f} {self.p95:6.0f} {limit} {weight}{mark}"
        )


def main(part: str = "") -> None:
    with scratch_database() as engine:
        from django.conf import settings

        logging.disable(logging.WARNING)
        # Pages are asked for faster than people do: the limits by the minute are not measured.
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
        from tests.world import build_full
        from tests.world.many import fill_ledger, multiply
        from tests.world.sessions import Sessions

        world = build_full()
        multiply(world, MANY)
        fill_ledger(world, REDEMPTIONS)
        _analyse()
        print(f"\nPages on {engine}, {MANY} booklets, {REDEMPTIONS} passes used")
        print(f"  {'':<75} p50 ms p95 ms  /{LIMIT_MS}   first load /150")
        measures = list(_measures(world, Sessions(world), part))
    beyond = [one for one in measures if one.is_beyond]
    print(f"  {len(measures)} visits, {len(beyond)} beyond a limit")
    if beyond:
        sys.exit("too slow or too heavy: " + ", ".join(sorted({one.visit.path for one in beyond})))


def _measures(world: "World", sessions: "Sessions", part: str) -> Iterator[Measure]:
    from tests.site_map import known_pages
    from tests.visits import visits
    from tests.world.story import Place

    for address in known_pages():
        if part not in str(address):
            continue
        for visit in visits(address, world):
            # The others see the same page with less in it.
            if visit.person is None or visit.person.place is Place.HOME:
                measure = _measure(visit, sessions)
                if measure is not None:
                    print(measure.line())
                    yield measure


def _measure(visit: "Visit", sessions: "Sessions") -> Measure | None:
    """None for an address that only sends elsewhere, or refuses to be read."""
    from tests.weight import kilobytes, linked_files
    from tests.www.reading import is_page

    client = sessions.client(visit.person)
    response = _get(client, visit.path)
    if response.status_code != 200:
        return None
    times = sorted(_timed(client, visit.path))
    weight, html = 0.0, ""
    if is_page(response):
        html = response.content.decode()
        weight = kilobytes(response.content, linked_files(html), fetch=lambda path: _get(client, path).content)
    p95 = times[min(len(times) - 1, round(len(times) * 0.95) - 1)]
    needs_scripts = "data-needs-scripts" in html or "data-map" in html
    return Measure(visit, statistics.median(times), p95, weight, needs_scripts)


def _timed(client: Any, path: str) -> Iterator[float]:
    """Milliseconds of each answer, read to its end."""
    began = time.perf_counter()
    for rank in range(MOST):
        start = time.perf_counter()
        if start - began > SECONDS * (1 if rank >= LEAST else LEAST):
            return
        _get(client, path)
        yield (time.perf_counter() - start) * 1000


def _get(client: Any, path: str) -> Any:
    response = client.get(path)
    if response.streaming:
        b"".join(response.streaming_content)
        response.close()
    return response


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main(*sys.argv[1:])
