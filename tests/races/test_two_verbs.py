"""Two verbs that want the same thing at the same second: one waits for the other, and sees what it did."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, transaction

from poincon.kernel import seals
from poincon.kernel.db import id_reservation, settled_maximum
from poincon.kernel.models import Seal
from poincon.kernel.refusals import Refusal
from poincon.kernel.seals import seal, verify
from poincon.passes.cover import cover
from poincon.passes.enums import BlockReason, Custody, Validity
from poincon.passes.models import Block, Redemption
from poincon.passes.rules import ScanRequest
from poincon.passes.services import activate as activate_module
from poincon.passes.services import annul as annul_module
from poincon.passes.services import hand_over as hand_over_module
from poincon.passes.services import redeem as redeem_module
from poincon.passes.services import usage
from poincon.passes.services.activate import activate
from poincon.passes.services.annul import annul
from poincon.passes.services.block import block
from poincon.passes.services.hand_over import hand_over
from poincon.passes.services.order import enter_stock, order_batch
from poincon.passes.services.printing import approve_proof
from poincon.programmes.models import Programme
from poincon.settlement.models import Statement, StatementLine
from poincon.settlement.services import close_month, closing
from tests.factories import NOW, SYSTEM, make_case_file, make_programme, make_receipt
from tests.lives import Life, make_life
from tests.races.together import Gate, all_at_once, one_inside_the_other, without_row_locks

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

MARCH = date(2026, 3, 1)
MARCH_OVER = datetime(2026, 4, 2, 8, tzinfo=UTC)


def code_of(outcome: Any) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


# --- hand-over against block ------------------------------------------------------------------------------------------


def giving(life: Life, **more: Any) -> Callable[[], Any]:
    number = life.number()
    return lambda: hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=number, now=NOW, **more)


def blocking(life: Life) -> Callable[[], Any]:
    number = life.number()
    return lambda: block(by=SYSTEM, number=number, reason=BlockReason.LOST, now=NOW)


def test_a_block_waits_for_a_hand_over(monkeypatch: pytest.MonkeyPatch) -> None:
    life, gate = make_life(handed=0), Gate()
    gate.before(monkeypatch, hand_over_module, "_given")
    _, blocked, waited = one_inside_the_other(gate, giving(life), blocking(life))
    assert (waited, blocked.reason) == (True, BlockReason.LOST)
    assert (life.booklet().validity, life.booklet().custody) == (Validity.BLOCKED, Custody.LOST)


def test_a_hand_over_waits_for_a_block_then_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    life, gate = make_life(handed=0), Gate()
    # The block has locked the booklet and writes its record.
    gate.before(monkeypatch, Block.objects, "create")
    _, given, waited = one_inside_the_other(gate, blocking(life), giving(life))
    assert (waited, code_of(given)) == (True, "booklet_not_in_your_stock")
    assert life.booklet().handed == 0


def test_without_the_lock_a_lost_booklet_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the hand-over goes on with what it read before the block, and the loss is forgotten."""
    life, gate = make_life(handed=0), Gate()
    without_row_locks(monkeypatch)
    gate.before(monkeypatch, hand_over_module, "_given")
    given, _, waited = one_inside_the_other(gate, giving(life), blocking(life))
    assert (waited, given.booklet_id) == (False, life.booklet().pk)
    assert (life.booklet().validity, life.booklet().custody) == (Validity.BLOCKED, Custody.PERSON)


# --- scan against block -----------------------------------------------------------------------------------------------


def test_a_scan_waits_for_a_block_then_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    life, gate = make_life(), Gate()
    gate.before(monkeypatch, Block.objects, "create")
    request = life.request()
    _, verdict, waited = one_inside_the_other(gate, blocking(life), partial(scan_one, life, request))
    assert (waited, verdict["reason"]) == (True, "blocked_booklet")


# --- annulment against the closing of a month -------------------------------------------------------------------------


def used_in_march(life: Life) -> UUID:
    return UUID(life.scan()["id"])


def annulling(uuid: UUID) -> Callable[[], Any]:
    return lambda: annul(by=SYSTEM, uuid=uuid, reason="erreur", now=MARCH_OVER)


def closing_march(programme: Programme) -> Callable[[], list[Statement]]:
    return lambda: close_month(by=SYSTEM, programme=programme, month=MARCH, now=MARCH_OVER)


def test_a_closing_waits_for_an_annulment_and_leaves_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    life, gate = make_life(), Gate()
    uuid = used_in_march(life)
    gate.after(monkeypatch, annul_module, "_annul")
    _, statements, waited = one_inside_the_other(gate, annulling(uuid), closing_march(life.scheme.programme))
    assert (waited, statements) == (True, [])


def test_an_annulment_waits_for_a_closing_and_is_taken_back_later(monkeypatch: pytest.MonkeyPatch) -> None:
    life, gate = make_life(), Gate()
    uuid = used_in_march(life)
    life.scan()
    gate.after(monkeypatch, closing, "_freeze")
    statements, _, waited = one_inside_the_other(gate, closing_march(life.scheme.programme), annulling(uuid))
    assert (waited, [statement.total for statement in statements]) == (True, [2_000])


def test_without_the_lock_an_annulled_pass_is_owed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the closing does not wait for the annulment in flight, and owes what it took away."""
    life, gate = make_life(), Gate()
    uuid = used_in_march(life)
    without_row_locks(monkeypatch)
    gate.after(monkeypatch, annul_module, "_annul")
    _, statements, waited = one_inside_the_other(gate, annulling(uuid), closing_march(life.scheme.programme))
    assert (waited, [statement.total for statement in statements]) == (False, [1_000])
    assert StatementLine.objects.filter(redemption__in=Redemption.objects.exclude(annulment=None), sign=1).exists()


# --- two activations on the same money --------------------------------------------------------------------------------


def two_batches() -> tuple[Programme, list[Callable[[], Any]]]:
    """Two printed batches, and the money for one."""
    make_life()
    programme = make_programme()
    make_receipt(programme, 10_000)
    works: list[Callable[[], Any]] = []
    for _ in range(2):
        batch = order_batch(by=SYSTEM, programme=programme, quantity=1, size=10, now=NOW)
        approve_proof(by=SYSTEM, batch=batch, now=NOW)
        enter_stock(by=SYSTEM, batch=batch, now=NOW)
        works.append(partial(activate, by=SYSTEM, batch=batch, now=NOW))
    return programme, works


def test_two_activations_do_not_count_on_the_same_money(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, (programme, works) = Gate(), two_batches()
    gate.after(monkeypatch, activate_module, "cover")
    _, second, waited = one_inside_the_other(gate, *works)
    assert (waited, code_of(second)) == (True, "not_covered")
    assert cover(programme).missing() == 0


def test_without_the_lock_both_count_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    gate, (programme, works) = Gate(), two_batches()
    without_row_locks(monkeypatch)
    gate.after(monkeypatch, activate_module, "cover")
    first, second, waited = one_inside_the_other(gate, *works)
    assert (waited, isinstance(first, Refusal), isinstance(second, Refusal)) == (False, False, False)
    assert cover(programme).missing() == 10_000


# --- two booklets of one person ---------------------------------------------------------------------------------------


def two_scans_of_one_person() -> tuple[Life, list[Callable[[], Any]]]:
    """A person entitled to one pass holds two booklets; both are scanned."""
    life = make_life(handed=0, max_passes_per_person=1)
    case_file = make_case_file(life.scheme.programme, life.scheme.prescriber)
    for rank in (1, 2):
        hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(rank), case_file=case_file, now=NOW)
    requests = [life.request(life.number(rank)) for rank in (1, 2)]
    return life, [partial(scan_one, life, request) for request in requests]


def scan_one(life: Life, request: ScanRequest) -> dict[str, Any]:
    return life.scan_all([request])[0]


def test_a_person_s_ceiling_holds_over_two_booklets_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, (_, works) = Gate(), two_scans_of_one_person()
    gate.before(monkeypatch, redeem_module, "_write")
    first, second, waited = one_inside_the_other(gate, *works)
    assert (waited, first["reason"], second["reason"]) == (True, None, "person_ceiling")


def test_without_the_lock_the_ceiling_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    gate, (_, works) = Gate(), two_scans_of_one_person()
    monkeypatch.setattr(usage, "LOCK_CASE_FILES", replace(usage.LOCK_CASE_FILES, lock=""))
    gate.before(monkeypatch, redeem_module, "_write")
    first, second, waited = one_inside_the_other(gate, *works)
    assert (waited, first["reason"], second["reason"]) == (False, None, None)


# --- sealing against scanning -----------------------------------------------------------------------------------------


def scanning_in_two_steps(life: Life, gate: Gate, patch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """A scan that stops once the ids of its rows are set aside, before they are written."""
    gate.before(patch, redeem_module, "_write")
    request = life.request()
    return partial(scan_one, life, request)


def test_a_seal_waits_for_the_scans_in_flight_without_stopping_them(monkeypatch: pytest.MonkeyPatch) -> None:
    life, gate = make_life(), Gate()
    verdict, sealed, waited = one_inside_the_other(gate, scanning_in_two_steps(life, gate, monkeypatch), seal)
    assert (waited, verdict["outcome"]) == (True, "accepted")
    assert isinstance(sealed, Seal)
    assert verify() == []


def test_a_seal_would_not_wait_for_ids_set_aside_without_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the scan written after the seal could bear a number that the seal already passed."""
    life, gate = make_life(), Gate()
    monkeypatch.setattr(redeem_module, "id_reservation", lambda *table: id_reservation(*table)[1:])
    _, _, waited = one_inside_the_other(gate, scanning_in_two_steps(life, gate, monkeypatch), seal)
    assert not waited


def test_a_seal_that_held_every_table_would_stop_a_scan_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: it holds the redemptions and waits for the scans, while the scan waits for the redemptions."""
    life, gate = make_life(), Gate()

    def seal_in_one_transaction() -> None:
        with transaction.atomic():
            for table in seals.fact_tables():
                settled_maximum(table.name)

    outcomes = one_inside_the_other(gate, scanning_in_two_steps(life, gate, monkeypatch), seal_in_one_transaction)
    assert any(isinstance(outcome, OperationalError) for outcome in outcomes[:2])


# --- many of everything -----------------------------------------------------------------------------------------------


def test_booklets_scanned_in_opposite_orders_do_not_wait_for_each_other() -> None:
    life = make_life(quantity=3, handed=3)
    there = [life.request(life.number(rank)) for rank in (1, 2, 3)]
    back = [life.request(life.number(rank)) for rank in (3, 2, 1)]
    outcomes = all_at_once([lambda: life.scan_all(there), lambda: life.scan_all(back)] * 4)
    assert all(isinstance(outcome, list) for outcome in outcomes), outcomes
    assert {rank: life.booklet(rank).used for rank in (1, 2, 3)} == {1: 0b11, 2: 0b11, 3: 0b11}
