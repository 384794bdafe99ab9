"""Ten thousand rows of everything a list may show, copied by the database from rows that the verbs wrote."""

from django.apps import apps

from bench.rows import copies, nth, uuid_of
from poincon.beneficiaries.models import Beneficiary, CaseFile
from poincon.kernel.db import refresh_statistics
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
from poincon.programmes.models import FundingReceipt
from poincon.settlement.models import PaymentBatch, Statement, StatementLine
from tests.world.story import World

#: The ranks, in their batch, of the copies handed over come after this one.
HANDED = 200_000
#: One organisation, however large, has no more people and no more places.
TEAM = 50
#: An order pays the operators of a month.
ORDER = 300
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
    # As the worker does every hour.
    refresh_statistics()


def not_multiplied(times: int) -> list[str]:
    """The names of our tables that neither have ``times`` rows nor are known to stay small."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("poincon.")]
    return [model.__name__ for model in ours if model.__name__ not in FEW and model._default_manager.count() < times]


def _people(world: World, times: int) -> None:
    """Organisations of the network, and people in the teams of the funder and of the operator."""
    operator = world.organisations["other operator"]
    new = copies(
        operator, times, siret="CAST(90000000000000 + i AS TEXT)", is_prescriber="TRUE", name="'Structure ' || i"
    )
    for one in (
        Qualification.objects.get(operator=operator, programme=world.programme),
        BankAccount.objects.get(organisation=operator),
    ):
        column = "operator_id" if isinstance(one, Qualification) else "organisation_id"
        copies(one, times, **{column: nth(new)})
    copies(QualificationSuspension.objects.earliest("pk"), times)
    copies(
        PrescriberAgreement.objects.get(prescriber=world.organisations["other prescriber"], programme=world.programme),
        times,
        prescriber_id=nth(new),
    )
    people = copies(User.objects.latest("pk"), times, email="'copie' || i || '@essai.example'", full_name="'P ' || i")
    for role in (Role.FUNDER, Role.MEDIATOR, Role.COORDINATOR, Role.PRESCRIBER):
        copies(Membership.objects.filter(role=role, programme=None).earliest("pk"), TEAM, user_id=nth(people))
    # The others work all over the network, one in each organisation.
    manager = Membership.objects.filter(role=Role.OPERATOR_MANAGER, programme=None).earliest("pk")
    copies(manager, times, user_id=nth(people), organisation_id=nth(new))
    copies(TrainingRecord.objects.earliest("pk"), times, user_id=nth(people))
    copies(Invitation.objects.filter(revoked_at=None).earliest("pk"), times, email="'invitee' || i || '@essai.example'")
    copies(Site.objects.earliest("pk"), TEAM, name="'Site ' || i")


def _places(world: World, times: int) -> None:
    """Many places of the operator, and one in each organisation of the network."""
    venue = Venue.objects.filter(operator=world.organisations["operator"], closed_on=None).earliest("pk")
    offer = ServiceOffer.objects.filter(venue=venue, ended_on=None).earliest("pk")
    network = Organisation.objects.filter(name="Structure 1").latest("pk").pk
    for count, more in ((TEAM, {}), (times, {"operator_id": nth(network)})):
        copies(offer, count, venue_id=nth(copies(venue, count, name="'Lieu ' || i", **more)))
    copies(Device.objects.filter(revoked_at=None).earliest("pk"), times, token_digest="'jeton' || i")


def _booklets(world: World, times: int) -> None:
    """Lots, parcels, and booklets of the first lot: in stock, then handed over, at the prescriber."""
    batch = Batch.objects.filter(programme=world.programme).earliest("pk")
    held = Booklet.objects.filter(batch=batch, holder=world.organisations["prescriber"])
    copies(batch, times, number="1000 + i")
    copies(held.filter(custody=Custody.STOCK).earliest("pk"), times, rank="100000 + i", number="60000000000 + i")
    for moved in (Transfer, Destruction, Movement):
        copies(moved._default_manager.earliest("pk"), times)
    handed = held.filter(custody=Custody.PERSON, validity=Validity.ACTIVE).earliest("pk")
    new = copies(handed, times, rank=f"{HANDED} + i", number="70000000000 + i")
    given = HandOver.objects.filter(booklet=handed, cancellation=None).earliest("pk")
    person = copies(Beneficiary.objects.earliest("pk"), times, first_name="'Prénom ' || i", last_name="'Nom ' || i")
    case = copies(CaseFile.objects.earliest("pk"), times, beneficiary_id=nth(person))
    copies(given, times, booklet_id=nth(new), case_file_id=nth(case))
    copies(Block.objects.earliest("pk"), times, booklet_id=nth(new))


def _facts(world: World, times: int) -> None:
    """Passes punched at the operator, each by a scan of its own; scans annulled."""
    first = Booklet.objects.get(rank=HANDED + 1).pk
    used = Redemption.objects.filter(programme=world.programme, annulment=None).latest("pk")
    scan = copies(used.scan, times, uuid=uuid_of("1000000 + i"), booklet_id=nth(first))
    copies(used, times, scan_id=nth(scan), booklet_id=nth(first), position="1")
    other = copies(used.scan, times, uuid=uuid_of("2000000 + i"), booklet_id=nth(first))
    copies(Annulment.objects.earliest("pk"), times, scan_id=nth(other))


def _money(world: World, times: int) -> None:
    statement = Statement.objects.filter(programme=world.programme).earliest("pk")
    redemption = Redemption.objects.get(booklet__rank=HANDED + 1).pk
    copies(StatementLine.objects.filter(statement=statement).earliest("pk"), times, redemption_id=nth(redemption))
    new = copies(statement, times, number="'COPIE-' || i")
    # An order pays the operators of a month, some hundreds at most; orders follow one another.
    order = PaymentBatch.objects.filter(programme=world.programme).earliest("pk")
    payment = order.payments.earliest("pk")
    orders = copies(order, times)
    first = min(ORDER, times // 2)
    copies(payment, first, statement_id=nth(new), end_to_end="'COPIE-' || i")
    rest = nth(new + first)
    copies(payment, times - first, batch_id=nth(orders), statement_id=rest, end_to_end="'SUITE-' || i")
    copies(FundingReceipt.objects.filter(programme=world.programme).earliest("pk"), times, reference="'VIR-' || i")


def _journal(_world: World, times: int) -> None:
    for model in (Job, AuditEntry, Message):
        copies(model._default_manager.earliest("pk"), times)
