"""Three people before each verb: who holds the right there, a colleague without it, the same role elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.models import Organisation
from poincon.passes.enums import BlockReason, Custody, DiscrepancyEnding
from poincon.passes.models import Batch, Booklet, Transfer
from poincon.passes.ranges import BookletRange
from poincon.passes.services.activate import activate, expire
from poincon.passes.services.block import block, replace
from poincon.passes.services.hand_over import hand_over
from poincon.passes.services.move import destroy, recall, receive, return_booklets, send
from poincon.passes.services.order import cancel_batch, enter_stock, order_batch
from poincon.passes.services.printing import approve_proof
from poincon.passes.services.resolve import find_missing, reopen_discrepancy, resolve_discrepancy
from tests.factories import NOW, SYSTEM, make_actor, make_organisation
from tests.lives import Life, Live, active_batch
from tests.refusing import refused

Verb = Callable[[Life, Actor], object]


@dataclass(frozen=True)
class Case:
    """A verb, a role of the organisation named that holds its right, and one of the same place that does not."""

    verb: Verb
    place: str
    allowed: Role
    colleague: Role


def ordered(life: Life) -> Batch:
    return order_batch(by=SYSTEM, programme=life.scheme.programme, quantity=2, size=10, now=NOW)


def proofed(life: Life) -> Batch:
    return approve_proof(by=SYSTEM, batch=ordered(life), now=NOW)


def printed(life: Life) -> Batch:
    return enter_stock(by=SYSTEM, batch=proofed(life), now=NOW)


def over(life: Life, actor: Actor) -> object:
    end = NOW + (life.batch.valid_until - NOW.date()) + timedelta(days=60)
    return expire(by=actor, batch=life.batch, now=end)


def sending(life: Life, actor: Actor) -> object:
    batch = active_batch(life.scheme)
    ranges = [BookletRange(batch.pk, 1, 3)]
    return send(by=actor, sender=life.scheme.network, receiver=life.scheme.prescriber, ranges=ranges, now=NOW)


def receiving(life: Life, actor: Actor) -> object:
    batch = active_batch(life.scheme)
    ranges = [BookletRange(batch.pk, 1, 3)]
    scheme = life.scheme
    transfer = send(by=SYSTEM, sender=scheme.network, receiver=scheme.prescriber, ranges=ranges, now=NOW)
    return receive(by=actor, transfer=transfer, now=NOW)


def returning(life: Life, actor: Actor) -> object:
    ranges = [BookletRange(life.batch.pk, 2, 3)]
    scheme = life.scheme
    return return_booklets(by=actor, sender=scheme.prescriber, receiver=scheme.network, ranges=ranges, now=NOW)


def recalling(life: Life, actor: Actor) -> object:
    batch = active_batch(life.scheme)
    scheme = life.scheme
    ranges = [BookletRange(batch.pk, 1, 3)]
    transfer = send(by=SYSTEM, sender=scheme.network, receiver=scheme.prescriber, ranges=ranges, now=NOW)
    return recall(by=actor, transfer=transfer, reason="erreur", now=NOW)


def received_short(life: Life) -> Transfer:
    """Three booklets sent, the third of which did not arrive."""
    batch, scheme = active_batch(life.scheme), life.scheme
    ranges = [BookletRange(batch.pk, 1, 3)]
    transfer = send(by=SYSTEM, sender=scheme.network, receiver=scheme.prescriber, ranges=ranges, now=NOW)
    return receive(by=SYSTEM, transfer=transfer, missing=[batch.booklets.get(rank=3).number], now=NOW)


def finding(life: Life, actor: Actor) -> object:
    short = received_short(life)
    lost = Booklet.objects.get(custody=Custody.LOST).number
    return find_missing(by=actor, transfer=short, holder=life.scheme.prescriber, numbers=[lost], now=NOW)


def resolving(life: Life, actor: Actor) -> object:
    short = received_short(life)
    return resolve_discrepancy(by=actor, transfer=short, how=DiscrepancyEnding.LOST, note="Perdu.", now=NOW)


def reopening(life: Life, actor: Actor) -> object:
    short = received_short(life)
    resolve_discrepancy(by=SYSTEM, transfer=short, how=DiscrepancyEnding.LOST, note="Perdu.", now=NOW)
    return reopen_discrepancy(by=actor, transfer=short)


def destroying(life: Life, actor: Actor) -> object:
    batch = active_batch(life.scheme)
    ranges = [BookletRange(batch.pk, 1, 3)]
    holder = life.scheme.network
    return destroy(
        by=actor,
        holder=holder,
        ranges=ranges,
        place="Guéret",
        method="broyage",
        witness="Anne",
        reason="fin de campagne",
        now=NOW,
    )


def giving(life: Life, actor: Actor) -> object:
    return hand_over(by=actor, prescriber=life.scheme.prescriber, number=life.number(2), now=NOW)


def blocking(life: Life, actor: Actor) -> object:
    return block(by=actor, number=life.number(), reason=BlockReason.LOST, now=NOW)


def replacing(life: Life, actor: Actor) -> object:
    block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, now=NOW)
    return replace(
        by=actor, prescriber=life.scheme.prescriber, number=life.number(), new_number=life.number(2), now=NOW
    )


def ordering(life: Life, actor: Actor) -> object:
    return order_batch(by=actor, programme=life.scheme.programme, quantity=1, size=5, now=NOW)


CASES = {
    "order": Case(ordering, "funder", Role.FUNDER, Role.ACCOUNTANT),
    "approve_proof": Case(
        lambda life, actor: approve_proof(by=actor, batch=ordered(life), now=NOW), "funder", Role.FUNDER, Role.OBSERVER
    ),
    "cancel_batch": Case(
        lambda life, actor: cancel_batch(by=actor, batch=ordered(life), reason="erreur", now=NOW),
        "funder",
        Role.FUNDER,
        Role.ACCOUNTANT,
    ),
    "enter_stock": Case(
        lambda life, actor: enter_stock(by=actor, batch=proofed(life), now=NOW), "funder", Role.FUNDER, Role.ACCOUNTANT
    ),
    "activate": Case(
        lambda life, actor: activate(by=actor, batch=printed(life), now=NOW), "funder", Role.ACCOUNTANT, Role.OBSERVER
    ),
    "expire": Case(over, "funder", Role.ACCOUNTANT, Role.OBSERVER),
    "send": Case(sending, "network", Role.COORDINATOR, Role.OBSERVER),
    "recall": Case(recalling, "network", Role.COORDINATOR, Role.OBSERVER),
    "receive": Case(receiving, "prescriber", Role.PRESCRIBER, Role.MEDIATOR),
    "find_missing": Case(finding, "prescriber", Role.PRESCRIBER, Role.MEDIATOR),
    "resolve_discrepancy": Case(resolving, "network", Role.COORDINATOR, Role.OBSERVER),
    "reopen_discrepancy": Case(reopening, "funder", Role.FUNDER, Role.ACCOUNTANT),
    "return": Case(returning, "prescriber", Role.PRESCRIBER, Role.MEDIATOR),
    "destroy": Case(destroying, "network", Role.COORDINATOR, Role.OBSERVER),
    "hand_over": Case(giving, "prescriber", Role.PRESCRIBER, Role.MEDIATOR),
    "block": Case(blocking, "prescriber", Role.PRESCRIBER, Role.MEDIATOR),
    "replace": Case(replacing, "prescriber", Role.PRESCRIBER, Role.MEDIATOR),
}
EACH = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def place(life: Life, case: Case) -> Organisation:
    organisation: Organisation = getattr(life.scheme, case.place)
    return organisation


@EACH
def test_who_holds_the_right_there_acts(live: Live, case: Case) -> None:
    life = live()
    assert case.verb(life, make_actor(case.allowed, place(life, case))) is not None


@EACH
def test_a_colleague_without_the_right_does_not(live: Live, case: Case) -> None:
    life = live()
    with refused("right_missing"):
        case.verb(life, make_actor(case.colleague, place(life, case)))


@EACH
def test_the_same_role_elsewhere_does_not(live: Live, case: Case) -> None:
    life = live()
    elsewhere = make_organisation(is_funder=True, is_coordinator=True, is_prescriber=True)
    with refused("right_missing"):
        case.verb(life, make_actor(case.allowed, elsewhere))


@EACH
def test_a_person_without_any_role_does_not(live: Live, case: Case) -> None:
    with refused("right_missing"):
        case.verb(live(), make_actor())
