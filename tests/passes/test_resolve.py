"""How the discrepancy of a parcel ends: found after all, lost for good, closed, opened again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from poincon.kernel.models import AuditEntry
from poincon.organisations.enums import Role
from poincon.passes import codes
from poincon.passes.enums import Custody, DiscrepancyEnding, MovementKind, Validity
from poincon.passes.invariants import INVARIANTS
from poincon.passes.models import Batch, Booklet, Transfer
from poincon.passes.queries.parcels import found_since, missing_at_arrival, still_missing
from poincon.passes.queries.register import register_on
from poincon.passes.ranges import BookletRange
from poincon.passes.services.move import destroy, receive, return_booklets, send
from poincon.passes.services.resolve import find_missing, reopen_discrepancy, resolve_discrepancy
from tests.factories import NOW, SYSTEM, TODAY, Scheme, make_scheme
from tests.lives import active_batch
from tests.refusing import refused

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def batch(scheme: Scheme) -> Batch:
    """Twelve booklets in the stock of the lead network."""
    return active_batch(scheme, quantity=12)


@pytest.fixture
def short(scheme: Scheme, batch: Batch) -> Transfer:
    """Ten of them sent to the prescriber; the third and the fourth did not arrive."""
    ranges = [BookletRange(batch.pk, 1, 10)]
    parcel = send(by=SYSTEM, sender=scheme.network, receiver=scheme.prescriber, ranges=ranges, now=NOW)
    return receive(by=SYSTEM, transfer=parcel, missing=numbers(batch, 3, 4), now=NOW)


@pytest.fixture
def torn(scheme: Scheme, batch: Batch) -> Transfer:
    """Ten of them sent to the prescriber, who has them all; the third is damaged."""
    ranges = [BookletRange(batch.pk, 1, 10)]
    parcel = send(by=SYSTEM, sender=scheme.network, receiver=scheme.prescriber, ranges=ranges, now=NOW)
    return receive(by=SYSTEM, transfer=parcel, damaged=numbers(batch, 3), now=NOW)


def numbers(batch: Batch, *ranks: int) -> list[int]:
    return [booklet.number for booklet in batch.booklets.filter(rank__in=ranks).order_by("rank")]


def resolved(transfer: Transfer, how: DiscrepancyEnding, note: str = "Rappelé le transporteur.") -> Transfer:
    return resolve_discrepancy(by=SYSTEM, transfer=transfer, how=how, note=note, now=LATER)


# --- found after all --------------------------------------------------------------------------------------------------


def test_a_booklet_found_is_in_stock_and_stays_stopped(scheme: Scheme, batch: Batch, short: Transfer) -> None:
    find_missing(by=SYSTEM, transfer=short, holder=scheme.prescriber, numbers=numbers(batch, 3), now=LATER)
    found = batch.booklets.get(rank=3)
    assert (found.custody, found.validity, found.holder) == (Custody.STOCK, Validity.BLOCKED, scheme.prescriber)
    assert batch.booklets.get(rank=4).custody == Custody.LOST
    assert missing_at_arrival(short) == [BookletRange(batch.pk, 3, 4)]
    assert still_missing(short) == [BookletRange(batch.pk, 4, 4)]
    [moved] = found_since(short)
    assert (moved.kind, moved.to_holder, moved.at) == (MovementKind.FOUND, scheme.prescriber, LATER)


def test_a_booklet_that_never_left_is_found_where_it_was_sent_from(
    scheme: Scheme, batch: Batch, short: Transfer
) -> None:
    coordinator = scheme.actor(Role.COORDINATOR)
    find_missing(by=coordinator, transfer=short, holder=scheme.network, numbers=numbers(batch, 3, 4), now=LATER)
    assert {one.holder for one in batch.booklets.filter(rank__in=[3, 4])} == {scheme.network}
    assert still_missing(short) == []


def test_what_is_found_enters_the_register_again(scheme: Scheme, batch: Batch, short: Transfer) -> None:
    find_missing(by=SYSTEM, transfer=short, holder=scheme.prescriber, numbers=numbers(batch, 3, 4), now=LATER)
    [before] = register_on(scheme.programme, TODAY).batches
    [after] = register_on(scheme.programme, TODAY + timedelta(days=3)).batches
    assert (before.missing, before.in_stock, before.on_the_way) == (2, 10, 0)
    assert (after.missing, after.in_stock, after.on_the_way) == (0, 12, 0)
    held = {one.holder: one.in_stock for one in register_on(scheme.programme, TODAY + timedelta(days=3)).holders}
    assert held == {scheme.prescriber: 10, scheme.network: 2}


def test_what_is_found_goes_back_and_is_destroyed(scheme: Scheme, batch: Batch, short: Transfer) -> None:
    find_missing(by=SYSTEM, transfer=short, holder=scheme.prescriber, numbers=numbers(batch, 3), now=LATER)
    ranges = [BookletRange(batch.pk, 3, 3)]
    back = return_booklets(by=SYSTEM, sender=scheme.prescriber, receiver=scheme.network, ranges=ranges, now=LATER)
    receive(by=SYSTEM, transfer=back, now=LATER)
    told = {"place": "Guéret", "method": "broyage", "witness": "Anne", "reason": "retrouvé hors d’usage"}
    destroy(by=SYSTEM, holder=scheme.network, ranges=ranges, now=LATER, **told)
    assert batch.booklets.get(rank=3).custody == Custody.DESTROYED
    assert still_missing(short) == [BookletRange(batch.pk, 4, 4)]
    assert [fault for one in INVARIANTS for fault in one.find()] == []


def test_a_booklet_is_found_once(scheme: Scheme, batch: Batch, short: Transfer) -> None:
    [third] = numbers(batch, 3)
    find_missing(by=SYSTEM, transfer=short, holder=scheme.prescriber, numbers=[third], now=LATER)
    with refused("booklet_not_missing", codes.written(third)):
        find_missing(by=SYSTEM, transfer=short, holder=scheme.network, numbers=[third], now=LATER)


def test_a_booklet_that_arrived_is_not_found(scheme: Scheme, batch: Batch, short: Transfer) -> None:
    with refused("booklet_not_missing"):
        find_missing(by=SYSTEM, transfer=short, holder=scheme.prescriber, numbers=numbers(batch, 3, 5), now=LATER)
    assert Booklet.objects.filter(custody=Custody.LOST).count() == 2


def test_somebody_else_finds_nothing_of_a_parcel(scheme: Scheme, batch: Batch, short: Transfer) -> None:
    with refused("found_elsewhere"):
        find_missing(by=SYSTEM, transfer=short, holder=scheme.operator, numbers=numbers(batch, 3), now=LATER)
    with refused("no_booklets"):
        find_missing(by=SYSTEM, transfer=short, holder=scheme.prescriber, numbers=[], now=LATER)


def test_nobody_finds_in_the_name_of_the_other_side(scheme: Scheme, batch: Batch, short: Transfer) -> None:
    with refused("signed_by_another"):
        find_missing(
            by=scheme.actor(Role.COORDINATOR),
            transfer=short,
            holder=scheme.prescriber,
            numbers=numbers(batch, 3),
            now=LATER,
        )


# --- how it ended -----------------------------------------------------------------------------------------------------


def test_an_end_is_written_with_who_and_why(scheme: Scheme, short: Transfer) -> None:
    coordinator = scheme.actor(Role.COORDINATOR)
    note = "  La Poste ne les retrouve pas. "
    done = resolve_discrepancy(by=coordinator, transfer=short, how=DiscrepancyEnding.LOST, note=note, now=LATER)
    done.refresh_from_db()
    assert (done.resolved_at, done.resolved_by_label) == (LATER, coordinator.label)
    assert (done.resolved_how, done.resolved_note) == ("lost", "La Poste ne les retrouve pas.")
    entry = AuditEntry.objects.get(action="transfer.resolve")
    assert entry.after == {"resolved_how": "lost", "resolved_note": "La Poste ne les retrouve pas."}


def test_an_end_says_what_happened(short: Transfer) -> None:
    with refused("resolution_note_missing"):
        resolved(short, DiscrepancyEnding.LOST, "  ")
    with refused("text_too_long"):
        resolved(short, DiscrepancyEnding.LOST, "x" * 301)


def test_a_parcel_as_its_slip_says_has_nothing_to_close(scheme: Scheme, batch: Batch) -> None:
    ranges = [BookletRange(batch.pk, 1, 2)]
    parcel = send(by=SYSTEM, sender=scheme.network, receiver=scheme.prescriber, ranges=ranges, now=NOW)
    receive(by=SYSTEM, transfer=parcel, now=NOW)
    with refused("no_discrepancy"):
        resolved(parcel, DiscrepancyEnding.OTHER)
    with refused("no_discrepancy"):
        reopen_discrepancy(by=SYSTEM, transfer=parcel)


@pytest.mark.parametrize("how", [DiscrepancyEnding.FOUND, DiscrepancyEnding.CORRECTED])
def test_what_is_still_missing_is_neither_found_nor_a_mistake(
    scheme: Scheme, batch: Batch, short: Transfer, how: DiscrepancyEnding
) -> None:
    find_missing(by=SYSTEM, transfer=short, holder=scheme.prescriber, numbers=numbers(batch, 3), now=LATER)
    with refused("booklets_still_missing", "1 chéquier manque encore"):
        resolved(short, how)
    find_missing(by=SYSTEM, transfer=short, holder=scheme.prescriber, numbers=numbers(batch, 4), now=LATER)
    assert resolved(short, how).resolved_how == how


def test_what_is_all_found_is_not_lost(scheme: Scheme, batch: Batch, short: Transfer) -> None:
    find_missing(by=SYSTEM, transfer=short, holder=scheme.prescriber, numbers=numbers(batch, 3, 4), now=LATER)
    with refused("nothing_missing"):
        resolved(short, DiscrepancyEnding.LOST)


@pytest.mark.parametrize("how", [DiscrepancyEnding.FOUND, DiscrepancyEnding.LOST])
def test_where_nothing_was_missing_nothing_is_found_nor_lost(torn: Transfer, how: DiscrepancyEnding) -> None:
    with refused("nothing_missing"):
        resolved(torn, how)
    assert resolved(torn, DiscrepancyEnding.OTHER).resolved_how == "other"


def test_a_discrepancy_is_closed_once(short: Transfer) -> None:
    resolved(short, DiscrepancyEnding.LOST)
    with refused("discrepancy_already_resolved", SYSTEM.label):
        resolved(short, DiscrepancyEnding.OTHER)


def test_an_end_by_mistake_is_taken_back_and_the_journal_keeps_it(short: Transfer) -> None:
    resolved(short, DiscrepancyEnding.LOST, "Perdus en route.")
    opened = reopen_discrepancy(by=SYSTEM, transfer=short)
    opened.refresh_from_db()
    assert (opened.resolved_at, opened.resolved_by_label, opened.resolved_how, opened.resolved_note) == (
        None,
        "",
        "",
        "",
    )
    entry = AuditEntry.objects.get(action="transfer.reopen")
    assert entry.before == {"resolved_how": "lost", "resolved_note": "Perdus en route."}
    with refused("discrepancy_not_resolved"):
        reopen_discrepancy(by=SYSTEM, transfer=short)


@pytest.mark.parametrize(
    "columns",
    [
        {"resolved_how": "lost"},
        {"resolved_at": NOW, "resolved_how": "lost"},
        {"resolved_at": NOW, "resolved_how": "melted", "resolved_note": "?"},
        {"discrepancy": "", "resolved_at": NOW, "resolved_how": "other", "resolved_note": "?"},
    ],
    ids=["how-alone", "no-note", "unknown-end", "no-discrepancy"],
)
def test_the_database_refuses_half_an_end(short: Transfer, columns: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=short.pk).update(**columns)
