"""The desk a mediator sits at: her structure, the programmes it works for, and how far her role reaches in it."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from poincon.organisations.actors import Actor, Right
from poincon.organisations.enums import Role
from poincon.organisations.models import Organisation
from poincon.programmes.models import Programme
from poincon.www.base.hats import worn_hat
from poincon.www.base.request import actor_of


@dataclass(frozen=True)
class Desk:
    """Where a page of this audience is read from: one structure, seen from the hat worn."""

    actor: Actor
    operator: Organisation
    programmes: tuple[Programme, ...]
    #: The one programme that the role names; None when it holds for the whole structure.
    only: Programme | None
    is_manager: bool

    @property
    def only_id(self) -> int | None:
        return self.only.pk if self.only else None

    @property
    def pays(self) -> bool:
        """Whether one of the programmes pays for passes; those of others are counted in hours."""
        return any(programme.unit_value for programme in self.programmes)

    def may(self, right: Right) -> bool:
        """Whether this person holds ``right`` in the whole structure."""
        return self.actor.may(right, organisation_id=self.operator.pk)


def desk_of(request: HttpRequest) -> Desk:
    """The desk of the hat worn. Not found for a hat that belongs to no structure."""
    hat = worn_hat(request)
    if hat.organisation is None:
        raise Http404
    return Desk(
        actor=actor_of(request),
        operator=hat.organisation,
        programmes=hat.programmes,
        only=hat.membership.programme,
        is_manager=hat.role is Role.OPERATOR_MANAGER,
    )


def require_reach(
    request: HttpRequest, right: Right, *, organisation_id: int, programme: Programme | None = None
) -> None:
    """Not found unless this person holds ``right`` there: an address says nothing of what belongs to others."""
    if not actor_of(request).may(right, programme=programme, organisation_id=organisation_id):
        raise Http404
