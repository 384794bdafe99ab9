"""A parcel does not hold what its slip says: missing, damaged, too many."""

import pytest

from poincon.passes import codes
from poincon.passes.enums import BlockReason, Custody, Validity
from poincon.passes.models import Batch, Block, Booklet, Transfer
from poincon.passes.ranges import BookletRange
from poincon.passes.services.hand_over import hand_over
from poincon.passes.services.move import receive, return_booklets, send
from tests.factories import NOW, SYSTEM, Scheme, make_scheme
from tests.lives import active_batch
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def batch(scheme: Scheme) -> Batch:
    """Twelve booklets in the stock of the lead network."""
    return active_batch(scheme, quantity=12)


@pytest.fixture
def parcel(scheme: Scheme, batch: Batch) -> Transfer:
    """The ten first ones on their way to the prescriber."""
    ranges = [BookletRange(batch.pk, 1, 10)]
    return send(by=SYSTEM, sender=scheme.network, receiver=scheme.prescriber, ranges=ranges, now=NOW)


def booklet(batch: Batch, rank: int) -> Booklet:
    return batch.booklets.get(rank=rank)


def test_a_damaged_booklet_is_in_stock_and_blocked(scheme: Scheme, batch: Batch, parcel: Transfer) -> None:
    received = receive(by=SYSTEM, transfer=parcel, damaged=[booklet(batch, 3).number], now=NOW)
    damaged = booklet(batch, 3)
    assert (damaged.custody, damaged.validity) == (Custody.STOCK, Validity.BLOCKED)
    assert damaged.holder == scheme.prescriber
    assert Block.objects.get().reason == BlockReason.DAMAGED
    assert received.booklets_received == 10
    assert received.discrepancy == f"1 chéquier abîmé ({codes.written(damaged.number)})"


def test_a_damaged_booklet_is_not_handed_over(scheme: Scheme, batch: Batch, parcel: Transfer) -> None:
    number = booklet(batch, 3).number
    receive(by=SYSTEM, transfer=parcel, damaged=[number], now=NOW)
    with refused("booklet_not_usable"):
        hand_over(by=SYSTEM, prescriber=scheme.prescriber, number=codes.written(number), now=NOW)


def test_a_damaged_booklet_goes_back(scheme: Scheme, batch: Batch, parcel: Transfer) -> None:
    receive(by=SYSTEM, transfer=parcel, damaged=[booklet(batch, 3).number], now=NOW)
    back = return_booklets(
        by=SYSTEM,
        sender=scheme.prescriber,
        receiver=scheme.network,
        ranges=[BookletRange(batch.pk, 3, 3)],
        now=NOW,
    )
    assert back.booklets_sent == 1


def test_an_extra_booklet_is_written_on_the_slip_and_moves_nowhere(
    scheme: Scheme, batch: Batch, parcel: Transfer
) -> None:
    extra = booklet(batch, 12)
    received = receive(by=SYSTEM, transfer=parcel, extra=[extra.number], note="sous l’emballage", now=NOW)
    extra.refresh_from_db()
    assert (extra.custody, extra.holder) == (Custody.STOCK, scheme.network)
    assert received.booklets_received == 10
    assert received.discrepancy == f"1 chéquier en trop ({codes.written(extra.number)}) ; sous l’emballage"


def test_all_at_once_is_told_in_one_sentence(batch: Batch, parcel: Transfer) -> None:
    received = receive(
        by=SYSTEM,
        transfer=parcel,
        missing=[booklet(batch, 1).number, booklet(batch, 2).number],
        damaged=[booklet(batch, 3).number],
        extra=[booklet(batch, 11).number, booklet(batch, 12).number],
        now=NOW,
    )
    parts = received.discrepancy.split(" ; ")
    assert [part.split(" (")[0] for part in parts] == [
        "2 chéquiers manquants",
        "1 chéquier abîmé",
        "2 chéquiers en trop",
    ]
    assert received.booklets_received == 8


def test_numbers_that_do_not_fit_are_counted(batch: Batch, parcel: Transfer) -> None:
    note = "n" * 200
    damaged = batch.booklets.filter(rank__lte=10).values_list("number", flat=True)
    received = receive(by=SYSTEM, transfer=parcel, damaged=damaged, note=note, now=NOW)
    assert received.discrepancy == f"10 chéquiers abîmés ; {note}"


def test_a_note_that_does_not_fit_is_refused(batch: Batch, parcel: Transfer) -> None:
    with refused("text_too_long"):
        receive(by=SYSTEM, transfer=parcel, note="n" * 301, now=NOW)
    parcel.refresh_from_db()
    assert parcel.received_at is None


def test_a_booklet_is_not_both_missing_and_damaged(batch: Batch, parcel: Transfer) -> None:
    number = booklet(batch, 1).number
    with refused("booklet_missing_and_damaged", match=codes.written(number)):
        receive(by=SYSTEM, transfer=parcel, missing=[number], damaged=[number], now=NOW)


def test_a_booklet_of_the_slip_is_not_extra(batch: Batch, parcel: Transfer) -> None:
    with refused("booklet_not_extra"):
        receive(by=SYSTEM, transfer=parcel, extra=[booklet(batch, 1).number], now=NOW)


def test_an_extra_booklet_exists(parcel: Transfer) -> None:
    with refused("booklet_unknown"):
        receive(by=SYSTEM, transfer=parcel, extra=[1], now=NOW)


def test_a_damaged_booklet_is_of_the_parcel(batch: Batch, parcel: Transfer) -> None:
    with refused("booklet_not_in_transfer"):
        receive(by=SYSTEM, transfer=parcel, damaged=[booklet(batch, 12).number], now=NOW)
