"""Which hat a person wears: one of her roles, in one organisation, looking at one programme.

A hat says what her pages are about, and which menu she sees. It gives no right: verbs look at all her roles.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import LEAD_NETWORK_ROLES, PROGRAMME_ROLES, Role
from poincon.organisations.models import Membership, Organisation
from poincon.programmes.models import Programme
from poincon.www.base.request import actor_of

HAT, PROGRAMME = "hat", "hat_programme"

NO_ROLE = Refusal(
    "no_role",
    _("Vous n’avez pas encore de rôle : aucune page de travail ne vous est ouverte."),
    _("Demandez à la personne qui vous a invité de vous en donner un."),
)


@dataclass(frozen=True)
class Hat:
    """One role, in one organisation (none for the administrator of the service), and the programmes it concerns."""

    membership: Membership
    #: Those running first, then the newest first.
    programmes: tuple[Programme, ...]
    #: The one that is looked at now; None when the role concerns none yet.
    programme: Programme | None

    @property
    def role(self) -> Role:
        return Role(self.membership.role)

    @property
    def organisation(self) -> Organisation | None:
        return self.membership.organisation

    @property
    def other_programmes(self) -> list[Programme]:
        return [programme for programme in self.programmes if programme != self.programme]


@dataclass(frozen=True)
class Wardrobe:
    worn: Hat | None
    #: The roles one could take instead, in the order they were given.
    others: tuple[Membership, ...]


def worn_hat(request: HttpRequest) -> Hat:
    """The hat worn now. Raises the refusal ``no_role`` for a person who has none."""
    worn = wardrobe(request).worn
    if worn is None:
        raise NO_ROLE.filled()
    return worn


def wardrobe(request: HttpRequest) -> Wardrobe:
    """The hat worn now and the others: two queries, read once per request.

    A page that asks for a right, or a role, is opened with a hat that carries it if the one in the session does not.
    """
    known = getattr(request, "poincon_wardrobe", None)
    if isinstance(known, Wardrobe):
        return known
    found = _look_into(request)
    request.poincon_wardrobe = found  # type: ignore[attr-defined]  # kept for the length of the request
    return found


def page_asks(request: HttpRequest, roles: frozenset[Role]) -> None:
    """Remember the roles that the page being opened is for: the hat follows."""
    request.poincon_roles = roles  # type: ignore[attr-defined]  # read by wardrobe


def wear(request: HttpRequest, membership_id: int) -> None:
    """Put on another of one's roles. A role that is not one's own changes nothing."""
    if any(membership.pk == membership_id for membership in actor_of(request).memberships):
        request.session[HAT] = membership_id
        _forget_wardrobe(request)


def look_at(request: HttpRequest, programme_id: int) -> None:
    """Look at another programme of the hat worn. A programme that is not among them changes nothing."""
    worn = wardrobe(request).worn
    if worn and any(programme.pk == programme_id for programme in worn.programmes):
        request.session[PROGRAMME] = programme_id
        _forget_wardrobe(request)


def programmes_of(membership: Membership, *, today: date) -> tuple[Programme, ...]:
    """The programmes that a role concerns: the one it names, or those its organisation owns, leads or serves."""
    if membership.programme is not None:
        return (membership.programme,)
    concerned = _concerned(membership)
    if concerned is None:
        return ()
    found = Programme.objects.filter(concerned).select_related("owner").distinct()
    return tuple(sorted(found, key=lambda programme: _running_then_newest(programme, today)))


def _concerned(membership: Membership) -> Q | None:
    role, organisation_id = Role(membership.role), membership.organisation_id
    if organisation_id is None:
        return None
    if role in LEAD_NETWORK_ROLES:
        return Q(owner=organisation_id) | Q(lead_network=organisation_id)
    if role in PROGRAMME_ROLES:
        return Q(owner=organisation_id)
    if role is Role.PRESCRIBER:
        return Q(agreements__prescriber=organisation_id)
    return Q(qualifications__operator=organisation_id)


def _running_then_newest(programme: Programme, today: date) -> tuple[bool, int, str]:
    runs = programme.starts_on <= today <= programme.ends_on
    return (not runs, -programme.starts_on.toordinal(), programme.name)


def _look_into(request: HttpRequest) -> Wardrobe:
    memberships = actor_of(request).memberships
    chosen = _chosen(request, memberships)
    if chosen is None:
        return Wardrobe(None, ())
    programmes = programmes_of(chosen, today=timezone.localdate())
    wanted = request.session.get(PROGRAMME)
    looked_at = next((programme for programme in programmes if programme.pk == wanted), None)
    hat = Hat(chosen, programmes, looked_at or next(iter(programmes), None))
    return Wardrobe(hat, tuple(membership for membership in memberships if membership != chosen))


def _chosen(request: HttpRequest, memberships: list[Membership]) -> Membership | None:
    if not memberships:
        return None
    asked = getattr(request, "poincon_roles", None)
    fitting = [one for one in memberships if asked is None or one.role in asked] or memberships
    kept = request.session.get(HAT)
    chosen = next((one for one in fitting if one.pk == kept), None) or next(iter(fitting), None)
    if chosen is not None and chosen.pk != kept:
        request.session[HAT] = chosen.pk
    return chosen


def _forget_wardrobe(request: HttpRequest) -> None:
    request.poincon_wardrobe = None  # type: ignore[attr-defined]
