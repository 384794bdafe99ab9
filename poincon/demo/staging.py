"""Setting up one programme: its definition, its network, its money, its booklets, what changes along the way."""

from datetime import date, datetime, timedelta
from functools import partial

from poincon.demo.scenario import (
    BatchTold,
    DeliveryTold,
    DestructionTold,
    EnlargementTold,
    ExtensionTold,
    ProgrammeTold,
    ReceiptTold,
    ReturnTold,
    SuspensionTold,
)
from poincon.demo.timeline import Act, Timeline
from poincon.demo.world import Held, Stage, StoryError, World
from poincon.mediation.services import offer_service
from poincon.network.enums import TrainingKind
from poincon.network.services import agree_prescriber, qualify, record_training
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.passes.documents.layout import Layout
from poincon.passes.enums import DiscrepancyEnding
from poincon.passes.models import Booklet, Transfer
from poincon.passes.ranges import BookletRange
from poincon.passes.services.activate import activate
from poincon.passes.services.move import destroy, receive, return_booklets, send
from poincon.passes.services.order import order_batch
from poincon.passes.services.printing import approve_proof, print_batch, print_proof
from poincon.passes.services.resolve import resolve_discrepancy
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import Service
from poincon.programmes.queries import commune_codes
from poincon.programmes.services import add_territory, create_programme, extend, record_receipt, suspend
from poincon.programmes.spec import ProgrammeSpec, TerritorySpec

MORNING, NOON, AFTERNOON = 9, 12, 16
#: What the post answers after an enquiry.
LOOKED_FOR = timedelta(days=13)


class Staging:
    """Plans everything that organisations do around one programme."""

    def __init__(self, world: World, timeline: Timeline, told: ProgrammeTold) -> None:
        self.world = world
        self.timeline = timeline
        self.told = told
        self.spec: ProgrammeSpec = world.story.spec(told)

    @property
    def stage(self) -> Stage:
        return self.world.stages[self.spec.code]

    def steering(self, role: Role) -> Actor:
        """The person with this role at the owner's or in the lead network of this programme."""
        bodies = {self.spec.owner, self.spec.lead_network}
        keys = {one.key for one in self.world.story.told.organisations if one.name in bodies}
        for person in self.world.story.told.people:
            if person.role == role and person.organisation in keys:
                return self.world.people[person.email]
        raise StoryError(f"{self.spec.code}: nobody is {role} for {' or '.join(sorted(bodies))}")

    def plan(self) -> None:
        """Everything the file tells of this programme, except what people do with their booklets."""
        self._on(self.told.created_on, MORNING, self.create)
        if self.told.trained_on:
            self._on(self.told.trained_on, AFTERNOON, self.train)
        for receipt in self.told.receipts:
            self._on(receipt.on, MORNING, partial(self.receive_money, receipt))
        for rank, batch in enumerate(self.told.batches):
            self._plan_batch(rank, batch)
        for delivery in self.told.deliveries:
            self._on(delivery.on, AFTERNOON, partial(self.deliver, delivery))
        for suspension in self.told.suspensions:
            self._on(suspension.decided_on, NOON, partial(self.suspend, suspension))
        for extension in self.told.extensions:
            self._on(extension.decided_on, NOON, partial(self.extend, extension))
        for enlargement in self.told.enlargements:
            self._on(enlargement.on, NOON, partial(self.enlarge, enlargement))
        for back in self.told.returns:
            self._on(back.on, AFTERNOON, partial(self.give_back, back))
        for destruction in self.told.destructions:
            self._on(destruction.on, AFTERNOON, partial(self.destroy, destruction))

    def _on(self, day: date, hour: int, act: Act) -> None:
        self.timeline.plan(self.world.story.calendar.at(day, hour), act)

    def _plan_batch(self, rank: int, told: BatchTold) -> None:
        self._on(told.ordered_on, NOON, partial(self.order, told))
        self._on(told.printed_on, NOON, partial(self.print, rank))
        if told.activated_on:
            self._on(told.activated_on, NOON, partial(self.activate, rank))

    # --- the programme and its network ---------------------------------------------------------------------------

    def create(self, at: datetime) -> None:
        """The funder creates the programme; the coordinator gathers its network; places publish their offer."""
        programme = create_programme(by=self.steering(Role.FUNDER), spec=self.spec, now=at)
        self.world.stages[self.spec.code] = Stage(self.told, programme)
        for key in self.told.operators:
            self._qualify(key, at)
        for key in self.told.people.prescribers:
            agree_prescriber(
                by=self.steering(Role.COORDINATOR),
                prescriber=self.world.organisations[key],
                programme=programme,
                valid_from=self.spec.starts_on,
            )
        self._publish_inside(at)

    def _qualify(self, key: str, at: datetime) -> None:
        partly = self.told.partly.get(key)
        qualify(
            by=self.steering(Role.COORDINATOR),
            operator=self.world.organisations[key],
            programme=self.stage.programme,
            services=Service.objects.filter(code__in=partly) if partly else None,
            valid_from=self.spec.starts_on,
            now=at,
        )

    def _publish_inside(self, at: datetime) -> None:
        """The places inside the territory, as it is now, publish their offer."""
        inside = commune_codes(self.stage.programme.pk)
        for told in self.world.story.told.venues:
            if (
                told.operator in self.told.operators
                and told.commune in inside
                and told.name not in self.stage.published
            ):
                self._publish(told.name, told.operator, at)
                self.stage.published.add(told.name)

    def _publish(self, venue: str, operator: str, at: datetime) -> None:
        for service in self.told.services:
            if service.code in self.told.partly.get(operator, [service.code]):
                offer_service(
                    by=self.world.agent(Role.OPERATOR_MANAGER, operator),
                    venue=self.world.venues[venue],
                    programme=self.stage.programme,
                    service=Service.objects.get(code=service.code),
                    price=service.price,
                    minutes=service.minutes,
                    now=at,
                )

    def train(self, at: datetime) -> None:
        """One day for those who hand booklets over and those who punch."""
        trained = [(TrainingKind.PRESCRIBER, Role.PRESCRIBER, key) for key in self.told.people.prescribers]
        trained += [(TrainingKind.MEDIATOR, Role.MEDIATOR, key) for key in self.told.operators]
        for kind, role, key in trained:
            user = self.world.agent(role, key).user
            if user is not None:
                record_training(
                    by=self.steering(Role.COORDINATOR),
                    user=user,
                    programme=self.stage.programme,
                    kind=kind,
                    done_on=at.date(),
                    now=at,
                )

    # --- money and dates -----------------------------------------------------------------------------------------

    def receive_money(self, told: ReceiptTold, at: datetime) -> None:
        """The accountant records what a funder paid or committed."""
        programme = self.stage.programme
        record_receipt(
            by=self.steering(Role.ACCOUNTANT),
            programme=programme,
            kind=ReceiptKind(told.kind),
            amount=told.euros * 100,
            received_on=at.date(),
            reference=told.reference,
            funding=programme.fundings.get(funder=self.world.organisations[told.funder]),
            now=at,
        )

    def suspend(self, told: SuspensionTold, at: datetime) -> None:
        """Nothing is punched for a while; the passes get the days back."""
        suspend(
            by=self.steering(Role.FUNDER),
            programme=self.stage.programme,
            first_day=told.first_day,
            last_day=told.last_day,
            reason=told.reason,
            moves_validity=True,
            now=at,
        )

    def extend(self, told: ExtensionTold, at: datetime) -> None:
        """The programme and its passes last longer."""
        extend(
            by=self.steering(Role.FUNDER),
            programme=self.stage.programme,
            until=told.until,
            reason=told.reason,
            moves_validity=True,
            now=at,
        )
        self.stage.programme.refresh_from_db()

    def enlarge(self, told: EnlargementTold, at: datetime) -> None:
        """The programme reaches more communes."""
        territory = TerritorySpec(told.name, departements=tuple(told.departements), epcis=tuple(told.epcis))
        add_territory(by=self.steering(Role.FUNDER), programme=self.stage.programme, territory=territory)
        self._publish_inside(at)

    # --- booklets ------------------------------------------------------------------------------------------------

    def order(self, told: BatchTold, at: datetime) -> None:
        """The funder orders a batch; its numbers are drawn by the story."""
        batch = order_batch(
            by=self.steering(Role.FUNDER),
            programme=self.stage.programme,
            quantity=told.quantity,
            size=told.size,
            draw=self.world.rng.randrange,
            now=at,
        )
        rows = Booklet.objects.filter(batch=batch).order_by("rank").values_list("rank", "number")
        self.stage.batches.append(batch)
        self.stage.unsent[batch.number] = [Held(batch, rank, number) for rank, number in rows]

    def print(self, rank: int, at: datetime) -> None:
        """The proof is looked at and approved, the sheets are made."""
        funder, batch = self.steering(Role.FUNDER), self.stage.batches[rank]
        out = self.world.out / self.spec.code / f"lot-{batch.number}"
        self.world.files.append(print_proof(by=funder, batch=batch, out=out, layout=Layout(), now=at))
        batch = approve_proof(by=funder, batch=batch, now=at)
        sheets = print_batch(
            by=funder, batch=batch, out=out, layout=Layout(), progress=lambda _done, _total: None, now=at
        )
        self.world.files += sheets

    def activate(self, rank: int, at: datetime) -> None:
        """The money is there: the booklets can be used."""
        activate(by=self.steering(Role.FUNDER), batch=self.stage.batches[rank], now=at)

    def deliver(self, told: DeliveryTold, at: datetime) -> None:
        """A parcel leaves for a prescriber, who counts it when it arrives."""
        batch = self.stage.batches[told.batch - 1]
        parcel = self._take(batch.number, told.quantity)
        transfer = send(
            by=self.steering(Role.COORDINATOR),
            sender=batch.stock_holder,
            receiver=self.world.organisations[told.to],
            ranges=[BookletRange(batch.pk, parcel[0].rank, parcel[-1].rank)],
            now=at,
        )
        lost = parcel[-told.missing :] if told.missing else []

        def arrive(moment: datetime) -> None:
            receive(
                by=self.world.agent(Role.PRESCRIBER, told.to),
                transfer=transfer,
                missing=[held.number for held in lost],
                now=moment,
            )
            self.stage.stock[told.to, batch.size] += [held for held in parcel if held not in lost]

        self._on(told.received_on, MORNING, arrive)
        if lost:
            self._on(told.received_on + LOOKED_FOR, NOON, partial(self._give_up, transfer))

    def _give_up(self, transfer: Transfer, at: datetime) -> None:
        """The post looked for what was missing, and did not find it."""
        coordinator, note = self.steering(Role.COORDINATOR), "La Poste a cherché, sans rien retrouver."
        resolve_discrepancy(by=coordinator, transfer=transfer, how=DiscrepancyEnding.LOST, note=note, now=at)

    def _take(self, number: int, quantity: int) -> list[Held]:
        unsent = self.stage.unsent[number]
        if len(unsent) < quantity:
            raise StoryError(f"{self.spec.code}: batch {number} has only {len(unsent)} booklets left to send")
        self.stage.unsent[number] = unsent[quantity:]
        return unsent[:quantity]

    def give_back(self, told: ReturnTold, at: datetime) -> None:
        """A prescriber sends back what it will not hand over."""
        batch = self.stage.batches[0]
        stock = self.stage.stock[told.sender, batch.size]
        back, self.stage.stock[told.sender, batch.size] = stock[-told.quantity :], stock[: -told.quantity]
        transfer = return_booklets(
            by=self.world.agent(Role.PRESCRIBER, told.sender),
            sender=self.world.organisations[told.sender],
            receiver=batch.stock_holder,
            ranges=[BookletRange(held.batch.pk, held.rank, held.rank) for held in back],
            now=at,
        )

        def arrive(moment: datetime) -> None:
            receive(by=self.steering(Role.COORDINATOR), transfer=transfer, now=moment)
            self.stage.unsent[batch.number] += back

        self.timeline.plan(self.world.story.calendar.at(told.received_on, MORNING), arrive)

    def destroy(self, told: DestructionTold, at: datetime) -> None:
        """What came back damaged is destroyed before a witness."""
        batch = self.stage.batches[0]
        unsent = self.stage.unsent[batch.number]
        gone, self.stage.unsent[batch.number] = unsent[-told.quantity :], unsent[: -told.quantity]
        destroy(
            by=self.steering(Role.COORDINATOR),
            holder=batch.stock_holder,
            ranges=[BookletRange(held.batch.pk, held.rank, held.rank) for held in gone],
            place=told.place,
            method=told.method,
            witness=told.witness,
            reason=told.reason,
            now=at,
        )
