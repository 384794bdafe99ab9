"""A device that keeps what it is told, whole then change by change, knows what the server knows."""

import base64
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils.dateparse import parse_datetime
from hypothesis import given
from hypothesis import strategies as st

from poincon.passes.enums import BlockReason, Custody, Validity
from poincon.passes.models import Batch, Booklet
from poincon.passes.queries.device_state import _Bits, device_state
from poincon.passes.ranges import BookletRange
from poincon.passes.services.annul import annul
from poincon.passes.services.block import block
from poincon.passes.services.move import destroy
from tests.factories import NOW, SYSTEM
from tests.lives import Life, Live, active_batch

MASKS = st.integers(1, 60).flatmap(
    lambda size: st.tuples(st.just(size), st.lists(st.integers(0, 2**size - 1), min_size=1, max_size=40))
)


@given(MASKS)
def test_each_bit_is_one_pass(booklets: tuple[int, list[int]]) -> None:
    """Against the description of the format: bit ``(rank - 1) * size + position - 1``, least significant first."""
    size, masks = booklets
    packed = base64.b64decode(_Bits(size, [format(mask, f"0{size}b") for mask in masks], []).packed())
    assert len(packed) == -(-len(masks) * size // 8)
    for rank, mask in enumerate(masks, start=1):
        for position in range(1, size + 1):
            bit = (rank - 1) * size + position - 1
            assert packed[bit // 8] >> bit % 8 & 1 == mask >> (position - 1) & 1


class Device:
    """What a scanner does with the answers: decode the bitmaps, then apply the changes."""

    def __init__(self) -> None:
        self.used: dict[int, list[int]] = {}
        self.blocked: dict[int, set[int]] = {}
        self.version: datetime | None = None

    def sync(self, life: Life, now: datetime) -> None:
        state = device_state(life.scanner, now=now, since=self.version)
        for batch in state["batches"]:
            if "used" in batch:
                self.keep_whole(batch)
        for change in state.get("changed", ()):
            self.used[change["batch"]][change["rank"] - 1] = int(change["used"], 16)
            self.blocked[change["batch"]].discard(change["rank"])
            if change["blocked"]:
                self.blocked[change["batch"]].add(change["rank"])
        self.version = parse_datetime(state["version"])

    def keep_whole(self, batch: dict[str, Any]) -> None:
        bits = int.from_bytes(base64.b64decode(batch["used"]), "little")
        size, whole = batch["size"], (1 << batch["size"]) - 1
        self.used[batch["id"]] = [bits >> rank * size & whole for rank in range(batch["quantity"])]
        self.blocked[batch["id"]] = set(batch["blocked"])


def known_to_the_server() -> tuple[dict[int, list[int]], dict[int, set[int]]]:
    used: dict[int, list[int]] = {}
    blocked: dict[int, set[int]] = {}
    for batch in Batch.objects.all():
        rows = list(Booklet.objects.filter(batch=batch).order_by("rank"))
        used[batch.pk] = [row.used for row in rows]
        blocked[batch.pk] = {
            row.rank
            for row in rows
            if row.validity == Validity.BLOCKED or row.custody in (Custody.LOST, Custody.DESTROYED)
        }
    return used, blocked


def something_happens(life: Life, chance: random.Random, now: datetime, accepted: list[UUID]) -> None:
    rank = chance.randint(1, 5)
    choice = chance.random()
    if choice < 0.6:
        verdict = life.scan(life.number(rank, chance.randint(0, 10)), now=now, occurred_at=now)
        if verdict["outcome"] == "accepted":
            accepted.append(UUID(verdict["id"]))
    elif choice < 0.8 and accepted:
        annul(by=SYSTEM, uuid=accepted.pop(chance.randrange(len(accepted))), reason="erreur", now=now)
    elif choice < 0.85 and life.booklet(rank).validity == Validity.ACTIVE:
        block(by=SYSTEM, number=life.number(rank), reason=BlockReason.LOST, now=now)
    elif choice < 0.9 and life.booklet(6).custody == Custody.STOCK:
        ranges = [BookletRange(life.batch.pk, 6, 6)]
        destroy(
            by=SYSTEM,
            holder=life.scheme.prescriber,
            ranges=ranges,
            place="Guéret",
            method="broyage",
            witness="Anne",
            reason="abîmé",
            now=now,
        )
    elif choice < 0.95:
        active_batch(life.scheme, quantity=2, now=now)


@pytest.mark.parametrize("seed", range(4))
def test_a_device_that_syncs_now_and_then_knows_what_the_server_knows(live: Live, seed: int) -> None:
    life, chance, accepted = live(quantity=6, handed=5), random.Random(seed), list[UUID]()
    constant, new = Device(), Device()
    now = NOW
    for _ in range(30):
        now += timedelta(minutes=chance.randint(1, 30))
        something_happens(life, chance, now, accepted)
        if chance.random() < 0.3:
            constant.sync(life, now)
    constant.sync(life, now)
    new.sync(life, now)
    assert (constant.used, constant.blocked) == (new.used, new.blocked) == known_to_the_server()
    assert any(any(masks) for masks in new.used.values())
