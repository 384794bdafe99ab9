"""Ordering and numbering 100,000 booklets (1 million passes), then moving them: seconds and memory against the limits.

python -m bench.ordering [booklets]
"""

import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from bench.scratch import scratch_database

LIMIT_SECONDS = 15
#: "Memory flat": ten times more booklets than the batch before may not take more than this.
MOST_GROWTH_MB = 60
SIZE = 10

Result = TypeVar("Result")


def main(booklets: int = 100_000) -> None:
    with scratch_database() as engine:
        from poincon.passes import keys
        from poincon.passes.ranges import whole_batch
        from poincon.passes.services.activate import activate
        from poincon.passes.services.move import receive, send
        from poincon.passes.services.order import enter_stock, order_batch
        from poincon.passes.services.printing import approve_proof
        from tests.factories import SYSTEM, make_receipt, make_scheme

        scheme = make_scheme()
        make_receipt(scheme.programme, booklets * SIZE * 1000)
        keys.rotate(by=SYSTEM)
        print(f"\nA batch of {booklets:,} booklets of {SIZE}, {engine}".replace(",", " "))
        order_batch(by=SYSTEM, programme=scheme.programme, quantity=max(1, booklets // 10), size=SIZE)
        before = _peak_mb()
        share = booklets / 100_000
        batch = _measure(
            "order and number",
            lambda: order_batch(by=SYSTEM, programme=scheme.programme, quantity=booklets, size=SIZE),
            LIMIT_SECONDS * share,
        )
        growth = _peak_mb() - before
        print(f"  memory grew by {growth:.0f} MB   {growth / MOST_GROWTH_MB:.2f} of the limit ({MOST_GROWTH_MB} MB)")
        approve_proof(by=SYSTEM, batch=batch)
        _measure("enter in stock", lambda: enter_stock(by=SYSTEM, batch=batch), LIMIT_SECONDS * share)
        _measure("activate", lambda: activate(by=SYSTEM, batch=batch), LIMIT_SECONDS * share)
        everything = [whole_batch(batch.pk, batch.quantity)]
        sender, receiver = batch.stock_holder, scheme.prescriber
        transfer = _measure(
            "send",
            lambda: send(by=SYSTEM, sender=sender, receiver=receiver, ranges=everything),
            LIMIT_SECONDS * share,
        )
        _measure("receive", lambda: receive(by=SYSTEM, transfer=transfer), LIMIT_SECONDS * share)
    if growth > MOST_GROWTH_MB:
        sys.exit("memory grows with the batch")


def _measure(what: str, work: Callable[[], Result], limit: float) -> Result:
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    print(f"  {what:<18} {seconds:7.2f} s   {seconds / limit:5.2f} of the limit ({limit:.1f} s)")
    if seconds > limit:
        sys.exit(f"too slow: {what}")
    return result


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
