"""The story of a booklet, and what a prescriber asks for."""

from datetime import timedelta
from uuid import UUID

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from poincon.passes.enums import BlockReason
from poincon.passes.models import HandOver
from poincon.passes.queries.history import Happened, events_of
from poincon.passes.services.annul import annul
from poincon.passes.services.block import block, replace
from poincon.passes.services.hand_over import cancel_hand_over, hand_over
from tests.factories import NOW, SYSTEM
from tests.lives import Live


def test_everything_is_told_latest_first(live: Live, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    life = live(price=2)
    given = HandOver.objects.get()
    scan = life.request(passes=2)
    life.scan_all([scan], now=NOW)
    annul(by=SYSTEM, uuid=UUID(str(scan.uuid)), reason="erreur", now=NOW + timedelta(minutes=1))
    block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, note="bus", now=NOW + timedelta(minutes=2))
    with django_assert_num_queries(3):
        events = events_of([given.booklet_id])
    assert [event.kind for event in events][:2] == [Happened.BLOCKED, Happened.ANNULLED]
    assert {event.kind for event in events[2:]} == {Happened.PUNCHED, Happened.HANDED}
    told = {event.kind: event for event in events}
    assert told[Happened.BLOCKED].why == "perte : bus"
    assert (told[Happened.PUNCHED].passes, told[Happened.PUNCHED].where) == (0b11, life.scheme.venue.name)
    assert told[Happened.PUNCHED].why == life.scheme.service.label
    assert told[Happened.ANNULLED].why == "erreur"


def test_a_cancelled_hand_over_is_told_twice(live: Live) -> None:
    life = live()
    given = HandOver.objects.get()
    cancel_hand_over(by=SYSTEM, hand_over=given, reason="Mauvais numéro", now=NOW + timedelta(minutes=5))
    assert [(event.kind, event.why) for event in events_of([given.booklet_id])] == [
        (Happened.CANCELLED, "Mauvais numéro"),
        (Happened.HANDED, ""),
    ]
    assert life.booklet().handed == 0


def test_a_replacement_says_so(live: Live) -> None:
    life = live()
    block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, now=NOW)
    replace(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(), new_number=life.number(2), now=NOW)
    [event] = events_of([life.booklet(2).pk])
    assert event.replaces


def test_other_booklets_are_left_out(live: Live) -> None:
    life = live()
    hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(2), now=NOW)
    assert len(events_of([life.booklet(2).pk])) == 1


@pytest.mark.django_db
def test_nothing_happened_to_nothing() -> None:
    assert events_of([]) == []
