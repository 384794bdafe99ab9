"""Who holds how many, who asked, who ran out: against what the older queries count."""

from datetime import timedelta

import pytest

from poincon.kernel.models import Message
from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.passes.enums import Custody
from poincon.passes.models import Booklet, Transfer
from poincon.passes.notices import PARCEL_SENT
from poincon.passes.queries import stock_by_holder
from poincon.passes.queries.asked import requests_waiting, without_booklets
from poincon.passes.queries.holders import asleep, holders_of, reminded_at, sleepers_of
from poincon.passes.queries.parcels import listed, receivers_of, stopped_in_stock
from poincon.passes.ranges import BookletRange
from poincon.passes.services.move import send
from poincon.passes.services.previews import preview_destroy, preview_send
from poincon.passes.services.remind import remind_holders, remind_receiver
from tests.world.standing import Standing, full
from tests.world.story import Place, World

pytestmark = pytest.mark.django_db
__all__ = ["full"]


@pytest.fixture
def world(full: Standing) -> World:
    return full.world


def test_the_list_of_holders_counts_as_the_register_does(world: World) -> None:
    listed_here = {one.pk: one for one in holders_of(world.programme.pk)}
    for held in stock_by_holder(world.programme):
        one = listed_here[held.holder_id]
        assert (one.stock, one.inert, one.begun) == (held.booklets, held.inert, held.begun)
    ccas = listed_here[world.organisations["prescriber"].pk]
    assert ccas.arriving == 4
    mine = Booklet.objects.filter(batch__programme=world.programme, holder=ccas)
    assert ccas.handed == mine.filter(custody=Custody.PERSON).count() > 0


def test_the_list_and_the_home_agree_on_who_sleeps(world: World) -> None:
    later = world.now + timedelta(days=90)
    asleep_there = {one.pk: (one.ready, one.moved_at) for one in holders_of(world.programme.pk).filter(asleep(later))}
    told = {one.pk: (one.ready, one.moved_at) for one in sleepers_of(world.programme.pk, later)}
    assert told
    assert asleep_there == told


def test_a_reminder_is_remembered(world: World) -> None:
    ccas = world.organisations["prescriber"]
    assert reminded_at(world.programme.pk, [ccas.pk]) == {}
    remind_holders(by=world.actor(Role.COORDINATOR), programme=world.programme, holders=[ccas], now=world.now)
    assert reminded_at(world.programme.pk, [ccas.pk]) == {ccas.pk: world.now}


def test_a_request_waits_until_a_parcel_follows(world: World) -> None:
    ccas, programme = world.organisations["prescriber"], world.programme
    later = world.now + timedelta(hours=1)
    [asked] = requests_waiting(programme.pk, later)
    assert (asked.prescriber, asked.booklets) == (ccas, 12)
    assert asked.note == "Une permanence ouvre en avril"
    batch = programme.batches.earliest("pk")
    send(
        by=world.actor(Role.COORDINATOR),
        sender=batch.stock_holder,
        receiver=ccas,
        ranges=[BookletRange(batch.pk, 30, 31)],
        now=later,
    )
    assert requests_waiting(programme.pk, later) == []


def test_a_prescriber_that_gave_everything_ran_out(world: World) -> None:
    neighbour, programme = world.organisations["other prescriber"], world.programme
    assert neighbour not in without_booklets(programme, world.today)
    Booklet.objects.filter(holder=neighbour, custody=1).update(custody=5)
    assert list(without_booklets(programme, world.today)) == [neighbour]
    assert neighbour in receivers_of(programme, world.today)


def test_a_preview_says_the_refusal_and_moves_nothing(world: World) -> None:
    by, batch = world.actor(Role.COORDINATOR), world.programme.batches.earliest("pk")
    before = Transfer.objects.count()
    told = preview_send(
        by=by,
        sender=batch.stock_holder,
        receiver=world.organisations["prescriber"],
        ranges=[BookletRange(batch.pk, 30, 33)],
    )
    assert told.booklets_sent == 4
    with pytest.raises(Refusal):
        preview_send(
            by=by,
            sender=batch.stock_holder,
            receiver=world.organisations["prescriber"],
            ranges=[BookletRange(batch.pk, 1, 2)],
        )
    preview_destroy(by=by, holder=batch.stock_holder, ranges=[BookletRange(batch.pk, 30, 30)])
    assert Transfer.objects.count() == before
    assert Booklet.objects.get(batch=batch, rank=30).custody == 1


def test_a_list_of_ranges_says_the_numbers_of_its_ends(world: World) -> None:
    batch = world.programme.batches.earliest("pk")
    [line] = listed([BookletRange(batch.pk, 2, 5)])
    assert (line.booklets, line.passes, line.value) == (4, 40, 40_000)
    assert line.first != line.last


def test_what_is_stopped_in_stock_is_what_may_be_destroyed(world: World) -> None:
    holder = world.programme.batches.earliest("pk").stock_holder
    first = Booklet.objects.filter(holder=holder, custody=1, batch__programme=world.programme).earliest("pk")
    assert first not in stopped_in_stock(world.programme.pk, holder.pk)
    Booklet.objects.filter(pk=first.pk).update(validity=2)
    assert first in stopped_in_stock(world.programme.pk, holder.pk)


def test_the_receiver_of_a_parcel_is_written_to_again_once_a_week(world: World) -> None:
    parcel = Transfer.objects.filter(received_at=None, receiver=world.organisations["prescriber"]).earliest("pk")
    by, later = world.actor(Role.COORDINATOR), world.now + timedelta(days=9)
    before = Message.objects.filter(template=PARCEL_SENT.code).count()
    remind_receiver(by=by, transfer=parcel, now=later)
    assert Message.objects.filter(template=PARCEL_SENT.code).count() > before
    with pytest.raises(Refusal) as refused:
        remind_receiver(by=by, transfer=parcel, now=later + timedelta(days=1))
    assert refused.value.code == "parcel_reminded_lately"
    with pytest.raises(Refusal) as refused:
        remind_receiver(by=world.actor(Role.COORDINATOR, Place.ELSEWHERE), transfer=parcel)
    assert refused.value.code == "right_missing"
