"""What a prescriber reaches: the things of the organisations where she prescribes, whichever hat she wears."""

from django.db.models import Q
from django.http import HttpRequest

from poincon.organisations.enums import Role
from poincon.organisations.models import Organisation
from poincon.programmes.models import Programme
from poincon.www.base.hats import Hat, worn_hat
from poincon.www.base.request import actor_of


def reach(request: HttpRequest, *, organisation: str, programme: str) -> Q:
    """The condition that a row is hers: ``organisation`` and ``programme`` name the fields that say whose it is."""
    mine = Q(pk__in=())
    for membership in actor_of(request).memberships:
        if membership.role == Role.PRESCRIBER:
            here = Q(**{organisation: membership.organisation_id})
            mine |= here & Q(**{programme: membership.programme_id}) if membership.programme_id else here
    return mine


def desk(request: HttpRequest) -> tuple[Hat, Organisation, Programme | None]:
    """The hat worn, its organisation (a prescriber always has one), the programme she looks at."""
    hat = worn_hat(request)
    if hat.organisation is None:
        raise LookupError("a prescriber prescribes for an organisation")
    return hat, hat.organisation, hat.programme


def prescribes_for(request: HttpRequest, organisation_id: int, programme_id: int) -> bool:
    """Whether she prescribes in that organisation, in that programme: what ``reach`` says of a row already read."""
    return any(
        one.role == Role.PRESCRIBER
        and one.organisation_id == organisation_id
        and one.programme_id in (None, programme_id)
        for one in actor_of(request).memberships
    )
