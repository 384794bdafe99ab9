"""Booklets change hands between organisations: nothing moves unless everything can."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from poincon.kernel.models import AuditEntry
from poincon.organisations.enums import Role
from poincon.organisations.models import Organisation
from poincon.passes import codes
from poincon.passes.enums import BlockReason, Custody, MovementKind, TransferKind, Validity
from poincon.passes.models import Batch, Block, Booklet, Destruction, Movement, Transfer
from poincon.passes.ranges import BookletRange
from poincon.passes.services.activate import expire
from poincon.passes.services.block import block
from poincon.passes.services.hand_over import hand_over
from poincon.passes.services.move import destroy, recall, receive, return_booklets, send, sent_ranges
from tests.factories import NOW, SYSTEM, Scheme, make_organisation, make_scheme
from tests.lives import Live, active_batch, delivered
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def batch(scheme: Scheme) -> Batch:
    """Six booklets in the stock of the lead network."""
    return active_batch(scheme, quantity=6)


def sent(scheme: Scheme, *ranges: BookletRange) -> Transfer:
    return send(by=SYSTEM, sender=scheme.network, receiver=scheme.prescriber, ranges=ranges, now=NOW)


def custody(batch: Batch) -> list[tuple[int, int | None]]:
    return list(batch.booklets.order_by("rank").values_list("custody", "holder_id"))


def numbers(batch: Batch, *ranks: int) -> list[int]:
    return list(batch.booklets.filter(rank__in=ranks).order_by("rank").values_list("number", flat=True))


def test_booklets_sent_are_on_their_way(scheme: Scheme, batch: Batch) -> None:
    transfer = sent(scheme, BookletRange(batch.pk, 1, 2), BookletRange(batch.pk, 5, 6))
    network = scheme.network.pk
    assert custody(batch) == [
        *[(Custody.TRANSIT, network)] * 2,
        *[(Custody.STOCK, network)] * 2,
        *[(Custody.TRANSIT, network)] * 2,
    ]
    assert (transfer.booklets_sent, transfer.received_at, transfer.kind) == (4, None, TransferKind.DELIVERY)


def test_a_slip_lists_its_ranges(scheme: Scheme, batch: Batch) -> None:
    ranges = [BookletRange(batch.pk, 1, 2), BookletRange(batch.pk, 5, 6)]
    assert sent_ranges(sent(scheme, *ranges)) == ranges


def test_booklets_received_are_in_stock(scheme: Scheme, batch: Batch) -> None:
    transfer = receive(by=SYSTEM, transfer=sent(scheme, BookletRange(batch.pk, 1, 6)), now=NOW)
    assert set(custody(batch)) == {(Custody.STOCK, scheme.prescriber.pk)}
    assert (transfer.booklets_received, transfer.discrepancy) == (6, "")


def test_every_movement_is_kept(scheme: Scheme, batch: Batch) -> None:
    receive(by=SYSTEM, transfer=sent(scheme, BookletRange(batch.pk, 1, 6)), missing=numbers(batch, 3), now=NOW)
    assert list(Movement.objects.order_by("id").values_list("kind", "first_rank", "last_rank")) == [
        (MovementKind.PRINTED, 1, 6),
        (MovementKind.SENT, 1, 6),
        (MovementKind.RECEIVED, 1, 2),
        (MovementKind.RECEIVED, 4, 6),
        (MovementKind.MISSING, 3, 3),
    ]


def test_booklets_come_back(scheme: Scheme, batch: Batch) -> None:
    delivered(batch, scheme.prescriber)
    ranges = [BookletRange(batch.pk, 2, 6)]
    transfer = return_booklets(by=SYSTEM, sender=scheme.prescriber, receiver=scheme.network, ranges=ranges, now=NOW)
    receive(by=SYSTEM, transfer=transfer, now=NOW)
    assert transfer.kind == TransferKind.RETURN
    assert [holder for _, holder in custody(batch)] == [scheme.prescriber.pk, *[scheme.network.pk] * 5]


def test_moving_costs_the_same_whatever_the_number(
    scheme: Scheme, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    batch = active_batch(scheme, quantity=200)
    with django_assert_max_num_queries(12):
        transfer = sent(scheme, BookletRange(batch.pk, 1, 200))
    with django_assert_max_num_queries(12):
        receive(by=SYSTEM, transfer=transfer, now=NOW)


# --- discrepancies ----------------------------------------------------------------------------------------------------


def test_a_missing_booklet_is_blocked_at_once(scheme: Scheme, batch: Batch) -> None:
    transfer = sent(scheme, BookletRange(batch.pk, 1, 6))
    transfer = receive(by=SYSTEM, transfer=transfer, missing=numbers(batch, 2, 5), now=NOW)
    lost = batch.booklets.filter(custody=Custody.LOST)
    assert list(lost.values_list("rank", "validity", "block__reason")) == [
        (2, Validity.BLOCKED, BlockReason.MISSING),
        (5, Validity.BLOCKED, BlockReason.MISSING),
    ]
    assert (transfer.booklets_received, transfer.discrepancy) == (4, "2 chéquiers manquants")


def test_a_discrepancy_may_be_described(scheme: Scheme, batch: Batch) -> None:
    transfer = sent(scheme, BookletRange(batch.pk, 1, 6))
    received = receive(by=SYSTEM, transfer=transfer, missing=numbers(batch, 1), note="carton ouvert", now=NOW)
    assert received.discrepancy == "1 chéquier manquant ; carton ouvert"


def test_a_booklet_already_blocked_may_be_missing_too(scheme: Scheme, batch: Batch) -> None:
    transfer = sent(scheme, BookletRange(batch.pk, 1, 6))
    (number,) = numbers(batch, 4)
    block(by=SYSTEM, number=codes.written(number), reason=BlockReason.STOLEN, now=NOW)
    receive(by=SYSTEM, transfer=transfer, missing=[number], now=NOW)
    booklet = Booklet.objects.get(number=number)
    assert (booklet.custody, booklet.validity) == (Custody.LOST, Validity.BLOCKED)
    assert Block.objects.get().reason == BlockReason.STOLEN


def test_a_booklet_of_another_parcel_is_not_missing_from_this_one(scheme: Scheme, batch: Batch) -> None:
    transfer = sent(scheme, BookletRange(batch.pk, 1, 3))
    (elsewhere,) = numbers(batch, 6)
    with refused("booklet_not_in_transfer", match=codes.written(elsewhere)):
        receive(by=SYSTEM, transfer=transfer, missing=[*numbers(batch, 1), elsewhere], now=NOW)
    assert set(custody(batch)[:3]) == {(Custody.TRANSIT, scheme.network.pk)}
    assert not Block.objects.exists()


def test_a_parcel_is_received_once(scheme: Scheme, batch: Batch) -> None:
    transfer = receive(by=SYSTEM, transfer=sent(scheme, BookletRange(batch.pk, 1, 6)), now=NOW)
    with refused("transfer_already_received"):
        receive(by=SYSTEM, transfer=transfer, now=NOW)


# --- recall -----------------------------------------------------------------------------------------------------------


def test_a_parcel_recalled_is_back_in_the_stock_it_left(scheme: Scheme, batch: Batch) -> None:
    transfer = sent(scheme, BookletRange(batch.pk, 2, 4))
    before = custody(batch)
    recalled = recall(by=SYSTEM, transfer=transfer, reason="mauvais destinataire", now=NOW)
    assert before != custody(batch)
    assert set(custody(batch)) == {(Custody.STOCK, scheme.network.pk)}
    assert (recalled.recalled_at, recalled.recall_reason) == (NOW, "mauvais destinataire")
    assert AuditEntry.objects.get(action="transfer.recall").after == {"reason": "mauvais destinataire"}


def test_a_recall_is_written_beside_what_left(scheme: Scheme, batch: Batch) -> None:
    transfer = sent(scheme, BookletRange(batch.pk, 2, 4))
    recall(by=SYSTEM, transfer=transfer, reason="erreur", now=NOW)
    assert list(transfer.movements.values_list("kind", "first_rank", "last_rank", "to_holder")) == [
        (MovementKind.SENT, 2, 4, scheme.prescriber.pk),
        (MovementKind.RECALLED, 2, 4, scheme.network.pk),
    ]


def test_booklets_recalled_may_leave_again(scheme: Scheme, batch: Batch) -> None:
    recall(by=SYSTEM, transfer=sent(scheme, BookletRange(batch.pk, 1, 6)), reason="erreur", now=NOW)
    receive(by=SYSTEM, transfer=sent(scheme, BookletRange(batch.pk, 1, 6)), now=NOW)
    assert set(custody(batch)) == {(Custody.STOCK, scheme.prescriber.pk)}


def test_a_parcel_received_is_not_recalled(scheme: Scheme, batch: Batch) -> None:
    transfer = receive(by=SYSTEM, transfer=sent(scheme, BookletRange(batch.pk, 1, 6)), now=NOW)
    with refused("transfer_already_received"):
        recall(by=SYSTEM, transfer=transfer, reason="erreur", now=NOW)
    assert set(custody(batch)) == {(Custody.STOCK, scheme.prescriber.pk)}


@pytest.mark.parametrize("again", [receive, partial(recall, reason="encore")])
def test_a_parcel_recalled_is_neither_received_nor_recalled_again(
    scheme: Scheme, batch: Batch, again: Callable[..., Transfer]
) -> None:
    transfer = recall(by=SYSTEM, transfer=sent(scheme, BookletRange(batch.pk, 1, 6)), reason="erreur", now=NOW)
    with refused("transfer_already_recalled", match=scheme.network.name):
        again(by=SYSTEM, transfer=transfer, now=NOW)
    assert set(custody(batch)) == {(Custody.STOCK, scheme.network.pk)}


def test_a_recall_says_why(scheme: Scheme, batch: Batch) -> None:
    transfer = sent(scheme, BookletRange(batch.pk, 1, 6))
    with refused("recall_reason_missing"):
        recall(by=SYSTEM, transfer=transfer, reason=" ", now=NOW)
    assert set(custody(batch)) == {(Custody.TRANSIT, scheme.network.pk)}


def test_only_the_sender_recalls(scheme: Scheme, batch: Batch) -> None:
    transfer = sent(scheme, BookletRange(batch.pk, 1, 6))
    with refused("right_missing"):
        recall(by=scheme.actor(Role.PRESCRIBER), transfer=transfer, reason="erreur", now=NOW)
    with refused("signed_by_another"):
        recall(by=scheme.actor(Role.FUNDER), transfer=transfer, reason="erreur", now=NOW)
    recall(by=scheme.actor(Role.COORDINATOR), transfer=transfer, reason="erreur", now=NOW)


def test_the_database_refuses_a_parcel_received_and_recalled(scheme: Scheme, batch: Batch) -> None:
    transfer = receive(by=SYSTEM, transfer=sent(scheme, BookletRange(batch.pk, 1, 6)), now=NOW)
    with pytest.raises(IntegrityError, match="transfer_received_or_recalled"), transaction.atomic():
        Transfer.objects.filter(pk=transfer.pk).update(recalled_at=NOW)


# --- nothing moves unless all can -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ranges",
    [
        [(1, 7)],
        [(1, 3), (2, 4)],
        [],
        [(7, 8)],
    ],
)
def test_impossible_ranges_are_refused(scheme: Scheme, batch: Batch, ranges: list[tuple[int, int]]) -> None:
    before = custody(batch)
    codes_by_fault = {0: "no_booklets", 2: "ranges_overlap"}
    with refused(codes_by_fault.get(len(ranges), "booklets_not_in_stock")):
        sent(scheme, *[BookletRange(batch.pk, *ranks) for ranks in ranges])
    assert custody(batch) == before
    assert not Transfer.objects.exists()


def test_one_booklet_elsewhere_stops_the_whole_parcel(scheme: Scheme, batch: Batch) -> None:
    sent(scheme, BookletRange(batch.pk, 4, 4))
    before = custody(batch)
    with refused("booklets_not_in_stock", match=codes.written(*numbers(batch, 4))):
        sent(scheme, BookletRange(batch.pk, 1, 6))
    assert custody(batch) == before


def test_a_booklet_begun_does_not_leave(live: Live) -> None:
    life = live(handed=0)
    hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(2), passes=1, now=NOW)
    with refused("booklets_not_in_stock", match=life.number(2)):
        return_booklets(
            by=SYSTEM,
            sender=life.scheme.prescriber,
            receiver=life.scheme.network,
            ranges=[BookletRange(life.batch.pk, 1, 3)],
            now=NOW,
        )


def test_booklets_of_somebody_else_do_not_leave(scheme: Scheme, batch: Batch) -> None:
    with refused("booklets_not_in_stock"):
        send(
            by=SYSTEM,
            sender=scheme.prescriber,
            receiver=scheme.network,
            ranges=[BookletRange(batch.pk, 1, 1)],
            now=NOW,
        )


def test_a_parcel_holds_one_programme(scheme: Scheme, batch: Batch) -> None:
    other = active_batch(make_scheme())
    with refused("booklets_of_another_programme"):
        sent(scheme, BookletRange(batch.pk, 1, 1), BookletRange(other.pk, 1, 1))


def test_a_batch_that_does_not_exist_is_in_no_programme(scheme: Scheme) -> None:
    with refused("booklets_of_another_programme"):
        sent(scheme, BookletRange(999_999, 1, 1))


def test_nobody_sends_to_oneself(scheme: Scheme, batch: Batch) -> None:
    with refused("same_holder"):
        send(by=SYSTEM, sender=scheme.network, receiver=scheme.network, ranges=[BookletRange(batch.pk, 1, 1)], now=NOW)


# --- destroy ----------------------------------------------------------------------------------------------------------


def destroyed(batch: Batch, holder: Organisation, **changes: str) -> Destruction:
    facts = {"place": "Guéret", "method": "broyage", "witness": "Anne Martin", "reason": "fin de campagne"}
    ranges = [BookletRange(batch.pk, 1, 2)]
    return destroy(by=SYSTEM, holder=holder, ranges=ranges, now=NOW, **(facts | changes))


def test_booklets_are_destroyed_before_a_witness(scheme: Scheme, batch: Batch) -> None:
    destroyed(batch, scheme.network)
    assert [row[0] for row in custody(batch)] == [*[Custody.DESTROYED] * 2, *[Custody.STOCK] * 4]
    movement = Movement.objects.get(kind=MovementKind.DESTROYED)
    assert (movement.booklets, movement.destruction.witness if movement.destruction else "") == (2, "Anne Martin")


def test_a_destruction_needs_a_witness(scheme: Scheme, batch: Batch) -> None:
    with refused("witness_missing"):
        destroyed(batch, scheme.network, witness="  ")
    assert not batch.booklets.filter(custody=Custody.DESTROYED).exists()


@pytest.mark.parametrize(("missing", "field"), [("place", "Lieu"), ("method", "Procédé"), ("reason", "Motif")])
def test_a_destruction_says_where_how_and_why(scheme: Scheme, batch: Batch, missing: str, field: str) -> None:
    with refused("destruction_incomplete", match=field):
        destroyed(batch, scheme.network, **{missing: " "})
    assert not batch.booklets.filter(custody=Custody.DESTROYED).exists()


@pytest.mark.parametrize(("long", "field"), [("witness", "Témoin"), ("reason", "Motif"), ("place", "Lieu")])
def test_the_record_of_a_destruction_keeps_what_its_columns_hold(
    scheme: Scheme, batch: Batch, long: str, field: str
) -> None:
    with refused("text_too_long", match=field):
        destroyed(batch, scheme.network, **{long: "x" * 301})
    assert not batch.booklets.filter(custody=Custody.DESTROYED).exists()


def test_nobody_destroys_what_another_holds(scheme: Scheme, batch: Batch) -> None:
    with refused("booklets_not_in_stock"):
        destroyed(batch, make_organisation(is_prescriber=True))


def test_what_is_destroyed_is_not_destroyed_again(scheme: Scheme, batch: Batch) -> None:
    destroyed(batch, scheme.network)
    with refused("booklets_not_in_stock"):
        destroyed(batch, scheme.network)


def test_a_booklet_handed_over_is_not_destroyed(live: Live) -> None:
    life = live()
    with refused("booklets_not_in_stock"):
        destroyed(life.batch, life.scheme.prescriber)
    assert life.booklet(2).custody == Custody.STOCK


def test_a_destroyed_booklet_does_not_expire(scheme: Scheme, batch: Batch) -> None:
    destroyed(batch, scheme.network)
    gone = Booklet.objects.filter(batch=batch, custody=Custody.DESTROYED)
    assert expire(by=SYSTEM, batch=batch, now=NOW + timedelta(days=500)) == batch.quantity - gone.count()
    assert not gone.filter(validity=Validity.EXPIRED).exists()


def test_a_missing_booklet_that_expired_on_its_way_stays_expired(scheme: Scheme, batch: Batch) -> None:
    transfer = sent(scheme, BookletRange(batch.pk, 1, 2))
    over = NOW + timedelta(days=500)
    expire(by=SYSTEM, batch=batch, now=over)
    receive(by=SYSTEM, transfer=transfer, missing=numbers(batch, 2), now=over)
    lost = Booklet.objects.get(batch=batch, rank=2)
    assert (lost.custody, lost.validity) == (Custody.LOST, Validity.EXPIRED)
    assert not Block.objects.exists()


def test_nobody_signs_both_sides(scheme: Scheme, batch: Batch) -> None:
    """The coordinator sends from the stock of its network; the prescriber counts what it receives."""
    coordinator, prescriber = scheme.actor(Role.COORDINATOR), scheme.actor(Role.PRESCRIBER)
    ranges = [BookletRange(batch.pk, 1, 2)]
    transfer = send(by=coordinator, sender=scheme.network, receiver=scheme.prescriber, ranges=ranges, now=NOW)
    with refused("signed_by_another"):
        receive(by=coordinator, transfer=transfer, now=NOW)
    receive(by=prescriber, transfer=transfer, now=NOW)
    with refused("signed_by_another"):
        send(by=coordinator, sender=scheme.prescriber, receiver=scheme.network, ranges=ranges, now=NOW)


def test_booklets_go_to_nobody_outside_the_programme(scheme: Scheme, batch: Batch) -> None:
    with refused("receiver_outside_programme"):
        send(
            by=SYSTEM,
            sender=scheme.network,
            receiver=make_organisation(),
            ranges=[BookletRange(batch.pk, 1, 1)],
            now=NOW,
        )


def test_a_thousand_ranges_move_together(scheme: Scheme) -> None:
    batch = active_batch(scheme, quantity=1999, size=5)
    parcel = [BookletRange(batch.pk, rank, rank) for rank in range(1, 2000, 2)]
    transfer = receive(by=SYSTEM, transfer=sent(scheme, *parcel), now=NOW)
    assert transfer.booklets_received == 1000
