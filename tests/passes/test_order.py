"""Ordering a batch numbers its booklets; its proof is approved, then it enters the stock."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from poincon.kernel.models import AuditEntry
from poincon.passes import codes, keys
from poincon.passes.documents.content import LONGEST
from poincon.passes.documents.layout import Layout
from poincon.passes.enums import Custody, MovementKind, Validity
from poincon.passes.models import Batch, Booklet, Movement
from poincon.passes.queries import funnel
from poincon.passes.services.activate import activate, expire
from poincon.passes.services.order import LARGEST_BATCH, cancel_batch, enter_stock, order_batch
from poincon.passes.services.printing import approve_proof, print_batch, print_proof, scheme_of
from poincon.programmes.checks.settings import LENGTHS
from poincon.programmes.models import Programme
from tests.factories import NOW, SYSTEM, TODAY, Scheme, make_scheme
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    keys.rotate(by=SYSTEM, now=NOW)
    return make_scheme()


def order(scheme: Scheme, **asked: Any) -> Batch:
    facts: dict[str, Any] = {"by": SYSTEM, "programme": scheme.programme, "quantity": 4, "size": 10, "now": NOW}
    return order_batch(**(facts | asked))


def test_a_batch_has_the_booklets_ordered(scheme: Scheme) -> None:
    batch = order(scheme, quantity=4, size=5)
    rows = list(batch.booklets.values_list("rank", "size", "custody", "validity", "handed", "used"))
    assert rows == [(rank, 5, Custody.ORDERED, Validity.INERT, 0, 0) for rank in range(1, 5)]


def test_numbers_are_all_different_and_fit_to_print(scheme: Scheme) -> None:
    order(scheme, quantity=300)
    numbers = list(Booklet.objects.values_list("number", flat=True))
    assert len(set(numbers)) == 300
    assert all(codes.is_issuable(number) for number in numbers)


def drawn(*numbers: int) -> Callable[[int], int]:
    following = chain(numbers, repeat(numbers[-1]))
    return lambda _limit: next(following)


ISSUABLE = [number for number in range(1, 50) if codes.is_issuable(number)]


def test_a_number_drawn_twice_is_drawn_again(scheme: Scheme) -> None:
    first, second, third = ISSUABLE[:3]
    order(scheme, quantity=3, draw=drawn(first, first, second, second, third))
    assert set(Booklet.objects.values_list("number", flat=True)) == {first, second, third}


def test_a_number_of_another_batch_is_drawn_again(scheme: Scheme) -> None:
    first, second = ISSUABLE[:2]
    order(scheme, quantity=1, draw=drawn(first))
    assert order(scheme, quantity=1, draw=drawn(first, second)).booklets.get().number == second


def test_a_number_with_an_ambiguous_check_character_is_skipped(scheme: Scheme) -> None:
    ambiguous = next(number for number in range(1, 500) if codes.check_character(number) in codes.AMBIGUOUS)
    batch = order(scheme, quantity=1, draw=drawn(ambiguous, ISSUABLE[0]))
    assert batch.booklets.get().number == ISSUABLE[0]


def test_batches_of_a_programme_are_numbered_in_order(scheme: Scheme) -> None:
    other = make_scheme()
    assert [order(scheme).number, order(other).number, order(scheme).number] == [1, 1, 2]


def test_a_batch_freezes_what_a_pass_is_worth(scheme: Scheme) -> None:
    order(scheme)
    scheme.programme.unit_value = 7
    scheme.programme.save()
    order(scheme)
    assert list(Batch.objects.order_by("number").values_list("unit_value", "unit_minutes")) == [(1000, 120), (7, 120)]


@pytest.mark.parametrize(
    ("first_day", "months", "last_day"),
    [
        (date(2026, 3, 1), 12, date(2027, 2, 28)),
        (date(2026, 3, 4), 12, date(2027, 3, 3)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 14)),
        (date(2026, 1, 1), 24, date(2027, 12, 31)),
    ],
)
def test_validity_lasts_the_months_of_the_programme(
    scheme: Scheme, first_day: date, months: int, last_day: date
) -> None:
    scheme.programme.validity_months = months
    scheme.programme.save()
    batch = order(scheme, valid_from=first_day)
    assert (batch.valid_from, batch.valid_until) == (first_day, last_day)


def test_validity_begins_on_the_day_of_the_programme(scheme: Scheme) -> None:
    scheme.programme.time_zone = "Pacific/Noumea"
    scheme.programme.save()
    assert order(scheme, now=datetime(2026, 3, 4, 20, tzinfo=UTC)).valid_from == date(2026, 3, 5)


def test_validity_may_be_chosen(scheme: Scheme) -> None:
    batch = order(scheme, valid_from=TODAY, valid_until=TODAY)
    assert (batch.valid_from, batch.valid_until) == (TODAY, TODAY)


def test_the_stock_is_the_lead_network_s(scheme: Scheme) -> None:
    assert order(scheme).stock_holder == scheme.network


def test_without_a_network_the_stock_is_the_owner_s(scheme: Scheme) -> None:
    scheme.programme.lead_network = None
    scheme.programme.save()
    assert order(scheme).stock_holder == scheme.funder


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"quantity": 0}, "batch_quantity"),
        ({"quantity": LARGEST_BATCH + 1}, "batch_quantity"),
        ({"size": 7}, "batch_size"),
        ({"valid_from": TODAY, "valid_until": TODAY - timedelta(days=1)}, "batch_validity"),
    ],
)
def test_a_wrong_order_is_refused(scheme: Scheme, asked: dict[str, Any], code: str) -> None:
    with refused(code):
        order(scheme, **asked)
    assert not Batch.objects.exists()


def test_nothing_is_ordered_without_a_key() -> None:
    with refused("no_signing_key"):
        order(make_scheme())


def test_a_revoked_key_signs_no_order(scheme: Scheme) -> None:
    key = keys.current_key()
    assert key is not None
    keys.revoke(by=SYSTEM, identifier=key.identifier, reason="vol", now=NOW)
    with refused("no_signing_key"):
        order(scheme)


def test_a_programme_without_passes_orders_nothing(scheme: Scheme) -> None:
    scheme.programme.uses_passes = False
    scheme.programme.save()
    with refused("programme_without_passes"):
        order(scheme)


def test_ordering_costs_a_few_statements(scheme: Scheme, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(15):
        order(scheme, quantity=2_000)


def test_progress_is_told(scheme: Scheme) -> None:
    told: list[tuple[int, int]] = []
    order(scheme, quantity=6, progress=lambda done, total: told.append((done, total)))
    assert told == [(6, 6)]


def test_an_order_is_in_the_journal(scheme: Scheme) -> None:
    batch = order(scheme)
    entry = AuditEntry.objects.get(action="batch.order")
    assert (entry.subject_id, entry.programme_id) == (str(batch.pk), scheme.programme.pk)


# --- proof and stock --------------------------------------------------------------------------------------------------


def test_a_batch_enters_the_stock_inert(scheme: Scheme) -> None:
    batch = order(scheme, quantity=2)
    approve_proof(by=SYSTEM, batch=batch, now=NOW)
    assert enter_stock(by=SYSTEM, batch=batch, now=NOW).printed_at == NOW
    rows = set(batch.booklets.values_list("custody", "holder_id", "validity"))
    assert rows == {(Custody.STOCK, scheme.network.pk, Validity.INERT)}


def test_entering_the_stock_is_a_movement(scheme: Scheme) -> None:
    batch = order(scheme, quantity=2)
    approve_proof(by=SYSTEM, batch=batch, now=NOW)
    enter_stock(by=SYSTEM, batch=batch, now=NOW)
    movement = Movement.objects.get()
    assert (movement.kind, movement.booklets, movement.to_holder) == (MovementKind.PRINTED, 2, scheme.network)


def test_a_proof_is_approved_first(scheme: Scheme) -> None:
    with refused("proof_not_approved"):
        enter_stock(by=SYSTEM, batch=order(scheme), now=NOW)


def test_a_proof_that_could_not_be_printed_is_not_approved(scheme: Scheme) -> None:
    batch = order(scheme)
    Programme.objects.update(phone="")
    batch.programme.refresh_from_db()
    with refused("batch_unprintable", match="Téléphone"):
        approve_proof(by=SYSTEM, batch=batch, now=NOW)


def test_without_a_referent_the_network_is_the_one_to_call(scheme: Scheme) -> None:
    scheme.programme.referent = ""
    assert scheme_of(scheme.programme).referent == scheme.network.name
    scheme.programme.lead_network = None
    assert scheme_of(scheme.programme).referent == scheme.programme.owner.name


def test_a_letter_longer_than_its_page_is_refused(scheme: Scheme) -> None:
    with refused("text_too_long", match="Texte de la lettre"):
        order(scheme, letter_text="x" * 601)
    assert not scheme.programme.batches.exists()


def test_a_programme_keeps_no_text_that_paper_does_not_hold() -> None:
    assert {field: LENGTHS[field] for field in LONGEST} == LONGEST


def test_a_batch_is_printed_once(scheme: Scheme) -> None:
    batch = order(scheme)
    approve_proof(by=SYSTEM, batch=batch, now=NOW)
    enter_stock(by=SYSTEM, batch=batch, now=NOW)
    with refused("batch_not_to_print"):
        enter_stock(by=SYSTEM, batch=batch, now=NOW)
    with refused("batch_not_to_print"):
        approve_proof(by=SYSTEM, batch=batch, now=NOW)


# --- cancel -----------------------------------------------------------------------------------------------------------


def cancelled(batch: Batch) -> Batch:
    return cancel_batch(by=SYSTEM, batch=batch, reason="mauvaise taille", now=NOW)


def test_a_batch_not_printed_is_cancelled_and_kept(scheme: Scheme) -> None:
    batch = order(scheme, quantity=4)
    approve_proof(by=SYSTEM, batch=batch, now=NOW)
    assert cancelled(batch).cancelled_at == NOW
    assert set(batch.booklets.values_list("custody", "validity")) == {(Custody.ORDERED, Validity.INERT)}
    assert batch.booklets.count() == 4
    entry = AuditEntry.objects.get(action="batch.cancel")
    assert (entry.subject_id, entry.after) == (str(batch.pk), {"reason": "mauvaise taille"})


def test_what_is_cancelled_was_not_ordered(scheme: Scheme) -> None:
    order(scheme, quantity=3)
    cancelled(order(scheme, quantity=4))
    assert funnel(scheme.programme.pk).ordered == 3


def test_a_printed_batch_is_not_cancelled(scheme: Scheme) -> None:
    batch = order(scheme)
    approve_proof(by=SYSTEM, batch=batch, now=NOW)
    enter_stock(by=SYSTEM, batch=batch, now=NOW)
    with refused("batch_printed"):
        cancelled(batch)


def test_a_cancelling_says_why(scheme: Scheme) -> None:
    with refused("batch_cancel_reason_missing"):
        cancel_batch(by=SYSTEM, batch=order(scheme), reason=" ", now=NOW)
    with refused("text_too_long"):
        cancel_batch(by=SYSTEM, batch=order(scheme), reason="x" * 301, now=NOW)


def test_a_cancelled_batch_goes_no_further(scheme: Scheme, tmp_path: Path) -> None:
    batch = order(scheme)
    approve_proof(by=SYSTEM, batch=batch, now=NOW)
    batch = cancelled(batch)
    printing: dict[str, Any] = {"out": tmp_path, "layout": Layout(), "now": NOW}
    further: list[Callable[[], object]] = [
        lambda: cancelled(batch),
        lambda: approve_proof(by=SYSTEM, batch=batch, now=NOW),
        lambda: print_proof(by=SYSTEM, batch=batch, **printing),
        lambda: print_batch(by=SYSTEM, batch=batch, progress=lambda _done, _total: None, **printing),
        lambda: enter_stock(by=SYSTEM, batch=batch, now=NOW),
        lambda: activate(by=SYSTEM, batch=batch, now=NOW),
        lambda: expire(by=SYSTEM, batch=batch, now=NOW + timedelta(days=800)),
    ]
    for verb in further:
        with refused("batch_cancelled", match="4 mars 2026"):
            verb()
    assert list(tmp_path.iterdir()) == []


def test_the_database_prints_no_cancelled_batch(scheme: Scheme) -> None:
    batch = cancelled(order(scheme))
    with pytest.raises(IntegrityError, match="batch_cancelled_is_never_printed"), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(printed_at=NOW)


def test_the_next_batch_keeps_its_own_number(scheme: Scheme) -> None:
    cancelled(order(scheme))
    assert order(scheme).number == 2


def test_the_key_of_a_cancelled_batch_is_erased_once_retired(scheme: Scheme) -> None:
    batch = order(scheme)
    keys.rotate(by=SYSTEM, now=NOW)
    cancelled(batch)
    batch.signing_key.refresh_from_db()
    assert batch.signing_key.private_locked == ""
