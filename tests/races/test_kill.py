"""A server killed in the middle of a load, as by a power cut: every answer given stands, and no pass is used twice."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from poincon.network.models import Qualification
from poincon.organisations.devices import token_digest
from poincon.organisations.models import Device
from poincon.passes.invariants import INVARIANTS
from poincon.passes.models import Batch, Redemption, Scan
from tests.lives import Life, make_life
from tests.races.together import PATIENCE

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

CLIENTS = 6
BOOKLETS = 30
SIZE = 10
#: Answers read before the server is killed.
ENOUGH = 60


@dataclass
class Load:
    """Clients that post scans one by one, and keep each answer they could read whole."""

    items: Iterator[dict[str, Any]]
    port: int
    answers: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    enough: threading.Event = field(default_factory=threading.Event)

    def run(self, token: str) -> None:
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as client,
        ):
            while (item := self.next_item()) is not None:
                self.keep(item, post(client, token, item))

    def next_item(self) -> dict[str, Any] | None:
        with self.lock:
            item = next(self.items, None)
            if item is not None:
                self.asked.append(item)
            return item

    def keep(self, item: dict[str, Any], verdict: dict[str, Any]) -> None:
        with self.lock:
            self.answers[UUID(item["id"])] = verdict
            if len(self.answers) >= ENOUGH:
                self.enough.set()


def post(client: http.client.HTTPConnection, token: str, item: dict[str, Any]) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    client.request("POST", "/api/v1/scans", json.dumps({"scans": [item]}), headers)
    response = client.getresponse()
    body = response.read()
    assert response.status == 200, body
    (verdict,) = json.loads(body)["results"]
    return dict(verdict)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def database_of_this_test() -> str:
    server = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(server._replace(path=f"/{connection.settings_dict['NAME']}"))


@contextmanager
def server(port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The production server on the database of this test, two processes; killed with all its processes at the end."""
    environment = os.environ | {
        "DATABASE_URL": database_of_this_test(),
        "DJANGO_SETTINGS_MODULE": "poincon.config.settings",
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4"]
    command += ["--host", "127.0.0.1", "--port", str(port), "poincon.config.wsgi:application"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_until_it_answers(port, process)
        yield process
    finally:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill -9 the server and every process it started: they are alone in their session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)


def wait_until_it_answers(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 3 * PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server does not start"
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as client,
        ):
            client.request("GET", "/sante")
            client.getresponse().read()
            return
        time.sleep(0.05)
    raise AssertionError("the server does not answer")


def wait_until_nobody_writes() -> None:
    """PostgreSQL notices that its clients died as it next speaks to them: what they had not committed is undone."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend' AND state <> 'idle'"
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.02)
    raise AssertionError("somebody still writes")


def a_crowd() -> tuple[Life, list[str]]:
    """Booklets valid whatever the day of this run, and a device for each client."""
    life = make_life(quantity=BOOKLETS, size=SIZE, handed=BOOKLETS)
    Batch.objects.update(valid_from=date(2020, 1, 1), valid_until=date(2100, 1, 1))
    Qualification.objects.update(valid_from=date(2020, 1, 1))
    tokens = [f"poincon_{number}" for number in range(CLIENTS)]
    for token in tokens:
        Device.objects.create(
            operator=life.scheme.operator,
            label=token,
            token_digest=token_digest(token),
            enrolled_by_id=life.scanner.user_id,
        )
    return life, tokens


def items_of(life: Life) -> Iterator[dict[str, Any]]:
    """Every pass of every booklet, each asked twice under two identifiers: half of them must be refused."""
    numbers = count(1)
    for rank in range(1, BOOKLETS + 1):
        for position in range(1, SIZE + 1):
            for _ in range(2):
                yield {
                    "id": str(UUID(int=next(numbers))),
                    "code": life.number(rank, position),
                    "venue": life.scheme.venue.pk,
                    "service": life.scheme.service.code,
                    "occurred_at": timezone.now().isoformat(),
                }


def send(load: Load, tokens: list[str]) -> list[threading.Thread]:
    clients = [threading.Thread(target=load.run, args=(token,)) for token in tokens]
    for client in clients:
        client.start()
    return clients


def broken(answers: dict[UUID, dict[str, Any]]) -> list[UUID]:
    """The answers given that the database does not hold word for word, or whose passes are not used."""
    kept = {scan.uuid: json.loads(scan.verdict) for scan in Scan.objects.filter(uuid__in=answers)}
    used = set(Redemption.objects.filter(annulment=None).values_list("scan__uuid", flat=True))
    return [
        uuid
        for uuid, answer in answers.items()
        if kept.get(uuid) != answer or (answer["outcome"] == "accepted") is not (uuid in used)
    ]


def test_every_answer_survives_kill_9() -> None:
    life, tokens = a_crowd()
    port = free_port()
    everything = list(items_of(life))
    load = Load(iter(everything), port)
    with server(port) as process:
        clients = send(load, tokens)
        assert load.enough.wait(3 * PATIENCE)
        kill(process)
        for client in clients:
            client.join(PATIENCE)
    wait_until_nobody_writes()
    given = dict(load.answers)
    assert ENOUGH <= len(given) < len(everything), "killed too late to prove anything"
    assert broken(given) == []
    assert [fault for invariant in INVARIANTS for fault in invariant.find()] == []
    # The devices send again what they do not know the answer of, and, to be sure, all the rest.
    again = Load(iter(load.asked), port)
    with server(port):
        for client in send(again, tokens):
            client.join(3 * PATIENCE)
    assert {uuid: again.answers[uuid] for uuid in given} == given
    assert len(again.answers) == Scan.objects.count() == len(load.asked)
    assert broken(again.answers) == []
    accepted = [answer for answer in again.answers.values() if answer["outcome"] == "accepted"]
    assert len(accepted) == len({item["code"] for item in load.asked})


def test_an_answer_that_was_not_kept_would_be_seen() -> None:
    """The twin: what the test above looks for, put there."""
    life, _ = a_crowd()
    verdict = life.scan(life.number(1, 1), occurred_at=timezone.now(), now=timezone.now())
    assert verdict["outcome"] == "accepted"
    told, invented = UUID(verdict["id"]), UUID(int=10**6)
    assert broken({told: verdict}) == []
    assert broken({told: verdict | {"outcome": "refused"}, invented: verdict}) == [told, invented]
