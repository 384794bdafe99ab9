"""Closing a month: 100,000 passes used at 500 operators, in at most 30 seconds; then proving all of it.

python -m bench.closing [passes] [operators]
"""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bench.rows import clone, day_of, uuid_of
from bench.scratch import scratch_database

if TYPE_CHECKING:
    from tests.factories import Scheme

LIMIT_SECONDS = 30
#: ``poincon check`` has 20 seconds for 1 million redemptions and all domains together.
CHECK_SECONDS_PER_PASS = 20 / 1_000_000
BOOKLET = 10
DAYS = 31
#: In cents: more than all these passes are worth.
PLENTY = 1_000_000_000


def main(passes: int = 100_000, operators: int = 500) -> None:
    with scratch_database() as engine:
        scheme = _build(passes, operators)
        print(f"\nClosing a month on {engine}: {passes} passes, {operators} operators")
        _measure("close the month", lambda: _close(scheme, operators), LIMIT_SECONDS * passes / 100_000)
        _measure("close it again (nothing new)", lambda: _close(scheme, 0), LIMIT_SECONDS * passes / 100_000)
        _measure("prove statements and payments", _prove, CHECK_SECONDS_PER_PASS * passes)


def _measure(what: str, work: Callable[[], None], limit: float) -> None:
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"  {what:<32} {seconds:7.2f} s   {seconds / limit:5.2f} of the limit ({limit:.1f} s)")
    if seconds > limit:
        sys.exit(f"too slow: {what}")


def _close(scheme: "Scheme", expected: int) -> None:
    from tests.settlement.making import close

    statements = close(scheme)
    if len(statements) != expected:
        sys.exit(f"{len(statements)} statements instead of {expected}")


def _prove() -> None:
    from poincon.settlement.invariants import INVARIANTS

    faults = [fault for invariant in INVARIANTS for fault in invariant.find()]
    if faults:
        sys.exit(f"faults: {faults[:3]}")


def _build(passes: int, operators: int) -> "Scheme":
    """A programme, its operators, and the month's scans and redemptions, cloned from one of each in the database."""
    from poincon.passes.models import Booklet, Scan
    from tests.factories import make_organisation, make_receipt, make_scheme
    from tests.settlement.making import MARCH, use_passes

    scheme = make_scheme()
    # The row that is copied belongs to another programme: it does not count.
    elsewhere = make_scheme()
    [model] = use_passes(elsewhere)
    # What is owed must be covered, or the proof says so.
    for programme in (scheme.programme, elsewhere.programme):
        make_receipt(programme, PLENTY)
    model_scan, model_booklet = model.scan, model.booklet
    first_operator = min(make_organisation(name=f"Opérateur {rank}").pk for rank in range(operators))
    booklets = passes // BOOKLET
    clone(model_booklet, booklets, rank="1000000 + i", number="50000000000 + i")
    first_booklet = Booklet.objects.exclude(pk=model_booklet.pk).order_by("pk").values_list("pk", flat=True)[0]
    of_booklet = f"{first_booklet} + (i - 1) / {BOOKLET}"
    clone(
        model_scan, passes, uuid=uuid_of("i"), booklet_id=of_booklet, operator_id=f"{first_operator} + i % {operators}"
    )
    first_scan = Scan.objects.exclude(pk=model_scan.pk).order_by("pk").values_list("pk", flat=True)[0]
    for rank in range(DAYS):
        clone(
            model,
            passes,
            only=f"i % {DAYS} = {rank}",
            programme_id=str(scheme.programme.pk),
            scan_id=f"{first_scan} - 1 + i",
            booklet_id=of_booklet,
            position=f"(i - 1) % {BOOKLET} + 1",
            operator_id=f"{first_operator} + i % {operators}",
            day=day_of(MARCH + timedelta(days=rank)),
        )
    return scheme


if __name__ == "__main__":
    arguments: list[Any] = [int(argument) for argument in sys.argv[1:]]
    main(*arguments)
