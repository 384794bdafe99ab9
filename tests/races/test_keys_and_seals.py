"""Two rotations, an order beside a rotation, two seals: one waits or is told, and the chain has one end."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

from poincon.kernel import seals
from poincon.kernel.models import Seal
from poincon.kernel.refusals import Refusal
from poincon.passes import keys
from poincon.passes.models import Batch, SigningKey
from poincon.passes.services import order as order_module
from poincon.passes.services.order import order_batch
from tests.factories import NOW, SYSTEM, make_scheme
from tests.races.together import Gate, all_at_once, one_inside_the_other, without_index

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def without_table_locks(patch: pytest.MonkeyPatch) -> None:
    for module in (keys, seals):
        patch.setattr(module, "change_alone", lambda _table: None)
    patch.setattr(keys, "keep_still", lambda _table: None)


def rotating() -> Any:
    return keys.rotate(by=SYSTEM, now=NOW)


def signing() -> list[int]:
    return list(SigningKey.objects.filter(retired_at=None).values_list("pk", flat=True))


def test_a_second_rotation_waits_and_retires_the_key_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate()
    gate.before(monkeypatch, keys, "erase_finished")
    first, second, waited = one_inside_the_other(gate, rotating, rotating)
    assert (waited, first.pk != second.pk, signing()) == (True, True, [second.pk])


def test_many_rotations_at_once_leave_one_key() -> None:
    outcomes = all_at_once([rotating] * 6)
    assert {type(outcome) for outcome in outcomes} == {SigningKey}
    assert len(signing()) == 1


def test_without_the_lock_the_database_stops_the_second_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the constraint holds alone, but says it in no human way."""
    gate = Gate()
    without_table_locks(monkeypatch)
    gate.before(monkeypatch, keys, "erase_finished")
    first, second, waited = one_inside_the_other(gate, rotating, rotating)
    assert (waited, type(first), signing()) == (False, IntegrityError, [second.pk])


def test_without_lock_nor_index_two_keys_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of both barriers."""
    gate = Gate()
    without_table_locks(monkeypatch)
    gate.before(monkeypatch, keys, "erase_finished")
    with without_index("signing_key_only_one_signs", "passes_signingkey"):
        one_inside_the_other(gate, rotating, rotating)
        assert len(signing()) == 2


# --- an order beside a rotation ---------------------------------------------------------------------------------------


def ordering() -> Callable[[], Batch]:
    programme = make_scheme().programme
    rotating()
    return partial(order_batch, by=SYSTEM, programme=programme, quantity=1, size=5, now=NOW)


def test_a_rotation_waits_for_an_order_and_leaves_it_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, order = Gate(), ordering()
    gate.before(monkeypatch, order_module, "_check_order")
    batch, _, waited = one_inside_the_other(gate, order, rotating)
    batch.signing_key.refresh_from_db()
    assert (waited, bool(batch.signing_key.private_locked)) == (True, True)


def test_an_order_waits_for_a_rotation_and_takes_the_new_key(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, order = Gate(), ordering()
    gate.before(monkeypatch, keys, "erase_finished")
    key, batch, waited = one_inside_the_other(gate, rotating, order)
    assert (waited, batch.signing_key_id) == (True, key.pk)


def test_without_the_lock_a_batch_is_left_with_an_erased_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: nobody could ever print it."""
    gate, order = Gate(), ordering()
    without_table_locks(monkeypatch)
    gate.before(monkeypatch, order_module, "_check_order")
    batch, _, waited = one_inside_the_other(gate, order, rotating)
    batch.signing_key.refresh_from_db()
    assert (waited, batch.signing_key.private_locked) == (False, "")


# --- two seals --------------------------------------------------------------------------------------------------------


def sealing(minutes: int = 0) -> Callable[[], Any]:
    return lambda: seals.seal(now=NOW + timedelta(minutes=minutes))


def code_of(outcome: Any) -> str:
    return outcome.code if isinstance(outcome, Refusal) else ""


def chained_once() -> bool:
    return Seal.objects.count() == 1 and seals.verify() == []


def test_a_seal_that_another_overtook_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate()
    gate.before(monkeypatch, seals, "_chain")
    first, _, waited = one_inside_the_other(gate, sealing(), sealing(1))
    assert (waited, code_of(first), chained_once()) == (False, "sealed_meanwhile", True)


def test_a_seal_waits_for_the_one_being_set_then_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate()
    gate.before(monkeypatch, seals, "_chained")
    _, second, waited = one_inside_the_other(gate, sealing(), sealing(1))
    assert (waited, code_of(second), chained_once()) == (True, "sealed_meanwhile", True)


def test_many_seals_at_once_make_one_chain() -> None:
    outcomes = all_at_once([sealing(minutes) for minutes in range(6)])
    made = [outcome for outcome in outcomes if isinstance(outcome, Seal)]
    assert {code_of(outcome) for outcome in outcomes} <= {"", "sealed_meanwhile"}
    assert Seal.objects.count() == len(made) >= 1
    assert seals.verify() == []


def test_without_the_lock_the_database_stops_the_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    gate = Gate()
    without_table_locks(monkeypatch)
    gate.before(monkeypatch, seals, "_chained")
    first, _, waited = one_inside_the_other(gate, sealing(), sealing(1))
    assert (waited, type(first), chained_once()) == (False, IntegrityError, True)


def test_without_lock_nor_index_the_chain_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of both barriers."""
    gate = Gate()
    without_table_locks(monkeypatch)
    gate.before(monkeypatch, seals, "_chained")
    with without_index("seal_chain_never_forks", "kernel_seal"):
        one_inside_the_other(gate, sealing(), sealing(1))
        assert [sealed.previous_digest for sealed in Seal.objects.all()] == ["", ""]
        assert seals.verify() != []
