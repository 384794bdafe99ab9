"""A batch becomes usable once the money behind it is recorded, to the cent."""

from datetime import timedelta

import pytest

from poincon.passes import keys
from poincon.passes.cover import Cover, cover
from poincon.passes.enums import BlockReason, Custody, Validity
from poincon.passes.models import Batch
from poincon.passes.queries.batch import batch_last_day
from poincon.passes.ranges import BookletRange
from poincon.passes.services.activate import activate, expire
from poincon.passes.services.block import block
from poincon.passes.services.hand_over import hand_over
from poincon.passes.services.move import destroy, receive, send
from poincon.passes.services.order import enter_stock, order_batch
from poincon.passes.services.printing import approve_proof
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import Programme
from poincon.programmes.services import extend, suspend
from tests.factories import NOW, SYSTEM, make_programme, make_receipt, make_scheme
from tests.lives import Live
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def printed(programme: Programme, *, quantity: int = 2, size: int = 10) -> Batch:
    if keys.current_key() is None:
        keys.rotate(by=SYSTEM, now=NOW)
    batch = order_batch(by=SYSTEM, programme=programme, quantity=quantity, size=size, now=NOW)
    approve_proof(by=SYSTEM, batch=batch, now=NOW)
    return enter_stock(by=SYSTEM, batch=batch, now=NOW)


def test_an_activated_batch_is_usable() -> None:
    batch = printed(make_scheme().programme)
    assert activate(by=SYSTEM, batch=batch, now=NOW).activated_at == NOW
    assert set(batch.booklets.values_list("validity", flat=True)) == {Validity.ACTIVE}


def test_a_batch_is_printed_before_it_is_activated() -> None:
    scheme = make_scheme()
    keys.rotate(by=SYSTEM, now=NOW)
    batch = order_batch(by=SYSTEM, programme=scheme.programme, quantity=1, size=5, now=NOW)
    with refused("batch_not_printed"):
        activate(by=SYSTEM, batch=batch, now=NOW)


def test_a_batch_is_activated_once() -> None:
    batch = printed(make_scheme().programme)
    activate(by=SYSTEM, batch=batch, now=NOW)
    with refused("batch_already_active", match="4 mars 2026"):
        activate(by=SYSTEM, batch=batch, now=NOW)


# --- cover ------------------------------------------------------------------------------------------------------------


def test_exactly_the_money_is_enough() -> None:
    programme = make_programme()
    make_receipt(programme, 2 * 10 * 1000)
    assert activate(by=SYSTEM, batch=printed(programme), now=NOW)


def test_one_cent_less_is_not() -> None:
    programme = make_programme()
    make_receipt(programme, 2 * 10 * 1000 - 1)
    batch = printed(programme)
    with refused("not_covered", match="Il manque 0,01"):
        activate(by=SYSTEM, batch=batch, now=NOW)
    assert set(batch.booklets.values_list("validity", flat=True)) == {Validity.INERT}


@pytest.mark.parametrize(("required_bp", "needed"), [(10_000, 20_000), (12_500, 25_000), (3_333, 6_666), (0, 0)])
def test_the_cover_asked_may_differ_from_the_whole(required_bp: int, needed: int) -> None:
    programme = make_programme(required_cover_bp=required_bp)
    if needed > 1:
        make_receipt(programme, needed - 1)
        with refused("not_covered", match="Il manque 0,01"):
            activate(by=SYSTEM, batch=printed(programme), now=NOW)
        make_receipt(programme, 1)
    assert activate(by=SYSTEM, batch=printed(programme), now=NOW)


def test_a_commitment_counts_and_is_told_apart() -> None:
    programme = make_programme()
    make_receipt(programme, 5_000, kind=ReceiptKind.CASH)
    make_receipt(programme, 15_000, kind=ReceiptKind.COMMITMENT)
    activate(by=SYSTEM, batch=printed(programme), now=NOW)
    figures = cover(programme)
    assert (figures.received_cash, figures.received_commitments, figures.active_unused) == (5_000, 15_000, 20_000)


def test_the_money_of_another_programme_does_not_count() -> None:
    make_receipt(make_programme(), 10_000_000)
    with refused("not_covered"):
        activate(by=SYSTEM, batch=printed(make_programme()), now=NOW)


def test_two_batches_share_the_money() -> None:
    programme = make_programme()
    make_receipt(programme, 39_999)
    activate(by=SYSTEM, batch=printed(programme), now=NOW)
    with refused("not_covered", match="Il manque 0,01"):
        activate(by=SYSTEM, batch=printed(programme), now=NOW)


def test_passes_used_still_weigh_on_the_money(live: Live) -> None:
    life = live(quantity=3)
    before = cover(life.scheme.programme)
    life.scan()
    after = cover(life.scheme.programme)
    assert (after.active_unused, after.redeemed) == (before.active_unused - 1000, 1000)
    assert after.engaged == before.engaged == 30_000


def test_a_blocked_booklet_frees_its_unused_passes(live: Live) -> None:
    life = live()
    life.scan()
    block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, now=NOW)
    assert cover(life.scheme.programme).engaged == 2 * 10_000 + 1_000


def test_a_destroyed_booklet_frees_its_passes(live: Live) -> None:
    life = live()
    whole = [BookletRange(life.batch.pk, 3, 3)]
    destroy(
        by=SYSTEM,
        holder=life.scheme.prescriber,
        ranges=whole,
        place="Guéret",
        method="broyage",
        witness="Anne",
        reason="abîmé",
        now=NOW,
    )
    assert cover(life.scheme.programme).engaged == 2 * 10_000


def test_booklets_destroyed_before_need_no_money() -> None:
    scheme = make_scheme()
    programme = make_programme(owner=scheme.funder)
    make_receipt(programme, 10_000)
    batch = printed(programme, quantity=2)
    ranges = [BookletRange(batch.pk, 1, 1)]
    destroy(
        by=SYSTEM,
        holder=scheme.funder,
        ranges=ranges,
        place="Guéret",
        method="broyage",
        witness="Anne",
        reason="abîmé",
        now=NOW,
    )
    activate(by=SYSTEM, batch=batch, now=NOW)
    assert list(batch.booklets.values_list("custody", "validity")) == [
        (Custody.DESTROYED, Validity.INERT),
        (Custody.STOCK, Validity.ACTIVE),
    ]


def test_booklets_missing_on_arrival_stay_blocked() -> None:
    scheme = make_scheme()
    batch = printed(scheme.programme, quantity=2)
    ranges = [BookletRange(batch.pk, 1, 2)]
    transfer = send(by=SYSTEM, sender=scheme.network, receiver=scheme.prescriber, ranges=ranges, now=NOW)
    receive(by=SYSTEM, transfer=transfer, missing=[batch.booklets.get(rank=1).number], now=NOW)
    activate(by=SYSTEM, batch=batch, now=NOW)
    assert list(batch.booklets.values_list("validity", flat=True)) == [Validity.BLOCKED, Validity.ACTIVE]


def figures(*, received: int, engaged: int, required_bp: int = 10_000) -> Cover:
    return Cover(received, 0, engaged, 0, 0, required_bp)


def test_the_ratio_has_no_meaning_when_nothing_is_engaged() -> None:
    assert figures(received=100, engaged=0).ratio_bp is None
    assert figures(received=150, engaged=100).ratio_bp == 15_000


def test_what_is_missing_is_rounded_up_to_the_cent() -> None:
    short = figures(received=33, engaged=100, required_bp=3_334)
    assert (short.holds(), short.missing()) == (False, 1)
    enough = figures(received=34, engaged=100, required_bp=3_334)
    assert (enough.holds(), enough.missing()) == (True, 0)


# --- expire -----------------------------------------------------------------------------------------------------------

#: Last day of validity, grace of 30 days, then 7 days for devices to come back on line.
AFTER = timedelta(days=30 + 7)


def test_a_batch_expires_when_nothing_can_arrive_any_more(live: Live) -> None:
    life = live()
    life.scan()
    over = NOW + (life.batch.valid_until - NOW.date()) + AFTER
    with refused("batch_not_over"):
        expire(by=SYSTEM, batch=life.batch, now=over)
    assert expire(by=SYSTEM, batch=life.batch, now=over + timedelta(days=1)) == 3
    assert set(life.batch.booklets.values_list("validity", flat=True)) == {Validity.EXPIRED}


def test_the_extension_of_the_programme_is_waited_for(live: Live) -> None:
    life = live()
    programme = life.scheme.programme
    end = programme.ends_on + timedelta(days=100)
    extend(by=SYSTEM, programme=programme, until=end, reason="crue", moves_validity=True, now=NOW)
    over = NOW + (end - NOW.date()) + AFTER
    with refused("batch_not_over"):
        expire(by=SYSTEM, batch=life.batch, now=over)
    assert expire(by=SYSTEM, batch=life.batch, now=over + timedelta(days=1)) == 3


def test_the_days_of_a_suspension_are_waited_for(live: Live) -> None:
    life = live()
    first = NOW.date() + timedelta(days=10)
    suspend(
        by=SYSTEM,
        programme=life.scheme.programme,
        first_day=first,
        last_day=first + timedelta(days=4),
        reason="confinement",
        moves_validity=True,
        now=NOW,
    )
    over = NOW + (life.batch.valid_until - NOW.date()) + AFTER + timedelta(days=5)
    with refused("batch_not_over"):
        expire(by=SYSTEM, batch=life.batch, now=over)
    assert expire(by=SYSTEM, batch=life.batch, now=over + timedelta(days=1)) == 3


def test_a_blocked_booklet_stays_blocked(live: Live) -> None:
    life = live()
    block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, now=NOW)
    over = NOW + (life.batch.valid_until - NOW.date()) + AFTER + timedelta(days=1)
    assert expire(by=SYSTEM, batch=life.batch, now=over) == 2
    assert life.booklet().validity == Validity.BLOCKED


def test_expired_passes_free_the_money(live: Live) -> None:
    life = live()
    life.scan()
    over = NOW + (life.batch.valid_until - NOW.date()) + AFTER + timedelta(days=1)
    expire(by=SYSTEM, batch=life.batch, now=over)
    assert cover(life.scheme.programme).engaged == 1_000


def test_a_batch_expires_once(live: Live) -> None:
    life = live()
    over = NOW + (life.batch.valid_until - NOW.date()) + AFTER + timedelta(days=1)
    expire(by=SYSTEM, batch=life.batch, now=over)
    assert expire(by=SYSTEM, batch=life.batch, now=over + timedelta(days=9)) == 0
    life.batch.refresh_from_db()
    assert life.batch.expired_at == over


def test_an_expired_booklet_is_not_handed_over(live: Live) -> None:
    life = live()
    over = NOW + (life.batch.valid_until - NOW.date()) + AFTER + timedelta(days=1)
    expire(by=SYSTEM, batch=life.batch, now=over)
    with refused("booklet_not_usable", match="expiré"):
        hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(2), now=NOW)


def test_an_extension_decided_later_does_not_bring_an_expired_batch_back(live: Live) -> None:
    life = live()
    over = NOW + (life.batch.valid_until - NOW.date()) + AFTER + timedelta(days=1)
    expire(by=SYSTEM, batch=life.batch, now=over)
    programme, end = life.scheme.programme, life.scheme.programme.ends_on + timedelta(days=600)
    extend(by=SYSTEM, programme=programme, until=end, reason="crue", moves_validity=True, now=over + timedelta(days=1))
    life.batch.refresh_from_db()
    assert batch_last_day(life.batch) == life.batch.valid_until
