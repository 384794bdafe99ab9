"""A scheme as large as a département's, around the world of the site map: what pages are measured on.

10,000 booklets handed over and all their passes used, by the prescribers, operators and places of real communes, over
the months of the story; the months that are over are settled. Rows are copied, by sets, from those that verbs wrote.
"""

from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from bench.rows import copies, day_of, days_after, minutes_after, nth, uuid_of
from poincon.beneficiaries.models import Beneficiary, CaseFile
from poincon.kernel.models import AuditEntry, Job, Message
from poincon.mediation.models import ServiceOffer, Venue
from poincon.network.models import PrescriberAgreement, Qualification, TrainingRecord
from poincon.organisations.enums import Role
from poincon.organisations.models import BankAccount, Device, Invitation, Membership, User
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Annulment, Batch, Block, Booklet, HandOver, Movement, Redemption, Scan, Transfer
from poincon.passes.positions import all_passes
from poincon.programmes.models import FundingReceipt
from poincon.settlement.models import Payment, PaymentBatch
from poincon.territories.services import load_territories
from tests.world import World, build_full

BOOKLETS, SIZE = 10_000, 10
REDEMPTIONS = BOOKLETS * SIZE
#: Booklets that still wait: at the prescribers, in whole parcels.
IN_STOCK = 3_000
PARCEL, BATCH = 20, 1_000
PRESCRIBERS, OPERATORS, VENUES = 250, 150, 300
#: One parcel in ten, and one pass used in five, are those of the organisations whose pages are read.
HOME_PARCELS, HOME_PASSES, HOME_VENUES = 10, 5, 12
PEOPLE, TEAM = 600, 20
ENTRIES, MESSAGES, JOBS = 20_000, 2_000, 300
#: So many of those of Creuse.
COMMUNES = 250


def build_departement() -> World:
    """Play the story, load every commune of France, then give the scheme its size."""
    world = build_full()
    load_territories(progress=lambda _done, _total: None)
    _number_communes()
    scheme = _Scheme(world)
    for chapter in (scheme.network, scheme.people, scheme.stock, scheme.hand_overs, scheme.passes, scheme.money):
        chapter()
    scheme.journal()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return world


class _Scheme:
    """The copies made so far, by the key of the first one."""

    prescribers: int
    operators: int
    venues: int
    home_venues: int
    users: int
    booklets: int

    def __init__(self, world: World) -> None:
        self.world, self.programme = world, world.programme
        self.prescriber, self.operator = world.organisations["prescriber"], world.organisations["operator"]
        self.first_day, self.now = world.first_of_month(3), world.now

    # --- who ---

    def network(self) -> None:
        """Organisations in every commune, agreed or qualified, with their places and what is given there."""
        home, other = self.world.organisations["other prescriber"], self.world.organisations["other operator"]
        self.prescribers = copies(home, PRESCRIBERS, **_registered("Mairie", 70))
        self.operators = copies(other, OPERATORS, **_registered("Centre social", 80))
        agreement = PrescriberAgreement.objects.filter(programme=self.programme).earliest("pk")
        copies(agreement, PRESCRIBERS, prescriber_id=nth(self.prescribers), valid_until="NULL")
        for programme in (self.programme, self.world.programmes["beside"]):
            qualification = Qualification.objects.filter(operator=self.operator, programme=programme).earliest("pk")
            copies(qualification, OPERATORS, operator_id=nth(self.operators))
        copies(BankAccount.objects.earliest("pk"), OPERATORS, organisation_id=nth(self.operators))
        self._places()

    def _places(self) -> None:
        venue = Venue.objects.filter(operator=self.operator, closed_on=None).earliest("pk")
        spread = {
            "commune_id": _commune("i"),
            "longitude": _commune("i", "longitude"),
            "latitude": _commune("i", "latitude"),
        }
        by_rank = {"operator_id": f"{self.operators} + i % {OPERATORS}"}
        self.venues = copies(venue, VENUES, name="'Espace numérique ' || i", **by_rank, **spread)
        self.home_venues = copies(venue, HOME_VENUES, name="'Antenne ' || i", **spread)
        for offer in ServiceOffer.objects.filter(venue=venue, ended_on=None, programme=self.programme):
            copies(offer, VENUES, venue_id=nth(self.venues))
            copies(offer, HOME_VENUES, venue_id=nth(self.home_venues))
        device = Device.objects.filter(revoked_at=None).earliest("pk")
        operator = f"CASE WHEN i <= {TEAM} THEN {self.operator.pk} ELSE {self.operators} + i % {OPERATORS} END"
        copies(device, 2 * OPERATORS, token_digest="'jeton' || i", operator_id=operator)

    def people(self) -> None:
        """One or two people in each organisation, teams of twenty at home."""
        made = {"email": "'copie' || i || '@essai.example'", "full_name": "'Camille Durand ' || i"}
        self.users = copies(User.objects.latest("pk"), PEOPLE, **made)
        held = {role: Membership.objects.filter(role=role, programme=None).earliest("pk") for role in Role}
        copies(held[Role.PRESCRIBER], PRESCRIBERS, user_id=nth(self.users), organisation_id=nth(self.prescribers))
        for rank, role in enumerate((Role.MEDIATOR, Role.OPERATOR_MANAGER)):
            others = nth(self.users + PRESCRIBERS + rank * OPERATORS)
            copies(held[role], OPERATORS, user_id=others, organisation_id=nth(self.operators))
        for role in (Role.FUNDER, Role.COORDINATOR, Role.PRESCRIBER, Role.MEDIATOR):
            copies(held[role], TEAM, user_id=nth(self.users + PEOPLE - TEAM))
        copies(TrainingRecord.objects.earliest("pk"), PRESCRIBERS, user_id=nth(self.users))
        invitation = Invitation.objects.filter(revoked_at=None).earliest("pk")
        copies(invitation, 2 * TEAM, email="'invitee' || i || '@essai.example'", organisation_id=nth(self.prescribers))

    # --- booklets ---

    def _holder(self, parcel: str) -> str:
        """Who received the parcel of that rank."""
        spread = f"{self.prescribers} + ({parcel}) % {PRESCRIBERS}"
        return f"CASE WHEN ({parcel}) % {HOME_PARCELS} = 0 THEN {self.prescriber.pk} ELSE {spread} END"

    def stock(self) -> None:
        """Batches printed and active, sent in parcels of twenty, all received."""
        batch = Batch.objects.filter(programme=self.programme, activated_at__isnull=False).earliest("pk")
        total = BOOKLETS + IN_STOCK
        batches = copies(batch, total // BATCH, number="100 + i", quantity=str(BATCH))
        model = Booklet.objects.filter(batch=batch, custody=Custody.STOCK, validity=Validity.ACTIVE, handed=0)
        self.booklets = copies(
            model.earliest("pk"),
            total,
            batch_id=f"{batches} + (i - 1) / {BATCH}",
            rank=f"(i - 1) % {BATCH} + 1",
            number="60000000000 + i * 7919",
            holder_id=self._holder(f"(i - 1) / {PARCEL}"),
        )
        self._parcels(batch, batches, total // PARCEL)

    def _parcels(self, batch: Batch, batches: int, number: int) -> None:
        printed = Movement.objects.get(batch=batch, kind="printed")
        copies(printed, (BOOKLETS + IN_STOCK) // BATCH, batch_id=nth(batches), first_rank="1", last_rank=str(BATCH))
        parcel = Transfer.objects.filter(discrepancy="", received_at__isnull=False, kind="delivery").earliest("pk")
        sizes = {"booklets_sent": str(PARCEL), "booklets_received": str(PARCEL)}
        receiver = self._holder("i - 1")
        sent = self._spread("i", number)
        transfers = copies(parcel, number, receiver_id=receiver, **sizes, sent_at=sent, received_at=sent)
        for kind in ("sent", "received"):
            copies(
                Movement.objects.filter(transfer=parcel, kind=kind).earliest("pk"),
                number,
                transfer_id=nth(transfers),
                batch_id=f"{batches} + (i - 1) * {PARCEL} / {BATCH}",
                first_rank=f"(i - 1) * {PARCEL} % {BATCH} + 1",
                last_rank=f"(i - 1) * {PARCEL} % {BATCH} + {PARCEL}",
                at=sent,
                **({"to_holder_id": receiver} if kind == "received" else {}),
            )

    def _spread(self, rank: str, ranks: int) -> str:
        """A moment for each rank, in order, from the first day until now."""
        began = datetime.combine(self.first_day, datetime.min.time(), timezone.get_default_timezone())
        minutes = int((self.now - began).total_seconds() // 60)
        return minutes_after(began, f"(CAST({rank} AS bigint) * {minutes} / {ranks})")

    def hand_overs(self) -> None:
        """Each of the first booklets in the hands of somebody; some blocked since."""
        birth = {"birth_date": days_after(date(1945, 1, 1), "i % 20000"), "commune_id": _commune("i")}
        names = {"first_name": "'Prénom' || i % 400", "last_name": "'Nom' || i % 3000"}
        people = copies(Beneficiary.objects.earliest("pk"), BOOKLETS, **names, **birth)
        by = self._holder(f"(i - 1) / {PARCEL}")
        model = CaseFile.objects.filter(programme=self.programme).earliest("pk")
        at = self._spread("i", BOOKLETS)
        cases = copies(model, BOOKLETS, beneficiary_id=nth(people), prescriber_id=by, opened_at=at)
        given = HandOver.objects.filter(case_file=model, cancellation=None).earliest("pk")
        copies(given, BOOKLETS, booklet_id=nth(self.booklets), case_file_id=nth(cases), prescriber_id=by, at=at)
        mine = Booklet.objects.filter(pk__range=(self.booklets, self.booklets + BOOKLETS - 1))
        mine.update(custody=Custody.PERSON, handed=all_passes(SIZE), used=all_passes(SIZE))
        copies(Block.objects.earliest("pk"), 100, booklet_id=nth(self.booklets, "i * 90"))

    # --- passes ---

    def passes(self) -> None:
        """Every pass of these booklets punched, one a scan, in the order of days; some annulled."""
        home = f"i % {HOME_PASSES} = 0"
        operator = f"CASE WHEN {home} THEN {self.operator.pk} ELSE {self.operators} + i % {OPERATORS} END"
        near = f"CASE WHEN {home} THEN {self.home_venues} + i % {HOME_VENUES} ELSE {self.venues} + i % {VENUES} END"
        booklet, at = f"{self.booklets} + (i - 1) / {SIZE}", self._spread("i", REDEMPTIONS)
        where = {"operator_id": operator, "venue_id": near}
        used = Redemption.objects.filter(programme=self.programme, annulment=None).latest("pk")
        when = {"occurred_at": at, "received_at": at}
        scans = copies(used.scan, REDEMPTIONS, uuid=uuid_of("1000000 + i"), booklet_id=booklet, **where, **when)
        days = (self.world.today - self.first_day).days
        copies(
            used,
            REDEMPTIONS,
            scan_id=nth(scans),
            booklet_id=booklet,
            position=f"(i - 1) % {SIZE} + 1",
            commune_id=_commune("i"),
            day=days_after(self.first_day, f"(i - 1) * {days} / {REDEMPTIONS}"),
            **where,
        )
        self._annulled(used.scan, where)

    def _annulled(self, scan: Scan, where: dict[str, str]) -> None:
        wrong = copies(scan, 300, uuid=uuid_of("5000000 + i"), **where)
        annulments = copies(Annulment.objects.earliest("pk"), 300, scan_id=nth(wrong))
        used = Redemption.objects.filter(programme=self.programme, annulment__isnull=False).latest("pk")
        copies(used, 300, scan_id=nth(wrong), annulment_id=nth(annulments), day=day_of(self.first_day), **where)

    # --- money ---

    def money(self) -> None:
        """The months that are over but the last: a statement each operator, paid in one order a month."""
        order = PaymentBatch.objects.filter(programme=self.programme, state="closed").earliest("pk")
        payment = order.payments.filter(state="paid").earliest("pk")
        for ago in (3, 2):
            self._settle(self.world.first_of_month(ago), self.world.first_of_month(ago - 1), copies(order, 1), payment)
        receipt = FundingReceipt.objects.filter(programme=self.programme, kind="cash").earliest("pk")
        copies(receipt, 60, reference="'VIREMENT-' || i", realises_id="NULL", corrects_id="NULL")

    def _settle(self, first: date, after: date, order: int, payment: Payment) -> None:
        prefix, month = f"B-{first:%Y-%m}-", day_of(first)
        these = (
            f"r.programme_id = {self.programme.pk} AND r.annulment_id IS NULL AND r.booklet_id >= {self.booklets} "
            f"AND r.day >= {month} AND r.day < {day_of(after)}"
        )
        closed = minutes_after(self.world.at(after), "0")
        _insert(
            "settlement_statement (operator_id, programme_id, number, month, passes, minutes, total, state, closed_at, "
            "closed_by_label)",
            f"SELECT r.operator_id, r.programme_id, '{prefix}' || r.operator_id, {month}, COUNT(*), SUM(r.minutes), "
            f"SUM(r.value), 'paid', {closed}, 'Denis Roche' FROM passes_redemption r WHERE {these} "
            "GROUP BY r.operator_id, r.programme_id",
        )
        _insert(
            "settlement_statementline (statement_id, redemption_id, sign, value)",
            "SELECT s.id, r.id, 1, r.value FROM passes_redemption r "
            f"JOIN settlement_statement s ON s.number = '{prefix}' || r.operator_id WHERE {these}",
        )
        _insert(
            "settlement_payment (batch_id, statement_id, amount, bank_account_id, end_to_end, state, decided_on, "
            "rejection)",
            f"SELECT {order}, s.id, s.total, p.bank_account_id, s.number, p.state, {day_of(after)}, '' "
            f"FROM settlement_statement s CROSS JOIN settlement_payment p "
            f"WHERE s.number LIKE '{prefix}%' AND p.id = {payment.pk}",
        )

    # --- the rest ---

    def journal(self) -> None:
        """What everybody did and was written to: every kind of entry of the story, many times."""
        entries = list(AuditEntry.objects.order_by("pk"))
        for entry in entries:
            copies(entry, ENTRIES // len(entries) + 1, at=self._spread("i", ENTRIES // len(entries) + 1))
        for model, times in ((Message.objects.earliest("pk"), MESSAGES), (Job.objects.earliest("pk"), JOBS)):
            copies(model, times)


def _number_communes() -> None:
    """The communes of the programme, by rank: rows that are copied find one of them each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_commune AS SELECT row_number() OVER (ORDER BY code) - 1 AS rank, code, name, "
            "longitude, latitude FROM territories_commune WHERE departement_id = '23'"
        )
        cursor.execute("CREATE UNIQUE INDEX bench_commune_rank ON bench_commune (rank)")


def _commune(rank: str, column: str = "code") -> str:
    """The SQL of something of the commune of that rank; after the last one comes the first."""
    return f"(SELECT c.{column} FROM bench_commune c WHERE c.rank = ({rank}) % {COMMUNES})"


def _registered(name: str, prefix: int) -> dict[str, str]:
    """What tells one organisation from another: its name, its commune, its number."""
    named = f"'{name} de ' || {_commune('i', 'name')} || ' ' || i"
    return {"name": named, "commune_id": _commune("i"), "siret": f"CAST({prefix}000000000000 + i AS TEXT)"}


def _insert(into: str, rows: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {into} {rows}")
