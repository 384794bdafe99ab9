"""Redemption over HTTP, all rules and barriers on, against a thin view in the same server; and offline batches.

    python -m bench.redemption [seconds]

The programme has its three ceilings, each booklet was handed over to a person with a case file, and every scan presents
a signed code: nothing of what a département would switch on is off.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID, uuid4

from bench.checking import fill
from bench.load import Load, exchange, request_bytes, run
from bench.scratch import scratch_database

if TYPE_CHECKING:
    from poincon.passes.models import Batch
    from tests.factories import Scheme

CLIENTS = 8
DEVICES = 400
BOOKLETS = 6_000
SIZE = 10
LEAST_OF_THIN = 0.7
MOST_P99_OF_P50 = 4
LEAST_OFFLINE_PASSES = 5_000
#: Each measure is taken in as many parts.
ROUNDS = 4
BATCH = 1_000
OFFLINE_REQUESTS = 20
EARLIER_BOOKLETS = 10_000


def main(seconds: float = 3) -> None:
    with scratch_database() as engine:
        if engine != "PostgreSQL":
            print("redemption over HTTP is measured on PostgreSQL: run it with `make bench`")
            return
        # A table in service is not empty, and the planner knows it.
        fill(EARLIER_BOOKLETS)
        scheme, batch = _build()
        codes = _codes(batch)
        with _server() as port:
            _warm_up(port, scheme, codes)
            raw, peer, punches = _peer_queues("/one-statement"), _peer_queues("/thin"), _scan_queues(scheme, codes)
            batches = iter(_offline_requests(scheme, codes))
            one = thin = ours = offline = Load()
            # One after the other, several times: a neighbour that wakes up slows all of them.
            for _ in range(ROUNDS):
                one += run(port, raw, seconds=seconds)
                thin += run(port, peer, seconds=seconds)
                ours += run(port, punches, seconds=seconds)
                offline += _offline(port, islice(batches, OFFLINE_REQUESTS // ROUNDS))
    _report(one, thin, ours, offline)


def _report(one: Load, thin: Load, ours: Load, batches: Load) -> None:
    offline = batches.per_second * BATCH
    print(f"\nRedemption over HTTP, PostgreSQL, {CLIENTS} clients")
    for name, load in (("one raw statement", one), ("thin ORM view", thin), ("POST /api/v1/scans", ours)):
        ratio = load.per_second / thin.per_second
        print(
            f"  {name:<20} {load.per_second:7.0f}/s   {ratio:5.2f} × thin   "
            f"p50 {load.p50:5.1f} ms   p99 {load.p99:5.1f} ms ({load.p99 / load.p50:.1f} × p50)"
        )
    print(
        f"  offline batch of 1 000 {offline:6.0f} passes/s   {offline / LEAST_OFFLINE_PASSES:.2f} of the floor   "
        f"p50 {batches.p50:.0f} ms"
    )
    too_slow = (
        ours.per_second < LEAST_OF_THIN * thin.per_second
        or ours.p99 > MOST_P99_OF_P50 * ours.p50
        or offline < LEAST_OFFLINE_PASSES
    )
    if too_slow:
        sys.exit("redemption is beyond a limit")


def _build() -> "tuple[Scheme, Batch]":
    from django.db import connection
    from django.utils import timezone

    from bench.peers import PEERS
    from poincon.beneficiaries.models import Beneficiary, CaseFile
    from poincon.organisations.devices import token_digest
    from poincon.organisations.enums import Role
    from poincon.organisations.models import Device
    from poincon.passes.enums import Custody
    from poincon.passes.models import Booklet, HandOver
    from poincon.passes.positions import all_passes
    from tests.factories import make_membership, make_receipt, make_scheme, make_user
    from tests.passes.conftest import active_batch, delivered

    # Valid since long enough for the scans that waited off line.
    now = timezone.now() - timedelta(days=2)
    scheme = make_scheme(
        max_passes_per_session=SIZE, max_passes_per_day=SIZE, max_passes_per_person=SIZE, offline_max_passes=5000
    )
    make_receipt(scheme.programme, BOOKLETS * SIZE * 1000)
    batch = active_batch(scheme, quantity=BOOKLETS, size=SIZE, now=now)
    delivered(batch, scheme.prescriber, now=now)
    user = make_user()
    make_membership(Role.MEDIATOR, scheme.operator, user=user)
    Device.objects.bulk_create(
        Device(operator=scheme.operator, label=f"Appareil {i}", token_digest=token_digest(_token(i)), enrolled_by=user)
        for i in range(DEVICES)
    )
    # Handing over has its own speed; here only its result counts.
    people = Beneficiary.objects.bulk_create(Beneficiary(birth_year=1950) for _ in range(BOOKLETS))
    files = CaseFile.objects.bulk_create(
        CaseFile(programme=scheme.programme, beneficiary=person, prescriber=scheme.prescriber) for person in people
    )
    booklets = list(Booklet.objects.filter(batch=batch).order_by("rank"))
    HandOver.objects.bulk_create(
        HandOver(
            booklet=booklet, passes=all_passes(SIZE), case_file=file, prescriber=scheme.prescriber, by_label="bench"
        )
        for booklet, file in zip(booklets, files, strict=True)
    )
    Booklet.objects.filter(batch=batch).update(handed=all_passes(SIZE), custody=Custody.PERSON)
    with connection.schema_editor() as editor:
        for model in PEERS:
            editor.create_model(model)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_token (digest) VALUES (%s)", ["bench"])
        cursor.execute("INSERT INTO bench_voucher (used) SELECT 0 FROM generate_series(1, 10000)")
        cursor.execute("ANALYZE")
    return scheme, batch


def _token(rank: int) -> str:
    return f"poincon_bench_{rank}"


def _codes(batch: "Batch") -> list[str]:
    """Every pass of the batch, as its printed code; neighbours are of different booklets."""
    from poincon.passes import keys
    from poincon.passes.codes import Payload, code_url
    from poincon.passes.models import Booklet

    key, identifier = keys.signer(batch.signing_key), batch.signing_key.identifier
    rows = list(Booklet.objects.filter(batch=batch).order_by("rank").values_list("rank", "number"))
    packed = [
        Payload(identifier, batch.pk, rank, number, position).packed()
        for position in range(1, SIZE + 1)
        for rank, number in rows
    ]
    return [code_url("https://pass.exemple.fr", data + key.sign(data)) for data in packed]


@contextmanager
def _server() -> Iterator[int]:
    from django.db import connection

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base, name = connection.settings_dict, connection.settings_dict["NAME"]
    host = quote(base["HOST"], safe="")
    url = f"postgresql://{base['USER']}:{base['PASSWORD']}@{host}:{base['PORT']}/{name}"
    command = ["granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "bench.site:application"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command], env=os.environ | {"DATABASE_URL": url, "POINCON_MODE": "development"}
    )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        if server.poll() is not None:
            sys.exit("the server did not start")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("the server does not answer")


def _peer_queues(path: str) -> list[Iterator[bytes]]:
    def body(number: int) -> bytes:
        return json.dumps({"token": "bench", "voucher": number % 10_000 + 1}).encode()

    return [iter([request_bytes(path, body(i * 1000 + client)) for i in range(20_000)]) for client in range(CLIENTS)]


def _scan(scheme: "Scheme", code: str, *, uuid: UUID, age: timedelta = timedelta(0)) -> dict[str, object]:
    from django.utils import timezone

    moment = (timezone.now() - age).isoformat()
    venue, service = scheme.venue.pk, scheme.service.code
    return {"id": str(uuid), "code": code, "passes": 1, "venue": venue, "service": service, "occurred_at": moment}


def _scan_queues(scheme: "Scheme", codes: list[str]) -> list[Iterator[bytes]]:
    """Half of the codes, dealt to the clients; the other half is kept for the offline batches."""
    queues: list[list[bytes]] = [[] for _ in range(CLIENTS)]
    for rank, code in enumerate(codes[: len(codes) // 2]):
        body = json.dumps({"scans": [_scan(scheme, code, uuid=uuid4())]}).encode()
        queues[rank % CLIENTS].append(request_bytes("/api/v1/scans", body, token=_token(rank % DEVICES)))
    return [iter(queue) for queue in queues]


def _warm_up(port: int, scheme: "Scheme", codes: list[str]) -> None:
    """Let each worker import, connect and fill its caches."""
    body = json.dumps({"scans": [_scan(scheme, codes[-1], uuid=uuid4())]}).encode()
    queue = [request_bytes("/api/v1/scans", body, token=_token(i)) for i in range(20)]
    run(port, [iter(queue) for _ in range(CLIENTS)], seconds=30)
    run(port, [islice(queue, 50) for queue in _peer_queues("/thin")], seconds=30)


def _offline_requests(scheme: "Scheme", codes: list[str]) -> Iterator[bytes]:
    """What devices send when they come back: 1,000 queued scans each."""
    kept = codes[len(codes) // 2 :]
    for rank in range(OFFLINE_REQUESTS):
        scans = [
            _scan(scheme, code, uuid=uuid4(), age=timedelta(hours=2))
            for code in kept[rank * BATCH : rank * BATCH + BATCH]
        ]
        yield request_bytes("/api/v1/scans", json.dumps({"scans": scans}).encode(), token=_token(rank))


def _offline(port: int, requests: Iterable[bytes]) -> Load:
    """One batch after the other, each by another device."""
    load = Load()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for request in requests:
            start = time.perf_counter()
            answer = exchange(connection, request)
            elapsed = time.perf_counter() - start
            load += Load((elapsed * 1000,), elapsed)
            refused = [result for result in json.loads(answer)["results"] if result["outcome"] != "accepted"]
            if refused:
                sys.exit(f"a scan was refused: {refused[0]}")
    return load


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
