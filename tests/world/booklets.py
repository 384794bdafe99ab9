"""Booklets of the full database: ordered, printed, sent, received, handed over, punched, lost, replaced, destroyed."""

import json
import random
from datetime import date, datetime, timedelta
from uuid import UUID

from poincon.beneficiaries.enums import Gender, Situation
from poincon.beneficiaries.models import CaseFile
from poincon.beneficiaries.services import open_case
from poincon.mediation.models import Venue
from poincon.organisations.devices import Scanner, recognise
from poincon.organisations.enums import Role
from poincon.organisations.services import enrol_device
from poincon.passes import codes
from poincon.passes.enums import BlockReason
from poincon.passes.models import Batch, Booklet, HandOver, Transfer
from poincon.passes.ranges import BookletRange
from poincon.passes.rules import ScanRequest
from poincon.passes.services.activate import activate
from poincon.passes.services.annul import annul
from poincon.passes.services.block import block, replace
from poincon.passes.services.hand_over import cancel_hand_over, hand_over
from poincon.passes.services.move import destroy, receive, return_booklets, send
from poincon.passes.services.order import enter_stock, order_batch
from poincon.passes.services.printing import approve_proof
from poincon.passes.services.redeem import redeem
from poincon.programmes.models import Programme
from poincon.territories.models import Commune
from tests.factories import GUERET
from tests.world.story import Place, World

#: Names that are nobody's elsewhere: seen on a stranger's page, they have leaked.
FIRST_NAMES = ("Zélie", "Ysolde", "Xavière", "Wilfrid", "Victorin", "Ursule", "Théophane", "Sidoine")
FAMILY = "Vaucanson"
#: Somebody whom the neighbour prescribes: its own people, not theirs.
NEIGHBOUR_FAMILY = "Desvallées"


def play_booklets(world: World) -> None:
    first = _batch(world, world.programme, quantity=40, size=10, until="active")
    _batch(world, world.programme, quantity=20, size=5, until="printed")
    _batch(world, world.programme, quantity=10, size=5, until="ordered")
    _deliver(world, first)
    _hand_over(world, first)
    _punch(world, first)
    _lose(world, first)
    away = _batch(world, world.programmes["elsewhere"], quantity=5, size=10, until="active")
    _receive_all(world, away, "other prescriber", Place.ELSEWHERE)


def number_of(batch: Batch, rank: int) -> str:
    """The number of a booklet as it is typed."""
    return codes.written(Booklet.objects.get(batch=batch, rank=rank).number)


def _funder(programme: Programme) -> Place:
    return Place.ELSEWHERE if programme.code == "elsewhere" else Place.HOME


def _batch(world: World, programme: Programme, *, quantity: int, size: int, until: str) -> Batch:
    by, at = world.actor(Role.FUNDER, _funder(programme)), world.at(world.first_of_month(4), 14)
    # The same numbers each time: a failing page fails again.
    draw = random.Random(programme.code + str(size) + until).randrange
    batch = order_batch(by=by, programme=programme, quantity=quantity, size=size, draw=draw, now=at)
    if until == "ordered":
        return batch
    batch = approve_proof(by=by, batch=batch, now=at)
    batch = enter_stock(by=by, batch=batch, now=at)
    return activate(by=by, batch=batch, now=at) if until == "active" else batch


def _deliver(world: World, batch: Batch) -> None:
    """To the prescriber with one booklet missing; to its neighbour; a parcel on its way; a return; a destruction."""
    by, at = world.actor(Role.COORDINATOR), world.at(world.first_of_month(4) + timedelta(days=2))
    sender, ccas = batch.stock_holder, world.organisations["prescriber"]

    def parcel(first: int, last: int, key: str, when: datetime = at) -> Transfer:
        ranges = [BookletRange(batch.pk, first, last)]
        return send(by=by, sender=sender, receiver=world.organisations[key], ranges=ranges, now=when)

    arrived = parcel(1, 16, "prescriber")
    missing = Booklet.objects.get(batch=batch, rank=16).number
    receive(
        by=world.actor(Role.PRESCRIBER),
        transfer=arrived,
        missing=[missing],
        note="Colis ouvert à l’arrivée",
        now=at + timedelta(days=1),
    )
    to_neighbour = parcel(17, 22, "other prescriber")
    receive(by=world.actor(Role.PRESCRIBER, Place.ELSEWHERE), transfer=to_neighbour, now=at)
    parcel(23, 26, "prescriber", world.now - timedelta(days=1))
    back = return_booklets(
        by=world.actor(Role.PRESCRIBER),
        sender=ccas,
        receiver=sender,
        ranges=[BookletRange(batch.pk, 15, 15)],
        now=at + timedelta(days=9),
    )
    receive(by=by, transfer=back, now=at + timedelta(days=12))
    return_booklets(
        by=world.actor(Role.PRESCRIBER),
        sender=ccas,
        receiver=sender,
        ranges=[BookletRange(batch.pk, 14, 14)],
        now=world.now - timedelta(days=1),
    )
    destroy(
        by=by,
        holder=sender,
        ranges=[BookletRange(batch.pk, 40, 40)],
        place="Guéret",
        method="Broyage",
        witness="Paul Témoin",
        reason="Abîmé par l’eau",
        now=at + timedelta(days=20),
    )


def _receive_all(world: World, batch: Batch, key: str, place: Place) -> None:
    at = world.at(world.first_of_month(3))
    transfer = send(
        by=world.actor(Role.COORDINATOR, place),
        sender=batch.stock_holder,
        receiver=world.organisations[key],
        ranges=[BookletRange(batch.pk, 1, batch.quantity)],
        now=at,
    )
    receive(by=world.actor(Role.PRESCRIBER, place), transfer=transfer, now=at)


def _hand_over(world: World, batch: Batch) -> None:
    day = world.first_of_month(2) + timedelta(days=3)
    for rank, first_name in enumerate(FIRST_NAMES, start=1):
        case = _open_case(world, first_name, rank, day)
        _give(world, batch, rank, case, world.at(day))
    extra = _give(world, batch, 9, _open_case(world, "Rosemonde", 9, day), world.at(day))
    cancel_hand_over(
        by=world.actor(Role.PRESCRIBER), hand_over=extra, reason="Mauvais numéro", now=world.at(day + timedelta(days=1))
    )
    neighbour = _open_case(world, "Quentine", 17, day, place=Place.ELSEWHERE)
    _give(world, batch, 17, neighbour, world.at(day), place=Place.ELSEWHERE)


def _open_case(world: World, first_name: str, rank: int, day: date, *, place: Place = Place.HOME) -> CaseFile:
    public = world.programme.publics.get(code="rsa" if rank % 2 else "tous")
    key = "prescriber" if place is Place.HOME else "other prescriber"
    return open_case(
        by=world.actor(Role.PRESCRIBER, place),
        programme=world.programme,
        prescriber=world.organisations[key],
        commune=Commune.objects.get(pk=GUERET),
        first_name=first_name,
        last_name=FAMILY if place is Place.HOME else NEIGHBOUR_FAMILY,
        birth_date=date(1940 + rank, 1 + rank % 12, 3),
        gender=Gender.FEMALE if rank % 2 else Gender.MALE,
        phone=f"06 12 34 56 {rank:02d}",
        public=public,
        proof=public.proof,
        proof_date=day if public.proof else None,
        situation=Situation.UNEMPLOYED,
        now=world.at(day),
    )


def _give(
    world: World, batch: Batch, rank: int, case: CaseFile, at: datetime, *, place: Place = Place.HOME
) -> HandOver:
    return hand_over(
        by=world.actor(Role.PRESCRIBER, place),
        prescriber=case.prescriber,
        number=number_of(batch, rank),
        case_file=case,
        passes=5 if rank == 2 else None,
        now=at,
    )


def _punch(world: World, batch: Batch) -> None:
    """Two months of sessions, one punch annulled, some refused, two this very morning; the neighbour's too."""
    scanner = _scanner(world.token)
    hall = Venue.objects.get(name__startswith="La Quincaillerie")
    for months_ago in (2, 1):
        day = world.first_of_month(months_ago) + timedelta(days=14)
        for rank in range(1, 7):
            _scan(world, scanner, hall, number_of(batch, rank), world.at(day, 10 + rank % 6))
    wrong = _scan(world, scanner, hall, number_of(batch, 7), world.at(world.first_of_month(1) + timedelta(days=15)))
    annul(by=world.actor(Role.COORDINATOR), uuid=wrong, reason="Séance comptée deux fois", now=world.now)
    _scan(world, scanner, hall, number_of(batch, 30), world.now - timedelta(minutes=3), accepted=False)
    for rank in (1, 2):
        _scan(world, scanner, hall, number_of(batch, rank), world.now - timedelta(minutes=2))
    _punch_next_door(world, batch)


def _punch_next_door(world: World, batch: Batch) -> None:
    _, token = enrol_device(
        by=world.actor(Role.MEDIATOR, Place.ELSEWHERE),
        operator=world.organisations["other operator"],
        label="Ordinateur du centre",
        now=world.at(world.first_of_month(4)),
    )
    venue = Venue.objects.get(name__startswith="Centre social")
    at = world.at(world.first_of_month(1) + timedelta(days=16))
    _scan(world, _scanner(token), venue, number_of(batch, 17), at)


def _scanner(token: str) -> Scanner:
    scanner = recognise(token)
    assert scanner is not None
    return scanner


def _scan(world: World, scanner: Scanner, venue: Venue, number: str, at: datetime, *, accepted: bool = True) -> UUID:
    service = venue.offers.filter(ended_on=None).latest("pk").service.code
    request = ScanRequest(world.scan_id(), number, venue.pk, service, at)
    [verdict] = map(json.loads, redeem([request], scanner=scanner, now=at))
    assert (verdict["outcome"] == "accepted") is accepted, verdict
    return request.uuid


def _lose(world: World, batch: Batch) -> None:
    """One lost and replaced, one stolen and not replaced yet."""
    by, at = world.actor(Role.PRESCRIBER), world.at(world.first_of_month(1) + timedelta(days=5))
    block(by=by, number=number_of(batch, 8), reason=BlockReason.LOST, note="Perdu dans le bus", now=at)
    replace(
        by=by,
        prescriber=world.organisations["prescriber"],
        number=number_of(batch, 8),
        new_number=number_of(batch, 10),
        now=at + timedelta(days=2),
    )
    block(by=by, number=number_of(batch, 6), reason=BlockReason.STOLEN, now=at + timedelta(days=3))
