"""People who open the funder's pages."""

from collections.abc import Callable

from django.test import Client

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from tests.factories import Scheme, make_membership, make_organisation

Enter = Callable[[User], Client]


def person(scheme: Scheme, role: Role) -> User:
    """A new person with this role in the scheme."""
    user = scheme.actor(role).user
    assert user is not None
    return user


def stranger() -> User:
    """A funder of another département, without any programme."""
    return make_membership(Role.FUNDER, make_organisation(is_funder=True)).user
