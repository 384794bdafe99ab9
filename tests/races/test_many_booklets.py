"""Verbs on many booklets beside a scan of several: all lock in the order of ids, so that none waits for the other."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.db.models import Q

from poincon.passes.models import Booklet
from poincon.passes.ranges import BookletRange
from poincon.passes.services import move
from poincon.passes.services.locking import inside
from poincon.passes.services.move import destroy, receive, send
from tests.factories import NOW, SYSTEM
from tests.lives import Life, make_life
from tests.races.together import alone, outcome_of, waiting_for_locks

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def ids_against_ranks() -> tuple[Life, list[int]]:
    """Two booklets in stock, the first printed being the last numbered, and the last on its page too."""
    life = make_life(quantity=2, handed=0)
    first, second = life.batch.booklets.order_by("pk")
    for booklet, rank in ((second, 3), (first, 2), (second, 1)):
        Booklet.objects.filter(pk=booklet.pk).update(rank=rank)
    # Rewritten last, it is also met last by a reader who takes the page as it comes.
    Booklet.objects.filter(pk=first.pk).update(rank=2)
    return life, [first.pk, second.pk]


def moving(life: Life) -> Callable[[], Any]:
    scheme, ranges = life.scheme, [BookletRange(life.batch.pk, 1, 2)]
    return lambda: send(by=SYSTEM, sender=scheme.prescriber, receiver=scheme.network, ranges=ranges, now=NOW)


def receiving(life: Life) -> Callable[[], Any]:
    transfer = moving(life)()
    return lambda: receive(by=SYSTEM, transfer=transfer, now=NOW)


def destroying(life: Life) -> Callable[[], Any]:
    said = {"place": "Guéret", "method": "broyage", "witness": "Anne", "reason": "abîmés"}
    ranges = [BookletRange(life.batch.pk, 1, 2)]
    return lambda: destroy(by=SYSTEM, holder=life.scheme.prescriber, ranges=ranges, now=NOW, **said)


def both_behind_the_first_booklet(verb: Callable[[Life], Callable[[], Any]]) -> tuple[Any, Any]:
    """A third one holds the booklet with the lowest id; the scan queues for it, then the verb; then it lets go."""
    life, (lowest, _) = ids_against_ranks()
    work = verb(life)
    requests = [life.request(life.number(rank)) for rank in (1, 2)]
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Booklet.objects.select_for_update(of=("self",), no_key=True).get(pk=lowest)
            scan = pool.submit(alone(lambda: life.scan_all(requests)))
            waiting_for_locks(1)
            moved = pool.submit(alone(work))
            waiting_for_locks(2)
        return outcome_of(scan), outcome_of(moved)


def locked_backwards(ranges: Iterable[BookletRange]) -> None:
    """The last id first. Left to itself, an UPDATE takes them in the order of its plan, which changes."""
    for booklet in Booklet.objects.filter(Q(*map(inside, ranges), _connector=Q.OR)).order_by("-pk"):
        Booklet.objects.select_for_update(of=("self",), no_key=True).get(pk=booklet.pk)


@pytest.mark.parametrize("verb", [moving, receiving, destroying])
def test_a_scan_of_several_booklets_and_a_verb_on_many_take_turns(verb: Callable[[Life], Callable[[], Any]]) -> None:
    verdicts, moved = both_behind_the_first_booklet(verb)
    assert [verdict["outcome"] for verdict in verdicts] == ["refused"] * 2
    assert not isinstance(moved, Exception), moved


@pytest.mark.parametrize("verb", [moving, receiving, destroying])
def test_in_another_order_they_wait_for_each_other(
    verb: Callable[[Life], Callable[[], Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin, in the worst of orders: PostgreSQL ends the deadlock by refusing one of them."""
    monkeypatch.setattr(move, "lock_ranges", locked_backwards)
    assert any(isinstance(outcome, OperationalError) for outcome in both_behind_the_first_booklet(verb))
