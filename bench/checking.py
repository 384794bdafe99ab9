"""``poincon check`` on 1 million redemptions, in at most 20 seconds; then sealing and verifying them.

python -m bench.checking [redemptions]
"""

import sys
import time
from collections.abc import Callable

from bench.rows import clone, uuid_of
from bench.scratch import scratch_database

LIMIT_SECONDS = 20
#: No floor is set for seals: they run at night. Told, so that a change shows.
SEAL_SECONDS = 180
SIZE = 10


def main(redemptions: int = 1_000_000) -> None:
    with scratch_database() as engine:
        from poincon.kernel.seals import seal, verify

        fill(redemptions // SIZE)
        print(f"\nProving {redemptions:,} redemptions, {engine}".replace(",", " "))
        share = redemptions / 1_000_000
        _measure("poincon check", _check, LIMIT_SECONDS * share)
        _measure("seal", lambda: _expect(seal().facts > 0), SEAL_SECONDS * share)
        _measure("verify", lambda: _expect(not verify()), SEAL_SECONDS * share)


def _measure(what: str, work: Callable[[], None], limit: float) -> None:
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"  {what:<18} {seconds:7.2f} s   {seconds / limit:5.2f} of the limit ({limit:.1f} s)")
    if seconds > limit:
        sys.exit(f"too slow: {what}")


def _expect(true: bool) -> None:
    if not true:
        sys.exit("the data of the bench does not prove right")


def _check() -> None:
    from poincon.kernel.invariants import INVARIANTS as OF_THE_KERNEL
    from poincon.passes.invariants import INVARIANTS as OF_PASSES
    from poincon.programmes.invariants import INVARIANTS as OF_PROGRAMMES
    from poincon.settlement.invariants import INVARIANTS as OF_SETTLEMENT

    for invariant in (*OF_THE_KERNEL, *OF_PROGRAMMES, *OF_PASSES, *OF_SETTLEMENT):
        start = time.perf_counter()
        faults = invariant.find()
        print(f"    {invariant.code:<34} {time.perf_counter() - start:6.2f} s")
        if faults:
            sys.exit(f"{invariant.code}: {faults[:3]}")


def fill(booklets: int) -> None:
    """One life played by the verbs, then cloned: all booklets handed over and used up."""
    from django.db import connection

    from poincon.passes.models import Batch, Booklet, HandOver, Movement, Redemption, Scan
    from poincon.passes.positions import all_passes
    from poincon.passes.services.redeem import redeem
    from tests.factories import NOW, make_receipt
    from tests.lives import make_life

    life = make_life(quantity=1, size=SIZE)
    redeem([life.request(passes=1)], scanner=life.scanner, now=NOW)
    make_receipt(life.scheme.programme, booklets * SIZE * 1000 + 10_000_000)
    model_batch = life.batch
    clone(model_batch, 1, number="2", quantity=str(booklets))
    batch = Batch.objects.latest("pk")
    clone(Movement.objects.earliest("pk"), 1, batch_id=str(batch.pk), last_rank=str(booklets))
    used = str(all_passes(SIZE))
    clone(
        Booklet.objects.get(batch=model_batch),
        booklets,
        batch_id=str(batch.pk),
        rank="i",
        number="20000000000 + i",
        used=used,
    )
    first_booklet = Booklet.objects.filter(batch=batch).earliest("pk").pk
    clone(HandOver.objects.get(), booklets, booklet_id=f"{first_booklet} - 1 + i")
    of_booklet = f"{first_booklet} + (i - 1) / {SIZE}"
    clone(Scan.objects.get(), booklets * SIZE, uuid=uuid_of("i + 1000"), booklet_id=of_booklet)
    first_scan = Scan.objects.exclude(booklet__batch=model_batch).earliest("pk").pk
    clone(
        Redemption.objects.get(),
        booklets * SIZE,
        scan_id=f"{first_scan} - 1 + i",
        booklet_id=of_booklet,
        position=f"(i - 1) % {SIZE} + 1",
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
