"""What waits for somebody: batches between two steps, parcels, booklets that sleep; and what a decision would move."""

from datetime import date, timedelta

import pytest

from poincon.organisations.enums import Role
from poincon.passes.enums import DiscrepancyEnding
from poincon.passes.models import Booklet
from poincon.passes.queries.effects import moved_batches
from poincon.passes.queries.funnel import STAGES, at_stage, funnel
from poincon.passes.queries.holders import sleepers_of
from poincon.passes.queries.waiting import waiting_batches, waiting_parcels
from poincon.passes.ranges import BookletRange
from poincon.passes.services.move import receive, send
from poincon.passes.services.order import cancel_batch, enter_stock, order_batch
from poincon.passes.services.printing import approve_proof
from poincon.passes.services.resolve import reopen_discrepancy, resolve_discrepancy
from poincon.programmes.enums import ChangeKind
from poincon.programmes.models import ProgrammeChange
from poincon.programmes.services import suspend
from tests.factories import NOW, SYSTEM, Scheme, make_scheme
from tests.lives import Life, active_batch, delivered, make_life

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    scheme = make_scheme()
    active_batch(scheme)
    return scheme


def test_batches_are_sorted_by_what_they_wait_for(scheme: Scheme) -> None:
    ordered, proved, printed, cancelled = (
        order_batch(by=SYSTEM, programme=scheme.programme, quantity=1, size=10, now=NOW) for _ in range(4)
    )
    approve_proof(by=SYSTEM, batch=proved, now=NOW)
    approve_proof(by=SYSTEM, batch=printed, now=NOW)
    enter_stock(by=SYSTEM, batch=printed, now=NOW)
    cancel_batch(by=SYSTEM, batch=cancelled, reason="doublon", now=NOW)
    found = waiting_batches(scheme.programme.pk)
    assert (found.to_approve, found.to_print, found.to_activate) == ((ordered,), (proved,), (printed,))


def test_a_parcel_is_late_after_two_weeks(scheme: Scheme) -> None:
    batch = scheme.programme.batches.get()
    send(
        by=SYSTEM,
        sender=batch.stock_holder,
        receiver=scheme.prescriber,
        ranges=[BookletRange(batch.pk, 1, 1)],
        now=NOW,
    )
    assert waiting_parcels(scheme.programme.pk, NOW + timedelta(days=14)).late == 0
    assert waiting_parcels(scheme.programme.pk, NOW + timedelta(days=15)).late == 1


def test_a_discrepancy_waits_until_somebody_says_how_it_ended(scheme: Scheme) -> None:
    batch = scheme.programme.batches.get()
    parcel = [BookletRange(batch.pk, 1, 2)]
    transfer = send(by=SYSTEM, sender=batch.stock_holder, receiver=scheme.prescriber, ranges=parcel, now=NOW)
    missing = Booklet.objects.get(batch=batch, rank=2).number
    receive(by=scheme.actor(Role.PRESCRIBER), transfer=transfer, missing=[missing], now=NOW)
    found = waiting_parcels(scheme.programme.pk, NOW + timedelta(days=400))
    assert (found.in_discrepancy, found.late) == (1, 0)
    resolve_discrepancy(by=SYSTEM, transfer=transfer, how=DiscrepancyEnding.LOST, note="Introuvable.", now=NOW)
    assert waiting_parcels(scheme.programme.pk, NOW).in_discrepancy == 0
    reopen_discrepancy(by=SYSTEM, transfer=transfer)
    assert waiting_parcels(scheme.programme.pk, NOW).in_discrepancy == 1


def test_a_stock_sleeps_until_something_happens_to_it(scheme: Scheme) -> None:
    batch = scheme.programme.batches.get()
    late = NOW + timedelta(days=61)
    [asleep] = sleepers_of(scheme.programme.pk, late)
    assert (asleep.pk, asleep.ready, asleep.moved_at) == (batch.stock_holder_id, 3, NOW)
    delivered(batch, scheme.prescriber, now=late)
    assert not sleepers_of(scheme.programme.pk, late)


def test_the_list_behind_each_figure_of_the_funnel_holds_as_many_rows() -> None:
    life = make_life(price=2, quantity=3)
    for _ in range(5):
        life.scan()
    counted = funnel(life.scheme.programme.pk)
    booklets = Booklet.objects.filter(batch__programme=life.scheme.programme)
    assert {stage: at_stage(booklets, stage).count() for stage in STAGES} == {
        stage: getattr(counted, stage) for stage in STAGES
    }
    assert counted.handed == 1


def test_what_a_suspension_would_move_is_told_before() -> None:
    life: Life = make_life()
    programme, first = life.scheme.programme, date(2026, 5, 1)
    imagined = ProgrammeChange(
        programme=programme,
        kind=ChangeKind.SUSPENSION,
        first_day=first,
        last_day=first + timedelta(days=9),
        moves_validity=True,
        decided_at=NOW,
    )
    [told] = moved_batches(imagined)
    assert told.moves
    assert told.after == told.before + timedelta(days=10)
    suspend(
        by=SYSTEM,
        programme=programme,
        first_day=first,
        last_day=first + timedelta(days=9),
        reason="Travaux",
        moves_validity=True,
        now=NOW,
    )
    imagined.moves_validity = False
    [after] = moved_batches(imagined)
    assert (after.before, after.moves) == (told.after, False)
