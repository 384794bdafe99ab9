"""Who may open a page. Every URL declares it here; a URL that does not fails tests/www/test_permission_matrix.py.

A decorator answers "may this person open this page at all". The verb behind the page answers "may this person do this,
to that programme": the page never decides it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import NOT_ALLOWED, Actor, Right
from poincon.organisations.enums import Role
from poincon.www.base.hats import page_asks, wardrobe
from poincon.www.base.request import actor_of
from poincon.www.base.typed import keep


class View(Protocol):
    def __call__(self, request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


class Door(Enum):
    """What a page asks of whoever opens it."""

    PUBLIC = "nothing"
    ACCOUNT = "to be signed in, even before the second factor is set up"
    SIGNED_IN = "to be signed in, second factor included"
    RIGHT = "to hold a right somewhere"
    ROLE = "to hold one of some roles"


@dataclass(frozen=True)
class Access:
    door: Door
    right: Right | None = None
    #: With Door.ROLE: the roles whose page it is.
    roles: frozenset[Role] = frozenset()

    @property
    def allowed_roles(self) -> frozenset[Role]:
        """The roles that may open the page, when it asks for a right or a role."""
        return self.right.roles if self.right else self.roles


ATTRIBUTE = "poincon_access"

ROLE_MISSING = Refusal(
    "role_missing",
    _("Cette page est celle d’un autre rôle que les vôtres : %(roles)s."),
    _("Demandez ce rôle à la personne qui administre votre organisation ou le dispositif."),
)


def declared_access(view: Callable[..., Any]) -> Access | None:
    """What ``view`` declared with one of the decorators below, None if nothing."""
    return getattr(view, ATTRIBUTE, None)


def public_page(view: View) -> View:
    """Anybody may open this page."""
    return _declare(view, Access(Door.PUBLIC))


def account_page(view: View) -> View:
    """A page of one's own account: also opens before the second factor is set up, since it is set up there."""
    return _declare(_for_people_signed_in(view), Access(Door.ACCOUNT))


def signed_in(view: View) -> View:
    """Any person signed in may open this page."""
    return _declare(_for_people_signed_in(view), Access(Door.SIGNED_IN))


def requires(right: Right) -> Callable[[View], View]:
    """A person may open this page who holds ``right`` for at least one organisation or programme.

    Raises the refusal ``right_missing`` to the others; RefusalMiddleware shows it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not holds_somewhere(actor_of(request), right):
                raise NOT_ALLOWED.filled(right=right.label)
            page_asks(request, right.roles)
            return view(request, *args, **kwargs)

        return _declare(_for_people_signed_in(guarded), Access(Door.RIGHT, right))

    return decorate


def for_roles(*roles: Role) -> Callable[[View], View]:
    """A person may open this page who has one of ``roles``: the home of these roles, mostly.

    Raises the refusal ``role_missing`` to the others; RefusalMiddleware shows it.
    """
    wanted = frozenset(roles)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(membership.role in wanted for membership in actor_of(request).memberships):
                raise ROLE_MISSING.filled(roles=", ".join(str(role.label) for role in roles))
            page_asks(request, wanted)
            return view(request, *args, **kwargs)

        return _declare(_for_people_signed_in(guarded), Access(Door.ROLE, roles=wanted))

    return decorate


def holds_somewhere(actor: Actor, right: Right) -> bool:
    """Whether one of this person's roles carries ``right``, whatever the organisation or the programme."""
    return any(membership.role in right.roles for membership in actor.memberships)


def may_open(request: HttpRequest, url: str) -> bool:
    """Whether the hat worn may open the page at this address: what not to offer. Anything else than a page may be."""
    try:
        access = declared_access(resolve(urlsplit(url).path).func)
    except Resolver404:
        return True
    if access is None or access.door not in {Door.RIGHT, Door.ROLE}:
        return True
    worn = wardrobe(request).worn
    return worn is not None and worn.role in access.allowed_roles


def _declare(view: View, access: Access) -> View:
    # A copy carries the declaration: a view of a library stays undeclared elsewhere.
    @wraps(view)
    def declared(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    setattr(declared, ATTRIBUTE, access)
    return declared


def _for_people_signed_in(view: View) -> View:
    asks_to_sign_in = login_required(view)

    @wraps(view)
    def opened(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            _keep_what_was_typed(request)
        return asks_to_sign_in(request, *args, **kwargs)

    return opened


def _keep_what_was_typed(request: HttpRequest) -> None:
    if keep(request):
        told = _("Votre session a expiré. Connectez-vous : ce que vous aviez tapé vous attend.")
        messages.warning(request, told)
