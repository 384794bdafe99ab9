"""The menu of each role: each audience folder declares its own in ``navigation.py``, read by ``poincon.www.apps``."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from poincon.kernel.refusals import Text
from poincon.organisations.actors import Right
from poincon.organisations.enums import PROGRAMME_ROLES, Role
from poincon.www.base.hats import Hat


@dataclass(frozen=True)
class Entry:
    """A line of the menu: shown when the role worn carries ``right`` (None: always)."""

    label: Text
    url_name: str
    right: Right | None = None
    #: A name of poincon.www.base.icons.
    icon: str = ""
    #: Lines of the same group follow one another under its name.
    group: Text = ""


@dataclass(frozen=True)
class Audience:
    """Whom a folder of screens is for: the roles, the address of their home, their menu (home first)."""

    roles: frozenset[Role]
    home: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Line:
    """An entry as it is drawn on one page."""

    label: Text
    url: str
    icon: str
    group: Text
    current: bool


#: The audience of each role. Filled by ``declare_audience`` when the folders' navigation.py are imported.
AUDIENCES: dict[Role, Audience] = {}


def declare_audience(*roles: Role, home: str, entries: Iterable[Entry]) -> Audience:
    """Declare whom a folder of screens is for. Raises ValueError when a role has a home already."""
    taken = [role for role in roles if role in AUDIENCES]
    if taken:
        raise ValueError(f"these roles have a home already: {taken}")
    audience = Audience(frozenset(roles), home, tuple(entries))
    AUDIENCES.update(dict.fromkeys(roles, audience))
    return audience


def home_of(role: Role) -> str:
    """The address of the home of a role."""
    return reverse(AUDIENCES[role].home)


def menu(hat: Hat, path: str) -> list[Line]:
    """The lines that the hat worn may open, the one that ``path`` is under marked as current.

    Whoever steers no programme yet has her home alone: every other page is about one.
    """
    entries = AUDIENCES[hat.role].entries
    if hat.role in PROGRAMME_ROLES and hat.programme is None:
        entries = entries[:1]
    allowed = [entry for entry in entries if entry.right is None or hat.role in entry.right.roles]
    addresses = [reverse(entry.url_name) for entry in allowed]
    current = _current(addresses, path, home=home_of(hat.role))
    return [
        Line(entry.label, address, entry.icon, entry.group, address == current)
        for entry, address in zip(allowed, addresses, strict=True)
    ]


def _current(addresses: list[str], path: str, *, home: str) -> str:
    # Every page of an audience is under its home: home is current only on itself.
    above = [address for address in addresses if path == address or (address != home and path.startswith(address))]
    return max(above, key=len, default="")
