"""The full database: one programme from its money to its paid statements, and neighbours who must not see it."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from poincon.kernel.jobs import open_job, run_job
from poincon.kernel.refusals import Refusal
from poincon.kernel.seals import seal
from poincon.mediation.models import Venue
from poincon.mediation.services import close_venue, end_offer, offer_service, open_venue
from poincon.network.enums import TrainingKind
from poincon.network.services import (
    agree_prescriber,
    qualify,
    record_training,
    suspend_qualification,
    withdraw_qualification,
)
from poincon.organisations.enums import Role
from poincon.organisations.services import enrol_device, invite, revoke_device, revoke_invitation
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import Programme, Service
from poincon.programmes.services import correct_receipt, extend, record_receipt, start_draft, suspend, update_rules
from poincon.territories.models import Commune
from poincon.www.funder.programmes_draft import copied_answers
from tests.factories import AUBUSSON, GUERET
from tests.world.booklets import play_booklets
from tests.world.money import play_money
from tests.world.opening import DAILY_TOOLS, MONTHS, create, open_scene, start_of
from tests.world.story import PEOPLE, SYSTEM, Place, World, hire
from tests.world.waiting import wait_for_decisions

PAPERWORK = "aide-aux-demarches-administratives"


def build_full(*, now: datetime | None = None) -> World:
    """Play the whole story into an empty, migrated database, up to ``now``."""
    world = World(now or timezone.now())
    for chapter in CHAPTERS:
        chapter(world)
    return world


def begin(world: World) -> None:
    """Three programmes, and everybody."""
    create(world, "home", "Pass numérique des tiers-lieux", "funder", "network")
    create(world, "beside", "Pass numérique des seniors", "funder", "network")
    create(world, "elsewhere", "Pass d’ailleurs", "other funder", "other network")
    for person in PEOPLE:
        hire(world, person, since=start_of(world))


def gather_network(world: World) -> None:
    """Operators qualified, prescribers under agreement, people trained, places open, telephones enrolled."""
    first = world.first_of_month(MONTHS)
    for code, programme in world.programmes.items():
        coordinator = world.actor(Role.COORDINATOR, Place.ELSEWHERE if code == "elsewhere" else Place.HOME)
        for key in ("operator", "other operator"):
            qualify(
                by=coordinator,
                operator=world.organisations[key],
                programme=programme,
                valid_from=first,
                now=start_of(world),
            )
        for key in ("prescriber", "other prescriber"):
            agree_prescriber(by=coordinator, prescriber=world.organisations[key], programme=programme, valid_from=first)
    _train(world)
    _open_places(world)
    _enrol(world)


def _train(world: World) -> None:
    for kind, role in ((TrainingKind.PRESCRIBER, Role.PRESCRIBER), (TrainingKind.MEDIATOR, Role.MEDIATOR)):
        user = world.actor(role).user
        if user is not None:
            record_training(
                by=world.actor(Role.COORDINATOR),
                user=user,
                programme=world.programme,
                kind=kind,
                done_on=world.first_of_month(MONTHS),
                now=world.now,
            )


def _open_places(world: World) -> None:
    manager = world.actor(Role.OPERATOR_MANAGER)
    operator, programme = world.organisations["operator"], world.programme
    hall = _open(world, "operator", "La Quincaillerie, grande salle", GUERET)
    bus = _open(world, "operator", "Le bus numérique", AUBUSSON, itinerant=True)
    closed = _open(world, "operator", "Ancienne annexe", GUERET)
    neighbour = _open(world, "other operator", "Centre social, salle informatique", AUBUSSON)
    for venue in (hall, bus):
        _publish(world, venue, (DAILY_TOOLS, PAPERWORK), Place.HOME, programme)
    for one in (world.programme, world.programmes["elsewhere"]):
        _publish(world, neighbour, (PAPERWORK,), Place.ELSEWHERE, one)
    end_offer(by=manager, offer=bus.offers.earliest("pk"), on=world.first_of_month(1))
    close_venue(by=manager, venue=closed, on=world.first_of_month(1))
    assert operator.venues.count() == 3


def _open(world: World, key: str, name: str, commune: str, *, itinerant: bool = False) -> Venue:
    return open_venue(
        by=SYSTEM,
        operator=world.organisations[key],
        name=name,
        commune=Commune.objects.get(pk=commune),
        address="12 rue du Lavoir",
        phone="05 55 52 00 00",
        itinerant=itinerant,
    )


def _publish(world: World, venue: Venue, codes: Iterable[str], place: Place, programme: Programme) -> None:
    for code in codes:
        offer_service(
            by=world.actor(Role.OPERATOR_MANAGER, place),
            venue=venue,
            programme=programme,
            service=Service.objects.get(code=code),
            starts_on=world.first_of_month(MONTHS),
            now=start_of(world),
        )


def _enrol(world: World) -> None:
    by, operator = world.actor(Role.MEDIATOR), world.organisations["operator"]
    _, world.token = enrol_device(by=by, operator=operator, label="Téléphone de l’accueil", now=start_of(world))
    lost, _ = enrol_device(by=by, operator=operator, label="Tablette perdue", now=start_of(world))
    revoke_device(by=by, device=lost, now=world.at(world.first_of_month(2)))


def invite_people(world: World) -> None:
    """Invitations that wait for an answer, and one that was taken back."""
    prescriber, operator = world.organisations["prescriber"], world.organisations["operator"]
    invite(
        by=world.actor(Role.COORDINATOR),
        email="nouvelle@essai.example",
        role=Role.PRESCRIBER,
        organisation=prescriber,
        programme=world.programme,
        full_name="Nadia Nouvelle",
        now=world.now,
    )
    by = world.actor(Role.OPERATOR_MANAGER)
    invite(by=by, email="renfort@essai.example", role=Role.MEDIATOR, organisation=operator, now=world.now)
    wrong = invite(by=by, email="erreur@essai.example", role=Role.MEDIATOR, organisation=operator, now=world.now)
    revoke_invitation(by=by, invitation=wrong, now=world.now)


def receive_money(world: World) -> None:
    """Cash, a commitment honoured, a receipt corrected."""
    day, programme = world.first_of_month(MONTHS), world.programme
    own, state = programme.fundings.order_by("pk")
    by, at = world.actor(Role.ACCOUNTANT), world.at(day, 11)
    record = partial(record_receipt, by=by, programme=programme, received_on=day, now=at)
    record(kind=ReceiptKind.CASH, amount=2_000_000, reference="VIR-001", funding=own)
    promised = record(kind=ReceiptKind.COMMITMENT, amount=1_000_000, reference="ENG-2026-14", funding=state)
    record(kind=ReceiptKind.CASH, amount=600_000, reference="VIR-002", funding=state, realises=promised)
    wrong = record(kind=ReceiptKind.CASH, amount=50_000, reference="VIR-003")
    correct_receipt(by=by, receipt=wrong, reason="Versé à un autre dispositif", now=world.now)
    for code in ("beside", "elsewhere"):
        record_receipt(
            by=SYSTEM,
            programme=world.programmes[code],
            kind=ReceiptKind.CASH,
            amount=500_000,
            received_on=day,
            reference=f"VIR-{code}",
            now=start_of(world),
        )


def change_rules(world: World) -> None:
    """What happens to a programme in its life: a rule corrected, a suspension, an extension, somebody withdrawn."""
    funder, programme = world.actor(Role.FUNDER), world.programme
    update_rules(by=funder, programme=programme, max_passes_per_person=20)
    suspend(
        by=funder,
        programme=programme,
        first_day=world.first_of_month(3),
        last_day=world.first_of_month(3) + timedelta(days=6),
        reason="Intempéries",
        moves_validity=True,
        now=world.at(world.first_of_month(3)),
    )
    extend(
        by=funder,
        programme=programme,
        until=programme.ends_on + timedelta(days=90),
        reason="Démarrage tardif",
        moves_validity=True,
        now=world.at(world.first_of_month(1)),
    )
    programme.refresh_from_db()
    suspend_qualification(
        by=world.actor(Role.COORDINATOR),
        qualification=programme.qualifications.get(operator=world.organisations["other operator"]),
        first_day=world.first_of_month(3),
        last_day=world.first_of_month(3) + timedelta(days=4),
        reason="Contrôle des feuilles de présence",
        now=world.at(world.first_of_month(3)),
    )
    withdraw_qualification(
        by=world.actor(Role.COORDINATOR),
        qualification=world.programmes["beside"].qualifications.latest("pk"),
        from_day=world.first_of_month(1),
        reason="L’association ferme",
    )


def prepare_another(world: World) -> None:
    """A programme being prepared, that a colleague may finish."""
    start_draft(
        by=world.actor(Role.FUNDER),
        organisation=world.organisations["funder"],
        name="Pass numérique, deuxième saison",
        answers=copied_answers(world.programme, world.today),
        now=world.now,
    )


def do_long_work(world: World) -> None:
    """Work done, refused, under way; then everything is sealed."""
    batch, asker = world.programme.batches.earliest("pk"), world.actor(Role.FUNDER).user_id

    def refused(_progress: object) -> dict[str, object]:
        raise Refusal("disk_full", "Il n’y a plus de place sur le disque.", "Prévenez l’hébergeur.").filled()

    run_job(open_job("print_batch", batch.pk, asked_by_id=asker).pk, lambda _progress: {"sheets": ["lot-1.pdf"]})
    run_job(open_job("print_batch", batch.pk, asked_by_id=asker).pk, refused)
    open_job("print_batch", batch.pk, asked_by_id=asker)
    seal(now=world.now)


CHAPTERS: list[Callable[[World], None]] = [
    open_scene,
    begin,
    gather_network,
    invite_people,
    receive_money,
    play_booklets,
    change_rules,
    prepare_another,
    play_money,
    wait_for_decisions,
    do_long_work,
]
