"""A booklet lost, stolen or given by mistake stops at once, and its unused passes may be given again on another."""

from dataclasses import replace as changed
from datetime import timedelta

import pytest

from poincon.network.services import agree_prescriber
from poincon.organisations.enums import Role
from poincon.passes import codes
from poincon.passes.enums import BlockReason, Custody, Validity
from poincon.passes.models import Block, HandOver
from poincon.passes.ranges import BookletRange
from poincon.passes.services.activate import expire
from poincon.passes.services.block import block, replace
from poincon.passes.services.hand_over import cancel_hand_over, hand_over
from poincon.passes.services.move import destroy
from poincon.passes.services.order import order_batch
from tests.factories import (
    NOW,
    SYSTEM,
    TODAY,
    make_agreement,
    make_case_file,
    make_organisation,
    make_programme,
    make_receipt,
    make_scheme,
)
from tests.lives import Life, Live, active_batch, delivered
from tests.refusing import refused


@pytest.fixture
def life(live: Live) -> Life:
    """Three booklets of ten passes at the prescriber's, the first one in somebody's hands."""
    return live()


def stop(life: Life, rank: int = 1, *, reason: BlockReason = BlockReason.LOST) -> Block:
    return block(by=SYSTEM, number=life.number(rank), reason=reason, note="dans le bus", now=NOW)


def renew(life: Life, rank: int = 1, new_rank: int = 2, given: HandOver | None = None) -> HandOver:
    return replace(
        by=SYSTEM,
        prescriber=life.scheme.prescriber,
        number=life.number(rank),
        new_number=life.number(new_rank),
        hand_over=given,
        now=NOW,
    )


@pytest.mark.parametrize("reason", list(BlockReason))
def test_a_blocked_booklet_is_refused_at_once(life: Life, reason: BlockReason) -> None:
    stop(life, reason=reason)
    assert life.scan()["reason"] == "blocked_booklet"
    assert life.booklet().validity == Validity.BLOCKED


def test_a_block_says_why(life: Life) -> None:
    found = stop(life)
    assert (found.reason, found.note, found.at, found.by_label) == (BlockReason.LOST, "dans le bus", NOW, "essai")


@pytest.mark.parametrize(
    ("reason", "custody"),
    [
        (BlockReason.LOST, Custody.LOST),
        (BlockReason.STOLEN, Custody.LOST),
        (BlockReason.ERROR, Custody.PERSON),
    ],
)
def test_only_what_disappeared_is_lost(life: Life, reason: BlockReason, custody: Custody) -> None:
    stop(life, reason=reason)
    assert life.booklet().custody == custody


def test_a_booklet_in_stock_may_be_blocked(life: Life) -> None:
    stop(life, 2)
    assert (life.booklet(2).validity, life.booklet(2).custody) == (Validity.BLOCKED, Custody.LOST)


def test_what_was_used_before_stays_used(life: Life) -> None:
    life.scan()
    stop(life)
    assert life.booklet().used == 1


def test_a_booklet_is_blocked_once(life: Life) -> None:
    stop(life)
    with refused("booklet_already_blocked", match=life.number()):
        stop(life)


def test_a_booklet_used_up_has_nothing_to_block(live: Live) -> None:
    life = live(size=5)
    for _ in range(5):
        life.scan()
    with refused("booklet_used_up"):
        stop(life)


def test_a_booklet_not_printed_is_not_there_to_block(life: Life) -> None:
    batch = order_batch(by=SYSTEM, programme=life.scheme.programme, quantity=1, size=5, now=NOW)
    with refused("booklet_gone"):
        block(by=SYSTEM, number=codes.written(batch.booklets.get().number), reason=BlockReason.LOST, now=NOW)


def test_a_destroyed_booklet_is_not_there_to_block(life: Life) -> None:
    ranges = [BookletRange(life.batch.pk, 3, 3)]
    destroy(
        by=SYSTEM,
        holder=life.scheme.prescriber,
        ranges=ranges,
        place="Guéret",
        method="broyage",
        witness="Anne",
        reason="abîmé",
        now=NOW,
    )
    with refused("booklet_gone"):
        stop(life, 3)


def test_an_expired_booklet_stays_expired(life: Life) -> None:
    """Its passes are in the joint statement of the closing: they are counted there, and not given again."""
    over = NOW + (life.batch.valid_until - TODAY) + timedelta(days=38)
    expire(by=SYSTEM, batch=life.batch, now=over)
    with refused("booklet_expired"):
        stop(life)
    assert life.booklet().validity == Validity.EXPIRED


def test_an_unknown_booklet_cannot_be_blocked(life: Life) -> None:
    with refused("booklet_number_wrong"):
        block(by=SYSTEM, number="?", reason=BlockReason.LOST, now=NOW)


# --- replace ----------------------------------------------------------------------------------------------------------


def test_a_replacement_gives_what_was_left(life: Life) -> None:
    life.scan()
    life.scan()
    stop(life)
    given = renew(life)
    assert (given.passes, given.booklet) == (0b11111111, life.booklet(2))
    assert given.replaces == life.booklet().hand_overs.get()
    assert life.scan(life.number(2))["outcome"] == "accepted"


def test_a_part_handed_over_is_what_is_replaced(live: Live) -> None:
    life = live(handed=0)
    hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(), passes=4, now=NOW)
    life.scan()
    stop(life)
    assert renew(life).passes == 0b111


def test_the_person_keeps_its_case_file(live: Live) -> None:
    life = live(handed=0)
    case_file = make_case_file(life.scheme.programme, life.scheme.prescriber)
    hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(), case_file=case_file, now=NOW)
    stop(life)
    assert renew(life).case_file == case_file


def shared(live: Live) -> tuple[Life, list[HandOver]]:
    """A booklet whose first four passes went to one person, the six others to another; one pass of the first used."""
    life = live(handed=0)
    given = []
    for passes in (4, 6):
        case_file = make_case_file(life.scheme.programme, life.scheme.prescriber)
        given.append(
            hand_over(
                by=SYSTEM,
                prescriber=life.scheme.prescriber,
                number=life.number(),
                case_file=case_file,
                passes=passes,
                now=NOW,
            )
        )
    life.scan(life.number(position=1))
    return life, given


def test_a_shared_booklet_is_replaced_person_by_person(live: Live) -> None:
    life, (first, second) = shared(live)
    stop(life)
    to_first, to_second = renew(life, 1, 2, first), renew(life, 1, 3, second)
    assert (to_first.case_file, to_first.passes, to_first.replaces) == (first.case_file, 0b111, first)
    assert (to_second.case_file, to_second.passes, to_second.replaces) == (second.case_file, 0b111111, second)


def test_a_shared_booklet_is_not_replaced_without_saying_whose(live: Live) -> None:
    life, (first, second) = shared(live)
    stop(life)
    with refused("which_hand_over", match=rf"n° {first.pk} .*\(3 pass\), n° {second.pk} .*\(6 pass\)"):
        renew(life)


def test_the_last_person_of_a_shared_booklet_need_not_be_named(live: Live) -> None:
    life, (first, second) = shared(live)
    stop(life)
    renew(life, 1, 2, first)
    assert renew(life, 1, 3).replaces == second
    with refused("booklet_already_replaced"):
        renew(life, 1, 3, second)


def test_the_hand_over_of_another_booklet_is_not_replaced(live: Live) -> None:
    life, _ = shared(live)
    stop(life)
    other = hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(3), now=NOW)
    with refused("nothing_to_replace"):
        renew(life, 1, 2, other)


def test_a_stranger_learns_nothing_of_a_booklet_by_replacing_it(life: Life) -> None:
    stranger = make_scheme().actor(Role.PRESCRIBER)
    with refused("right_missing"):
        replace(
            by=stranger,
            prescriber=life.scheme.prescriber,
            number=life.number(),
            new_number=life.number(2),
            now=NOW,
        )


def test_a_booklet_is_blocked_before_it_is_replaced(life: Life) -> None:
    with refused("booklet_not_blocked"):
        renew(life)


def test_a_booklet_is_replaced_once(life: Life) -> None:
    stop(life)
    renew(life)
    with refused("booklet_already_replaced"):
        renew(life, new_rank=3)


def test_a_cancelled_replacement_may_be_made_again(life: Life) -> None:
    stop(life)
    cancel_hand_over(by=SYSTEM, hand_over=renew(life), reason="mauvais numéro", now=NOW)
    assert renew(life, new_rank=3).replaces == life.booklet().hand_overs.get()


def test_a_booklet_nobody_had_is_not_replaced(life: Life) -> None:
    stop(life, 2)
    with refused("nothing_to_replace"):
        renew(life, 2, 3)


def test_the_new_booklet_is_in_the_stock_of_the_prescriber(life: Life) -> None:
    stop(life)
    elsewhere = active_batch(life.scheme)
    with refused("booklet_not_in_your_stock"):
        replace(
            by=SYSTEM,
            prescriber=life.scheme.prescriber,
            number=life.number(),
            new_number=codes.written(elsewhere.booklets.get(rank=1).number),
            now=NOW,
        )


def test_too_small_a_booklet_does_not_replace(life: Life) -> None:
    stop(life)
    small = active_batch(life.scheme, size=5)
    delivered(small, life.scheme.prescriber)
    with refused("too_few_passes", match="5 pass"):
        replace(
            by=SYSTEM,
            prescriber=life.scheme.prescriber,
            number=life.number(),
            new_number=codes.written(small.booklets.get(rank=1).number),
            now=NOW,
        )


def test_passes_of_one_programme_do_not_replace_those_of_another(life: Life) -> None:
    scheme = life.scheme
    programme = make_programme(owner=scheme.funder, lead_network=scheme.network)
    make_receipt(programme, 10_000_000)
    make_agreement(scheme.prescriber, programme)
    stop(life)
    other = active_batch(changed(scheme, programme=programme))
    delivered(other, scheme.prescriber)
    with refused("replaced_in_another_programme"):
        replace(
            by=SYSTEM,
            prescriber=scheme.prescriber,
            number=life.number(),
            new_number=codes.written(other.booklets.get(rank=1).number),
            now=NOW,
        )


def test_a_prescriber_does_not_replace_the_booklet_of_another(life: Life) -> None:
    other = make_organisation(is_prescriber=True)
    agree_prescriber(by=SYSTEM, prescriber=other, programme=life.scheme.programme, valid_from=TODAY)
    batch = active_batch(life.scheme)
    delivered(batch, other)
    stop(life)
    with refused("replaced_by_another"):
        replace(
            by=SYSTEM,
            prescriber=other,
            number=life.number(),
            new_number=codes.written(batch.booklets.get(rank=1).number),
            now=NOW,
        )


def test_a_prescriber_blocks_and_replaces(life: Life) -> None:
    actor = life.scheme.actor(Role.PRESCRIBER)
    block(by=actor, number=life.number(), reason=BlockReason.LOST, now=NOW)
    given = replace(
        by=actor,
        prescriber=life.scheme.prescriber,
        number=life.number(),
        new_number=life.number(2),
        now=NOW,
    )
    assert given.by_label == actor.label
