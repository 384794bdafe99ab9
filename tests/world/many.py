"""Ten thousand rows of everything a list may show, copied by the database from rows that the verbs wrote."""

from django.apps import apps
from django.db.models import Model

from bench.rows import clone, day_of, uuid_of
from poincon.beneficiaries.models import Beneficiary, CaseFile
from poincon.kernel.models import AuditEntry, Job, Message
from poincon.mediation.models import ServiceOffer, Venue
from poincon.network.models import PrescriberAgreement, Qualification, QualificationSuspension, TrainingRecord
from poincon.organisations.enums import Role
from poincon.organisations.models import BankAccount, Device, Invitation, Membership, Organisation, Site, User
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import (
    Annulment,
    Batch,
    Block,
    Booklet,
    Destruction,
    HandOver,
    Movement,
    Redemption,
    Transfer,
)
from poincon.passes.positions import all_passes
from poincon.programmes.models import FundingReceipt
from poincon.settlement.models import PaymentBatch, Statement, StatementLine
from tests.world.story import World

#: The ranks, in their batch, of the copies handed over come after this one.
HANDED = 200_000
#: One organisation, however large, has no more people and no more places.
TEAM = 300
#: The passes of ``fill_ledger`` are used on the first days of so many months.
MONTHS_USED = 4
#: A programme has few of these, or they are reference data, or nobody lists them.
FEW = {
    "Region", "Departement", "Epci", "Commune", "PostalCode", "CommuneAlias", "SearchKey", "Service",
    "Programme", "Territory", "Public", "Funding", "ProgrammeChange", "SigningKey", "Seal", "HandOverCancellation",
    "ProgrammeDraft",
}  # fmt: skip


def multiply(world: World, times: int) -> None:
    """Give the programme of the site map, and the organisations around it, ``times`` rows of each kind."""
    for chapter in (_people, _places, _booklets, _facts, _money, _journal):
        chapter(world, times)


def not_multiplied(times: int) -> list[str]:
    """The names of our tables that neither have ``times`` rows nor are known to stay small."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("poincon.")]
    return [model.__name__ for model in ours if model.__name__ not in FEW and model._default_manager.count() < times]


def _copy(model: Model, times: int, **changed: str) -> int:
    """Copies of a row; the key of the first one."""
    last = type(model)._default_manager.latest("pk").pk
    clone(model, times, **changed)
    return int(type(model)._default_manager.filter(pk__gt=last).earliest("pk").pk)


def _nth(first: int) -> str:
    return f"{first} - 1 + i"


def _people(world: World, times: int) -> None:
    """Organisations of the network, and people in the teams of the funder and of the operator."""
    operator = world.organisations["other operator"]
    new = _copy(
        operator, times, siret="CAST(90000000000000 + i AS TEXT)", is_prescriber="TRUE", name="'Structure ' || i"
    )
    for one in (
        Qualification.objects.get(operator=operator, programme=world.programme),
        BankAccount.objects.get(organisation=operator),
    ):
        column = "operator_id" if isinstance(one, Qualification) else "organisation_id"
        _copy(one, times, **{column: _nth(new)})
    _copy(QualificationSuspension.objects.earliest("pk"), times)
    _copy(
        PrescriberAgreement.objects.get(prescriber=world.organisations["other prescriber"], programme=world.programme),
        times,
        prescriber_id=_nth(new),
    )
    people = _copy(User.objects.latest("pk"), times, email="'copie' || i || '@essai.example'", full_name="'P ' || i")
    for role in (Role.FUNDER, Role.MEDIATOR, Role.COORDINATOR, Role.PRESCRIBER):
        _copy(Membership.objects.filter(role=role, programme=None).earliest("pk"), TEAM, user_id=_nth(people))
    # The others work all over the network, one in each organisation.
    manager = Membership.objects.filter(role=Role.OPERATOR_MANAGER, programme=None).earliest("pk")
    _copy(manager, times, user_id=_nth(people), organisation_id=_nth(new))
    _copy(TrainingRecord.objects.earliest("pk"), times, user_id=_nth(people))
    _copy(Invitation.objects.filter(revoked_at=None).earliest("pk"), times, email="'invitee' || i || '@essai.example'")
    _copy(Site.objects.earliest("pk"), times, name="'Site ' || i")


def _places(world: World, times: int) -> None:
    """Many places of the operator, and one in each organisation of the network."""
    venue = Venue.objects.filter(operator=world.organisations["operator"], closed_on=None).earliest("pk")
    offer = ServiceOffer.objects.filter(venue=venue, ended_on=None).earliest("pk")
    network = Organisation.objects.filter(name="Structure 1").latest("pk").pk
    for count, more in ((TEAM, {}), (times, {"operator_id": _nth(network)})):
        _copy(offer, count, venue_id=_nth(_copy(venue, count, name="'Lieu ' || i", **more)))
    _copy(Device.objects.filter(revoked_at=None).earliest("pk"), times, token_digest="'jeton' || i")


def _booklets(world: World, times: int) -> None:
    """Lots, parcels, and booklets of the first lot: in stock, then handed over, at the prescriber."""
    batch = Batch.objects.filter(programme=world.programme).earliest("pk")
    held = Booklet.objects.filter(batch=batch, holder=world.organisations["prescriber"])
    _copy(batch, times, number="1000 + i")
    _copy(held.filter(custody=Custody.STOCK).earliest("pk"), times, rank="100000 + i", number="60000000000 + i")
    for moved in (Transfer, Destruction, Movement):
        _copy(moved._default_manager.earliest("pk"), times)
    handed = held.filter(custody=Custody.PERSON, validity=Validity.ACTIVE).earliest("pk")
    new = _copy(handed, times, rank=f"{HANDED} + i", number="70000000000 + i")
    given = HandOver.objects.filter(booklet=handed, cancellation=None).earliest("pk")
    person = _copy(Beneficiary.objects.earliest("pk"), times, first_name="'Prénom ' || i", last_name="'Nom ' || i")
    case = _copy(CaseFile.objects.earliest("pk"), times, beneficiary_id=_nth(person))
    _copy(given, times, booklet_id=_nth(new), case_file_id=_nth(case))
    _copy(Block.objects.earliest("pk"), times, booklet_id=_nth(new))


def _facts(world: World, times: int) -> None:
    """Passes punched at the operator, each by a scan of its own; scans annulled."""
    first = Booklet.objects.get(rank=HANDED + 1).pk
    used = Redemption.objects.filter(programme=world.programme, annulment=None).latest("pk")
    scan = _copy(used.scan, times, uuid=uuid_of("1000000 + i"), booklet_id=_nth(first))
    _copy(used, times, scan_id=_nth(scan), booklet_id=_nth(first), position="1")
    other = _copy(used.scan, times, uuid=uuid_of("2000000 + i"), booklet_id=_nth(first))
    _copy(Annulment.objects.earliest("pk"), times, scan_id=_nth(other))


def _money(world: World, times: int) -> None:
    statement = Statement.objects.filter(programme=world.programme).earliest("pk")
    redemption = Redemption.objects.get(booklet__rank=HANDED + 1).pk
    _copy(StatementLine.objects.filter(statement=statement).earliest("pk"), times, redemption_id=_nth(redemption))
    new = _copy(statement, times, number="'COPIE-' || i")
    # An order pays the operators of a month, some hundreds at most; orders follow one another.
    order = PaymentBatch.objects.filter(programme=world.programme).earliest("pk")
    payment = order.payments.earliest("pk")
    orders = _copy(order, times)
    _copy(payment, TEAM, statement_id=_nth(new), end_to_end="'COPIE-' || i")
    _copy(
        payment, times - TEAM, batch_id=_nth(orders), statement_id=f"{new} + {TEAM} - 1 + i", end_to_end="'SUITE-' || i"
    )
    _copy(FundingReceipt.objects.filter(programme=world.programme).earliest("pk"), times, reference="'VIR-' || i")


def _journal(_world: World, times: int) -> None:
    for model in (Job, AuditEntry, Message):
        _copy(model._default_manager.earliest("pk"), times)


def fill_ledger(world: World, redemptions: int) -> None:
    """Use the passes of the booklets that ``multiply`` handed over, one after the other, over the last months."""
    used = Redemption.objects.get(booklet__rank=HANDED + 1, programme=world.programme)
    first, scan, size = used.booklet_id, used.scan_id, used.booklet.size
    for month in range(MONTHS_USED):
        _copy(
            used,
            redemptions,
            only=f"i % {MONTHS_USED} = {month} AND i % {size} > 0",
            booklet_id=f"{first} + (i - 1) / {size}",
            scan_id=f"{scan} + (i - 1) / {size}",
            position=f"i % {size} + 1",
            day=day_of(world.first_of_month(month)),
        )
    Booklet.objects.filter(batch=used.booklet.batch, rank__gt=HANDED).update(used=all_passes(size))
