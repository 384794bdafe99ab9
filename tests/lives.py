"""A booklet in somebody's hands, and a scanner in front of it: the start of most tests of scans.

Folders that need them import the fixtures into their conftest: ``live`` and ``contexts_are_fresh``.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from poincon.organisations.devices import Scanner, recognise, token_digest
from poincon.organisations.enums import Role
from poincon.organisations.models import Device, Organisation
from poincon.passes import codes, context, keys
from poincon.passes.codes import Payload
from poincon.passes.models import Batch, Booklet
from poincon.passes.ranges import BookletRange
from poincon.passes.rules import ScanRequest
from poincon.passes.services.activate import activate
from poincon.passes.services.hand_over import hand_over
from poincon.passes.services.move import receive, send
from poincon.passes.services.order import enter_stock, order_batch
from poincon.passes.services.printing import approve_proof
from poincon.passes.services.redeem import redeem
from poincon.programmes.models.programme import LARGEST_BOOKLET
from tests.factories import NOW, SYSTEM, Scheme, make_membership, make_scheme, make_user

TOKEN = "poincon_essai"


@pytest.fixture(autouse=True)
def contexts_are_fresh() -> None:
    """Rows and versions are numbered anew in each test, so what was kept of the test before means something else."""
    context.forget()
    keys.KNOWN_VERIFIERS.clear()


def active_batch(scheme: Scheme, *, quantity: int = 3, size: int = 10, now: datetime = NOW) -> Batch:
    """A batch ordered, printed and activated, in the stock of the lead network."""
    if keys.current_key() is None:
        keys.rotate(by=SYSTEM, now=now)
    draw = random.Random(7 + Batch.objects.count()).randrange
    batch = order_batch(by=SYSTEM, programme=scheme.programme, quantity=quantity, size=size, draw=draw, now=now)
    approve_proof(by=SYSTEM, batch=batch, now=now)
    enter_stock(by=SYSTEM, batch=batch, now=now)
    return activate(by=SYSTEM, batch=batch, now=now)


def delivered(batch: Batch, receiver: Organisation, *, now: datetime = NOW) -> None:
    """The whole batch is in the stock of ``receiver``."""
    transfer = send(
        by=SYSTEM,
        sender=batch.stock_holder,
        receiver=receiver,
        ranges=[BookletRange(batch.pk, 1, batch.quantity)],
        now=now,
    )
    receive(by=SYSTEM, transfer=transfer, now=now)


@dataclass
class Life:
    """A scheme whose first booklet is handed over, and a scanner of its operator."""

    scheme: Scheme
    batch: Batch
    scanner: Scanner
    scans: int = 0

    def booklet(self, rank: int = 1) -> Booklet:
        return Booklet.objects.get(batch=self.batch, rank=rank)

    def number(self, rank: int = 1, position: int = 0) -> str:
        return codes.written(self.booklet(rank).number, position)

    def code(self, rank: int = 1, position: int = 0, **changes: Any) -> str:
        """What is printed on the cover, or on one pass."""
        booklet = self.booklet(rank)
        facts: dict[str, Any] = {
            "key": self.batch.signing_key.identifier,
            "batch_id": self.batch.pk,
            "rank": booklet.rank,
            "number": booklet.number,
            "position": position,
        }
        packed = Payload(**(facts | changes)).packed()
        signature = keys.signer(self.batch.signing_key).sign(packed)
        return codes.code_url("https://pass.exemple.fr", packed + signature)

    def request(self, presented: str | None = None, **changes: Any) -> ScanRequest:
        self.scans += 1
        facts: dict[str, Any] = {
            "uuid": UUID(int=self.scans),
            "presented": presented or self.number(),
            "venue_id": self.scheme.venue.pk,
            "service": self.scheme.service.code,
            "occurred_at": NOW,
        }
        return ScanRequest(**(facts | changes))

    def scan(self, presented: str | None = None, *, now: datetime = NOW, **changes: Any) -> dict[str, Any]:
        """Present a code (the first booklet's number by default) and read the verdict."""
        return self.scan_all([self.request(presented, **changes)], now=now)[0]

    def scan_all(self, requests: list[ScanRequest], *, now: datetime = NOW) -> list[dict[str, Any]]:
        """The verdicts of several scans sent together."""
        return [json.loads(text) for text in redeem(requests, scanner=self.scanner, now=now)]

    def refresh_scanner(self) -> None:
        """Be recognised again, as each request of a device is."""
        scanner = recognise(TOKEN)
        assert scanner is not None
        self.scanner = scanner


Live = Callable[..., Life]


def make_life(
    *, quantity: int = 3, size: int = 10, price: int = 1, handed: int = 1, token: str = TOKEN, **programme: Any
) -> Life:
    """A life in a scheme of its own: ``handed`` booklets of ``quantity`` handed over, a device that holds ``token``.

    A person may use a whole booklet in one session, so that a test can scan several times.
    """
    scheme = make_scheme(**{"max_passes_per_session": LARGEST_BOOKLET} | programme)
    if price != scheme.offer.price:
        scheme.offer.price = price
        scheme.offer.save(update_fields=["price"])
    batch = active_batch(scheme, quantity=quantity, size=size)
    delivered(batch, scheme.prescriber)
    user = make_user(full_name="Médiatrice")
    make_membership(Role.MEDIATOR, scheme.operator, user=user)
    device = Device.objects.create(
        operator=scheme.operator, label="Téléphone", token_digest=token_digest(token), enrolled_by=user
    )
    scheme.operator.refresh_from_db()
    scanner = Scanner(scheme.operator.pk, scheme.operator.rules_version, device.pk, user.pk, device.label)
    life = Life(scheme, batch, scanner)
    for rank in range(1, handed + 1):
        hand_over(by=SYSTEM, prescriber=scheme.prescriber, number=life.number(rank), now=NOW)
    return life


@pytest.fixture
def live(db: None) -> Callable[..., Life]:
    """Make a life: ``live(quantity=…, size=…, price=…, **programme)``."""
    return make_life
