"""Fifty clients on one pass: one is accepted. Each barrier is enough alone; without any, the race shows."""

import itertools
import json
import threading
from typing import Any

import pytest

from poincon.passes.models import Redemption, Scan
from poincon.passes.rules import ScanRequest
from poincon.passes.services import redeem as redeem_module
from poincon.passes.services.redeem import redeem
from tests.factories import NOW
from tests.lives import Life, make_life
from tests.races.together import PATIENCE, Gate, all_at_once, one_inside_the_other, without_index, without_row_locks

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

CLIENTS = 50
USED_ONCE = ("redemption_pass_used_once", "passes_redemption")


def scanning(life: Life, request: ScanRequest) -> Any:
    def scan() -> dict[str, Any]:
        (text,) = redeem([request], scanner=life.scanner, now=NOW)
        verdict: dict[str, Any] = json.loads(text)
        return verdict

    return scan


def scans_of_one_pass(life: Life, clients: int) -> list[Any]:
    code = life.code(position=1)
    return [scanning(life, life.request(code)) for _ in range(clients)]


def reasons(outcomes: list[Any]) -> list[str | None]:
    assert all(isinstance(outcome, dict) for outcome in outcomes), outcomes
    return sorted((outcome["reason"] for outcome in outcomes), key=str)


def live_redemptions() -> int:
    return Redemption.objects.filter(annulment=None).count()


def test_fifty_clients_on_one_pass() -> None:
    life = make_life()
    outcomes = all_at_once(scans_of_one_pass(life, CLIENTS))
    assert reasons(outcomes) == [None, *["already_used"] * (CLIENTS - 1)]
    assert (live_redemptions(), Scan.objects.count(), life.booklet().used) == (1, CLIENTS, 1)


def test_fifty_clients_on_the_next_pass_of_a_booklet_of_ten() -> None:
    life = make_life()
    outcomes = all_at_once([scanning(life, life.request()) for _ in range(CLIENTS)])
    assert reasons(outcomes) == [*[None] * 10, *["not_enough_passes"] * (CLIENTS - 10)]
    assert sorted(position for outcome in outcomes for position in outcome["positions"]) == list(range(1, 11))


def test_the_second_waits_for_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    life, gate = make_life(), Gate()
    gate.before(monkeypatch, redeem_module, "_write")
    first, second, waited = one_inside_the_other(gate, *scans_of_one_pass(life, 2))
    assert (first["outcome"], second["reason"], waited) == ("accepted", "already_used", True)


def test_the_lock_is_enough_without_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    life, gate = make_life(), Gate()
    gate.before(monkeypatch, redeem_module, "_write")
    with without_index(*USED_ONCE):
        first, second, waited = one_inside_the_other(gate, *scans_of_one_pass(life, 2))
        assert (first["outcome"], second["reason"], waited) == ("accepted", "already_used", True)
        assert live_redemptions() == 1


def decided_by_all(monkeypatch: pytest.MonkeyPatch, clients: int) -> None:
    """Nobody writes before everybody has decided; who tries again does not wait."""
    decided, write, comers = threading.Barrier(clients), redeem_module._write, itertools.count(1)

    def write_after_all(*args: Any, **kwargs: Any) -> Any:
        if next(comers) <= clients:
            decided.wait(PATIENCE)
        return write(*args, **kwargs)

    monkeypatch.setattr(redeem_module, "_write", write_after_all)


def test_the_index_is_enough_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    life = make_life()
    without_row_locks(monkeypatch)
    decided_by_all(monkeypatch, 8)
    outcomes = all_at_once(scans_of_one_pass(life, 8))
    # Whom the index stops decides again, and sees the pass used.
    assert reasons(outcomes) == [None, *["already_used"] * 7]
    assert live_redemptions() == 1


def test_without_lock_nor_index_all_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the same eight scans use one pass eight times."""
    life = make_life()
    without_row_locks(monkeypatch)
    decided_by_all(monkeypatch, 8)
    with without_index(*USED_ONCE):
        assert reasons(all_at_once(scans_of_one_pass(life, 8))) == [None] * 8
        assert live_redemptions() == 8
