"""The state that a device keeps off line: 1 million passes used at random, in at most 150 kB and 0.3 seconds.

    python -m bench.state [booklets]

Random use is the worst case: nothing is left to compress. The time is the server's, for the whole request: who calls,
the version, the bitmap, JSON and gzip.
"""

import statistics
import sys
import time
from typing import TYPE_CHECKING

from bench.scratch import scratch_database

if TYPE_CHECKING:
    from django.test import Client

    from poincon.passes.models import Batch

LIMIT_BYTES = 150_000
LIMIT_SECONDS = 0.3
SIZE = 10
TOKEN = "poincon_mesure"
REQUESTS = 5


def main(booklets: int = 100_000) -> None:
    with scratch_database() as engine:
        from django.test import Client

        _use_at_random(_batch(booklets))
        print(f"\nState of a device, {engine}: {booklets * SIZE:,} passes used at random".replace(",", " "))
        client = Client(headers={"Host": "localhost", "Authorization": f"Bearer {TOKEN}", "Accept-Encoding": "gzip"})
        size, seconds, tag = _measure(client)
        _, unchanged, _ = _measure(client, tag)
    share = booklets * SIZE / 1_000_000
    kept = [
        _compare("size", size / 1000, LIMIT_BYTES / 1000 * share, "kB"),
        _compare("time", seconds, LIMIT_SECONDS * share, "s"),
        _compare("time, unchanged", unchanged, LIMIT_SECONDS * share, "s"),
    ]
    if not all(kept):
        sys.exit("a limit is passed")


def _batch(booklets: int) -> "Batch":
    """An active batch, and a device of an operator qualified for it."""
    from poincon.organisations.devices import token_digest
    from poincon.organisations.enums import Role
    from poincon.organisations.models import Device
    from poincon.passes import keys
    from poincon.passes.services.activate import activate
    from poincon.passes.services.order import enter_stock, order_batch
    from poincon.passes.services.printing import approve_proof
    from tests.factories import SYSTEM, make_membership, make_receipt, make_scheme

    scheme = make_scheme()
    make_receipt(scheme.programme, booklets * SIZE * 1000)
    keys.rotate(by=SYSTEM)
    mediator = make_membership(Role.MEDIATOR, scheme.operator).user
    Device.objects.create(
        operator=scheme.operator, label="Téléphone", token_digest=token_digest(TOKEN), enrolled_by=mediator
    )
    batch = order_batch(by=SYSTEM, programme=scheme.programme, quantity=booklets, size=SIZE)
    approve_proof(by=SYSTEM, batch=batch)
    enter_stock(by=SYSTEM, batch=batch)
    return activate(by=SYSTEM, batch=batch)


def _use_at_random(batch: "Batch") -> None:
    """Each pass used with one chance in two, straight in the database: a million scans would take minutes."""
    from django.db import connection

    everything = 2**SIZE - 1
    drawn = f"random() & {everything}" if connection.vendor == "sqlite" else f"floor(random() * {everything + 1})"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE passes_booklet SET handed = {everything}, used = {drawn} WHERE batch_id = {batch.pk}")


def _measure(client: "Client", tag: str = "") -> tuple[int, float, str]:
    """Bytes on the wire, median seconds, and the tag of the answer."""
    durations = []
    for _ in range(REQUESTS):
        start = time.perf_counter()
        answer = client.get("/api/v1/scanner/state", headers={"If-None-Match": tag})
        durations.append(time.perf_counter() - start)
    if answer.status_code != (304 if tag else 200):
        sys.exit(f"answered {answer.status_code}")
    return len(answer.content), statistics.median(durations), answer.headers["ETag"]


def _compare(what: str, value: float, limit: float, unit: str) -> bool:
    print(f"  {what:<18} {value:8.3f} {unit:<2}   {value / limit:5.2f} of the limit ({limit:.1f} {unit})")
    return value <= limit


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
