"""The processes of test_sqlite_writers: make a life in a new database, then scan it from all sides.

python -m tests.races.sqlite_writers PROCESSES BOOKLETS PASSES
"""

import json
import os
import random
import sys
from typing import Any
from uuid import UUID

import django


def main(processes: int, booklets: int, size: int) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from tests.lives import make_life

    call_command("migrate", verbosity=0)
    life = make_life(quantity=booklets, size=size, handed=booklets)
    presented = [life.number(rank, position) for rank in range(1, booklets + 1) for position in range(1, size + 1)]
    # A connection does not cross a fork.
    connections.close_all()
    answers = [in_a_process(life, presented, number) for number in range(processes)]
    print(json.dumps(summary([read_all(pipe) for pipe in answers])))  # noqa: T201  what the test reads


def in_a_process(life: Any, presented: list[str], number: int) -> int:
    """Start a process that scans everything in an order of its own; where its answers will be read."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        return reading
    os.write(writing, json.dumps(scan_all(life, presented, number)).encode())
    os._exit(0)


def scan_all(life: Any, presented: list[str], number: int) -> dict[str, list[str]]:
    from django.db import Error

    mine = presented[:]
    random.Random(number).shuffle(mine)
    outcomes: dict[str, list[str]] = {"answers": [], "failures": []}
    for rank, code in enumerate(mine):
        uuid = UUID(int=number * 10_000 + rank)
        try:
            outcomes["answers"].append(life.scan(code, uuid=uuid)["outcome"])
        except Error as error:
            outcomes["failures"].append(str(error))
    return outcomes


def read_all(pipe: int) -> dict[str, list[str]]:
    with os.fdopen(pipe) as answers:
        outcomes: dict[str, list[str]] = json.load(answers)
        return outcomes


def summary(outcomes: list[dict[str, list[str]]]) -> dict[str, Any]:
    from poincon.passes.invariants import INVARIANTS
    from poincon.passes.models import Redemption, Scan

    answers = [answer for outcome in outcomes for answer in outcome["answers"]]
    return {
        "failures": [failure for outcome in outcomes for failure in outcome["failures"]],
        "answers": len(answers),
        "accepted": answers.count("accepted"),
        "redeemed": Redemption.objects.filter(annulment=None).count(),
        "scans": Scan.objects.count(),
        "faults": [fault.detail for invariant in INVARIANTS for fault in invariant.find()],
    }


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
