"""Who may open what, said before it is tried: from the right a page declares and from where its data belongs."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from poincon.organisations.actors import Actor, Right
from poincon.organisations.enums import SECOND_FACTOR_ROLES, Role
from poincon.www.base.rights import Door
from tests.site_map import VARIANTS, Address
from tests.world.story import NOBODY, Person, Place, World

#: Confirming who one is needs something to confirm with: these refuse a person who has neither password nor factor.
CONFIRMATION = frozenset({"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
ASKS_TO_SIGN_IN = frozenset(Door) - {Door.PUBLIC}
ASKS_FOR_SECOND_FACTOR = ASKS_TO_SIGN_IN - {Door.ACCOUNT}


class Expected(Enum):
    OPEN = "opens"
    #: 403 or 404: not a word of what is behind.
    CLOSED = "stays closed"
    SIGN_IN = "asks to sign in"


@dataclass(frozen=True)
class Visit:
    """Somebody (None: a visitor without account) who opens an address that exists."""

    address: Address
    person: Person | None
    path: str


def expected(address: Address, person: Person | None, world: World) -> Expected:
    """What must happen when ``person`` opens something of ``world`` at this address."""
    door = address.access.door
    if door is Door.PUBLIC:
        return Expected.OPEN
    if person is None:
        return Expected.SIGN_IN
    if door in {Door.ACCOUNT, Door.SIGNED_IN}:
        confirms = has_factor(person) or address.name not in CONFIRMATION
        return Expected.OPEN if confirms and reaches(address, person, world) else Expected.CLOSED
    if person.role not in address.access.allowed_roles:
        return Expected.CLOSED
    return Expected.OPEN if reaches(address, person, world) else Expected.CLOSED


def has_factor(person: Person) -> bool:
    """Whether this person of the story set a second factor up (tests/world/sessions.py)."""
    return person.role in SECOND_FACTOR_ROLES


def reaches(address: Address, person: Person, world: World) -> bool:
    """Whether what this person holds there covers the data that the address shows."""
    scopes = address.scopes(world)
    actor = Actor(user=world.users[person], source="test")
    # A page for roles rather than for a right: each of these roles reaches what a right of its own would.
    right = address.access.right or Right("page", "page", address.access.allowed_roles)
    return not scopes or any(
        actor.user_id == scope.user_id
        or actor.may(right, programme=scope.programme, organisation_id=scope.organisation_id)
        for scope in scopes
    )


def openers(address: Address, world: World) -> list[Person | None]:
    """Everybody who may open it, one for each role and place; for a page that asks for none, a typical person."""
    door = address.access.door
    if door is Door.PUBLIC:
        return [None]
    if door in {Door.ACCOUNT, Door.SIGNED_IN}:
        chosen = [Person(Role.FUNDER), Person(Role.PRESCRIBER), NOBODY]
        return [one for one in chosen if expected(address, one, world) is Expected.OPEN]
    return [
        person
        for person in world.users
        if person.place is not Place.BESIDE and expected(address, person, world) is Expected.OPEN
    ]


def visits(address: Address, world: World) -> Iterator[Visit]:
    """Every way to open this address: each person who may, and what else the page shows."""
    path = address.path(world)
    if path is None:
        return
    for person in openers(address, world):
        yield Visit(address, person, path)
        for query in VARIANTS.get(address.name, ()):
            yield Visit(address, person, f"{path}?{query}")
