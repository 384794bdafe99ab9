"""What exists at a moment of the story, by the names the file gives, and the chance that draws everything."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from random import Random
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from poincon.beneficiaries.models import CaseFile
from poincon.demo.people import Identity
from poincon.demo.scenario import OrganisationTold, ProgrammeTold, Story, VenueTold
from poincon.mediation.models import Venue
from poincon.organisations.actors import Actor
from poincon.organisations.devices import Scanner, recognise
from poincon.organisations.models import Organisation
from poincon.passes import codes
from poincon.passes.models import Batch
from poincon.programmes.models import Programme
from poincon.settlement.models import PaymentBatch

#: Nobody outside the demonstration has an address there: the domain cannot exist (RFC 2606).
DOMAIN = "demo.poincon.example"
SOURCE = "demo"


class StoryError(RuntimeError):
    """The story cannot go on as told: its file asks for what a rule refuses, or for booklets nobody has."""


@dataclass(frozen=True)
class Held:
    """A booklet in somebody's hands or stock, and what is needed to present its codes."""

    batch: Batch
    rank: int
    number: int


@dataclass
class Character:
    """A person of the story: what it was given, what it used, as positions of its present booklet."""

    identity: Identity
    prescriber: str
    case_file: CaseFile | None = None
    booklet: Held | None = None
    given: list[int] = field(default_factory=list)
    used: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    blocked: bool = False

    @property
    def unused(self) -> list[int]:
        """The positions this person may still present; those punched off line and not sent yet are not among them."""
        return [position for position in self.given if position not in {*self.used, *self.waiting}]


@dataclass(frozen=True)
class Punch:
    """An accepted scan, remembered so that it can be annulled later."""

    uuid: UUID
    character: Character
    positions: list[int]
    at: datetime


@dataclass
class Stage:
    """One programme of the story."""

    told: ProgrammeTold
    programme: Programme
    batches: list[Batch] = field(default_factory=list)
    stock: dict[tuple[str, int], list[Held]] = field(default_factory=lambda: defaultdict(list))
    unsent: dict[int, list[Held]] = field(default_factory=dict)
    characters: list[Character] = field(default_factory=list)
    punches: list[Punch] = field(default_factory=list)
    orders: dict[date, PaymentBatch] = field(default_factory=dict)
    published: set[str] = field(default_factory=set)


@dataclass
class World:
    """Everything. ``surprises`` are scans that the story did not expect to be refused."""

    story: Story
    out: Path
    rng: Random
    private_key: Ed25519PrivateKey
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    venues: dict[str, Venue] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    @property
    def system(self) -> Actor:
        """Whoever typed the command."""
        return Actor.system("démonstration", source=SOURCE)

    def told_organisation(self, key: str) -> OrganisationTold:
        """What the file says of an organisation."""
        return next(one for one in self.story.told.organisations if one.key == key)

    def told_venue(self, name: str) -> VenueTold:
        """What the file says of a place."""
        return next(one for one in self.story.told.venues if one.name == name)

    def agent(self, role: str, key: str) -> Actor:
        """The person with this role in this organisation."""
        return self.people[self.agent_email(role, key)]

    def agent_email(self, role: str, key: str) -> str:
        """The address of that person: the one of the file, or one made of the role and the organisation."""
        for person in self.story.told.people:
            if (person.role, person.organisation) == (role, key):
                return person.email
        return f"{role.replace('_', '-')}.{key}@{DOMAIN}"

    def uuid(self) -> UUID:
        """An identifier drawn by the story, the same each time it is told."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    def scanner(self, operator: str) -> Scanner:
        """The device of an operator, recognised as the API does."""
        scanner = recognise(self.tokens[operator])
        if scanner is None:
            raise StoryError(f"the device of {operator} is not recognised")
        return scanner

    def code(self, held: Held, position: int) -> str:
        """What a camera reads on a pass, or on the cover (0)."""
        packed = codes.Payload(held.batch.signing_key.identifier, held.batch.pk, held.rank, held.number, position)
        signed = packed.packed() + self.private_key.sign(packed.packed())
        return codes.code_url(settings.PUBLIC_URL, signed)
