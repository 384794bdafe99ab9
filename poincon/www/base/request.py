"""What a request says of the person behind it."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from poincon.organisations.actors import Actor
from poincon.organisations.models import User

SOURCE = "www"


def actor_of(request: HttpRequest) -> Actor:
    """The person signed in, as verbs and the journal know her: one Actor, and one read of her roles, per request."""
    known = getattr(request, "poincon_actor", None)
    if isinstance(known, Actor):
        return known
    # A page that says an error may be drawn before anybody is known.
    found = getattr(request, "user", None)
    user = found if isinstance(found, User) else None
    actor = Actor(user=user, source=SOURCE, address=get_adapter(request).get_client_ip(request))
    request.poincon_actor = actor  # type: ignore[attr-defined]  # kept for the length of the request
    return actor
