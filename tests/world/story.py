"""The days of the story, and everybody in it: each role at home, in another organisation, in another programme."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum

from django.utils import timezone

from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.models import Organisation, User
from poincon.organisations.services import create_organisation, grant_role, invite_person
from poincon.programmes.models import Programme
from poincon.territories.dataset import Dataset, read_dataset
from poincon.territories.models import Commune
from poincon.territories.services import load_territories
from tests.factories import siret

SYSTEM = Actor.system("essai", source="test")
CREUSE, NOUVELLE_AQUITAINE = "23", "75"


class Place(Enum):
    """Where a person holds her role, seen from the programme that the addresses of the site map show."""

    HOME = "own organisation"
    #: Another organisation of the same kind: another funder, or another operator of the same programme.
    ELSEWHERE = "other organisation"
    #: The same organisation, but a role that names another programme.
    BESIDE = "other programme"


@dataclass(frozen=True)
class Person:
    """Somebody of the story. Without a role: a person signed in whom nobody gave one."""

    role: Role | None
    place: Place = Place.HOME

    def __str__(self) -> str:
        return f"{self.role or 'nobody'}, {self.place.value}"

    @property
    def email(self) -> str:
        return f"{self.role or 'sans-role'}.{self.place.name}@essai.example".lower().replace("_", "-")


NOBODY = Person(None)
#: Everybody. The administrator of the instance has no organisation: there is no other place for this role.
PEOPLE = [
    NOBODY,
    *(Person(role, place) for role in Role for place in Place if place is Place.HOME or role is not Role.ADMINISTRATOR),
]
NAMES = {
    Role.FUNDER: "Anne Delmas",
    Role.COORDINATOR: "Yann Le Goff",
    Role.PRESCRIBER: "Samia Benali",
    Role.OPERATOR_MANAGER: "Claire Moreau",
    Role.MEDIATOR: "Luc Petit",
    Role.ACCOUNTANT: "Denis Roche",
    Role.OBSERVER: "Mathilde Faure",
    Role.ADMINISTRATOR: "Inès Garcia",
}


#: The key of the organisation where each role is held; the funder's, for the others.
WORKS_FOR = {
    Role.COORDINATOR: "network",
    Role.PRESCRIBER: "prescriber",
    Role.OPERATOR_MANAGER: "operator",
    Role.MEDIATOR: "operator",
}


@dataclass
class World:
    """What was built, by the names the chapters gave."""

    now: datetime
    organisations: dict[str, Organisation] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    users: dict[Person, User] = field(default_factory=dict)
    token: str = ""
    scans: int = 0

    @property
    def programme(self) -> Programme:
        """The programme that the addresses of the site map show."""
        return self.programmes["home"]

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def first_of_month(self, months_ago: int = 0) -> date:
        first = self.today.replace(day=1)
        for _ in range(months_ago):
            first = (first - timedelta(days=1)).replace(day=1)
        return first

    def at(self, day: date, hour: int = 10) -> datetime:
        """An hour of a day; never after the present moment, which verbs would refuse."""
        return min(datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone()), self.now)

    def actor(self, role: Role, place: Place = Place.HOME) -> Actor:
        return Actor(user=self.users[Person(role, place)], source="www", address="192.0.2.7")

    def scan_id(self) -> uuid.UUID:
        self.scans += 1
        return uuid.UUID(int=self.scans)


def load_creuse() -> None:
    """The communes of one département, their postal codes and search keys: an eighth of a second instead of seven."""
    whole = read_dataset()
    kept = {code for code, departement in _columns(whole, "communes", "code", "departement") if departement == CREUSE}
    epcis = {epci for code, epci in _columns(whole, "communes", "code", "epci") if code in kept}
    tables = {
        "regions": _only(whole, "regions", "code", {NOUVELLE_AQUITAINE}),
        "departements": _only(whole, "departements", "code", {CREUSE}),
        "epcis": _only(whole, "epcis", "siren", epcis),
        "communes": _only(whole, "communes", "code", kept),
        "aliases": _only(whole, "aliases", "commune", kept),
    }
    load_territories(progress=lambda _done, _total: None, dataset=Dataset(whole.edition, tables))


def _columns(dataset: Dataset, table: str, *names: str) -> Iterable[tuple[str, ...]]:
    return zip(*(dataset.tables[table][name] for name in names), strict=True)


def _only(dataset: Dataset, table: str, key: str, wanted: set[str]) -> dict[str, list[object]]:
    columns = dataset.tables[table]
    kept = [rank for rank, value in enumerate(columns[key]) if value in wanted]
    return {name: [values[rank] for rank in kept] for name, values in columns.items()}


def register(world: World, key: str, name: str, form: str, commune: str, *, does: str) -> Organisation:
    """An organisation of the story, which ``does`` one thing: funds, coordinates, prescribes or operates."""
    organisation = create_organisation(
        by=SYSTEM,
        name=name,
        legal_form=form,
        siret=siret(),
        email=f"{key.replace(' ', '-')}@essai.example",
        phone="05 55 44 30 00",
        address="1 place de la Mairie",
        commune=Commune.objects.get(pk=commune),
        is_funder=does == "funds",
        is_coordinator=does == "coordinates",
        is_prescriber=does == "prescribes",
        is_operator=does == "operates",
    )
    world.organisations[key] = organisation
    return organisation


def hire(world: World, person: Person, *, since: datetime) -> None:
    """Open the account of this person and give it its role."""
    name = NAMES[person.role] if person.role else "Rémi Sansrôle"
    surname = {Place.HOME: "", Place.ELSEWHERE: " d’Ailleurs", Place.BESIDE: " d’à Côté"}[person.place]
    user = invite_person(by=SYSTEM, email=person.email, full_name=name + surname, phone="06 12 34 56 78")
    world.users[person] = user
    if person.role is not None:
        grant_role(
            by=SYSTEM,
            user=user,
            role=person.role,
            organisation=_organisation(world, person.role, person.place),
            programme=world.programmes["beside"] if person.place is Place.BESIDE else None,
            now=since,
        )


def _organisation(world: World, role: Role, place: Place) -> Organisation | None:
    if role is Role.ADMINISTRATOR:
        return None
    key = WORKS_FOR.get(role, "funder")
    return world.organisations[f"other {key}" if place is Place.ELSEWHERE else key]
