"""The register of valeurs inactives: what every day says, and that a past day never changes its answer."""

from datetime import timedelta

import pytest

from poincon.passes.documents.register import register_pdf
from poincon.passes.enums import TransferKind
from poincon.passes.queries.register import Register, movements_of, register_on
from poincon.passes.ranges import BookletRange
from poincon.passes.services.hand_over import cancel_hand_over, hand_over
from poincon.passes.services.move import destroy, receive, send
from tests.factories import NOW, SYSTEM, TODAY, Scheme, make_scheme
from tests.lives import active_batch, make_life

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def figures(register: Register) -> tuple[int, ...]:
    """Printed, handed over, destroyed, missing, on their way, in stock."""
    [one] = register.batches
    return (one.printed, one.handed, one.destroyed, one.missing, one.on_the_way, one.in_stock)


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


def test_before_anything_is_printed_the_register_is_empty(scheme: Scheme) -> None:
    register = register_on(scheme.programme, TODAY)
    assert (register.batches, register.holders, register.remaining, register.face_value) == ([], [], 0, 0)


def test_what_is_printed_enters_the_stock_of_its_day(scheme: Scheme) -> None:
    batch = active_batch(scheme, quantity=5, size=10, now=NOW)
    assert register_on(scheme.programme, TODAY - DAY).batches == []
    register = register_on(scheme.programme, TODAY)
    assert figures(register) == (5, 0, 0, 0, 0, 5)
    assert [(one.holder, one.in_stock) for one in register.holders] == [(batch.stock_holder, 5)]
    assert register.face_value == 5 * 10 * batch.unit_value


def test_a_parcel_is_in_nobody_s_stock_while_it_travels(scheme: Scheme) -> None:
    batch = active_batch(scheme, quantity=5, size=10, now=NOW)
    parcel = send(
        by=SYSTEM,
        sender=batch.stock_holder,
        receiver=scheme.prescriber,
        ranges=[BookletRange(batch.pk, 1, 3)],
        kind=TransferKind.DELIVERY,
        now=NOW + DAY,
    )
    receive(by=SYSTEM, transfer=parcel, now=NOW + 2 * DAY)
    assert figures(register_on(scheme.programme, TODAY + DAY)) == (5, 0, 0, 0, 3, 2)
    arrived = register_on(scheme.programme, TODAY + 2 * DAY)
    assert figures(arrived) == (5, 0, 0, 0, 0, 5)
    assert {one.holder: one.in_stock for one in arrived.holders} == {scheme.prescriber: 3, batch.stock_holder: 2}


def test_what_is_destroyed_leaves_on_its_day(scheme: Scheme) -> None:
    batch = active_batch(scheme, quantity=5, size=10, now=NOW)
    destroy(
        by=SYSTEM,
        holder=batch.stock_holder,
        ranges=[BookletRange(batch.pk, 4, 5)],
        place="Guéret",
        method="broyage",
        witness="M. Témoin",
        reason="fin de lot",
        now=NOW + DAY,
    )
    assert figures(register_on(scheme.programme, TODAY)) == (5, 0, 0, 0, 0, 5)
    assert figures(register_on(scheme.programme, TODAY + DAY)) == (5, 0, 2, 0, 0, 3)


def test_a_booklet_leaves_when_all_its_passes_are_handed_over() -> None:
    life = make_life(handed=0)
    programme, prescriber = life.scheme.programme, life.scheme.prescriber
    before = figures(register_on(programme, TODAY + DAY))
    given = hand_over(by=SYSTEM, prescriber=prescriber, number=life.number(), now=NOW + DAY)
    after = figures(register_on(programme, TODAY + DAY))
    assert (after[1], after[5]) == (before[1] + 1, before[5] - 1)
    cancel_hand_over(by=SYSTEM, hand_over=given, reason="erreur", now=NOW + 2 * DAY)
    assert figures(register_on(programme, TODAY + DAY)) == after
    assert figures(register_on(programme, TODAY + 2 * DAY)) == before


def test_every_movement_is_listed(scheme: Scheme) -> None:
    batch = active_batch(scheme, quantity=5, size=10, now=NOW)
    assert [str(move.batch) for move in movements_of(scheme.programme).filter(kind="printed")] == [str(batch)]


def test_the_register_is_printed(scheme: Scheme) -> None:
    active_batch(scheme, quantity=5, size=10, now=NOW)
    assert register_pdf(register_on(scheme.programme, TODAY), moment=NOW).startswith(b"%PDF")
