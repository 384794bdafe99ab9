"""Who acts. Every verb takes an ``Actor`` and asks it, once, whether it holds the right."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import LEAD_NETWORK_ROLES, PROGRAMME_ROLES, Role
from poincon.organisations.models import Membership, User

NOT_ALLOWED = Refusal(
    "right_missing",
    _("Vous n’avez pas le droit de faire cela : « %(right)s »."),
    _("Demandez-le à la personne qui administre votre organisation ou le dispositif."),
)


class ProgrammeScope(Protocol):
    """What the rights need to know of a programme (programmes are one floor above)."""

    pk: int
    owner_id: int
    lead_network_id: int | None


@dataclass(frozen=True)
class Right:
    """Something a person may do. ``code`` is stable, ``label`` is read in the table of rights, ``roles`` may do it.

    Roles that steer (funder, coordinator, accountant, observer) hold it for their programmes; the others inside their
    own organisation. The administrator of the instance holds only the rights that name it.
    """

    code: str
    label: str | Promise
    roles: frozenset[Role]


#: Every right, by code. Filled by ``declare`` when the domains' permissions.py are imported.
RIGHTS: dict[str, Right] = {}


def declare(code: str, label: str | Promise, *roles: Role) -> Right:
    """Declare a right in a domain's permissions.py. Raises ValueError when the code is taken."""
    if code in RIGHTS:
        raise ValueError(f"right {code} is declared twice")
    RIGHTS[code] = Right(code, label, frozenset(roles))
    return RIGHTS[code]


@dataclass(frozen=True)
class Actor:
    """A person, or the system itself (a command typed on the server, a task), acting from somewhere."""

    user: User | None
    source: str
    address: str = ""
    #: A person who holds the server holds everything: commands and tasks act with every right, and leave their name.
    system_label: str = ""

    @classmethod
    def system(cls, label: str, *, source: str = "command") -> "Actor":
        """The machine acting for whoever may type commands on it."""
        return cls(user=None, source=source, system_label=label)

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def label(self) -> str:
        return self.system_label or str(self.user)

    @cached_property
    def memberships(self) -> list[Membership]:
        if self.user is None or not self.user.is_active:
            return []
        live = Membership.objects.filter(user=self.user, ended_at=None)
        # The programme is read for its name, shown beside the role.
        return list(live.select_related("organisation", "programme"))

    def may(
        self,
        right: Right,
        *,
        programme: ProgrammeScope | None = None,
        organisation_id: int | None = None,
    ) -> bool:
        """Whether this actor holds ``right`` on that programme and, or, inside that organisation."""
        if self.system_label:
            return True
        return any(
            membership.role in right.roles and _covers(membership, programme, organisation_id)
            for membership in self.memberships
        )

    def require(
        self,
        right: Right,
        *,
        programme: ProgrammeScope | None = None,
        organisation_id: int | None = None,
    ) -> None:
        """Raise the refusal ``right_missing`` unless this actor holds ``right`` there."""
        if not self.may(right, programme=programme, organisation_id=organisation_id):
            raise NOT_ALLOWED.filled(right=right.label)

    def organisation_ids(self, roles: Iterable[Role]) -> set[int]:
        """The organisations in which this actor holds one of ``roles``."""
        wanted = set(roles)
        return {m.organisation_id for m in self.memberships if m.role in wanted and m.organisation_id is not None}


def _covers(membership: Membership, programme: ProgrammeScope | None, organisation_id: int | None) -> bool:
    role = Role(membership.role)
    if role is Role.ADMINISTRATOR:
        return True
    if role in PROGRAMME_ROLES and programme is not None:
        return _steers(membership, programme)
    if organisation_id is None or membership.organisation_id != organisation_id:
        return False
    # A role given for one programme says nothing of the organisation outside it: neither its team nor its bank account.
    return membership.programme_id is None or (programme is not None and membership.programme_id == programme.pk)


def _steers(membership: Membership, programme: ProgrammeScope) -> bool:
    """A steering role reaches the programme it names or, without one, those its organisation owns.

    Those its organisation leads too, for the roles of a lead network: money and rules belong to the owner.
    """
    if membership.programme_id is not None:
        return membership.programme_id == programme.pk
    if membership.organisation_id == programme.owner_id:
        return True
    return membership.organisation_id == programme.lead_network_id and membership.role in LEAD_NETWORK_ROLES
