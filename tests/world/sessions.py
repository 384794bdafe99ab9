"""People signed in, second factor included, without playing the sign-in each time."""

import time

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client

from poincon.organisations.models import User
from tests.world.story import Person, World


def signed_in(user: User) -> Client:
    """A client with a session of this person, who just proved what her roles ask."""
    client = Client()
    client.force_login(user)
    proof = {"method": "code", "at": time.time()}
    if user.needs_second_factor():
        if not Authenticator.objects.filter(user=user).exists():
            TOTP.activate(user, generate_totp_secret())
        proof = {"method": "mfa", "type": "totp", "at": time.time()}
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [proof]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def cookie_of(client: Client) -> str:
    """What a browser must send to be this person."""
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Sessions:
    """Everybody of a world, signed in once. Each request leaves with a fresh client: one may sign itself out."""

    def __init__(self, world: World) -> None:
        self.cookies = {person: cookie_of(signed_in(user)) for person, user in world.users.items()}

    def client(self, person: Person | None) -> Client:
        """A client of this person; of nobody in particular for None."""
        client = Client(raise_request_exception=False, SERVER_NAME="localhost")
        if person is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[person]
        return client
