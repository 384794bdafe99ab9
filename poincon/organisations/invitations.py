"""The link of an invitation: signed by the site, for one sending of one invitation."""

from datetime import timedelta

from django.conf import settings
from django.core import signing

from poincon.organisations.models import Invitation

SALT = "organisations.invitation"
#: Long enough for holidays, short enough that a mail found later opens nothing.
VALID_FOR = timedelta(days=14)
#: The page of the site that shows what is offered and takes the answer; ``/`` and the token follow.
PATH = "/invitation"


def invitation_token(invitation: Invitation) -> str:
    """The secret part of the link, for this sending only. Whoever holds it may accept."""
    return signing.dumps([invitation.pk, invitation.sendings], salt=SALT)


def invitation_link(invitation: Invitation) -> str:
    """The whole address to write in the mail."""
    return f"{settings.PUBLIC_URL}{PATH}/{invitation_token(invitation)}"


def read_token(token: str) -> tuple[int, int] | None:
    """(invitation, sending) that a token names; None when the site did not sign it."""
    try:
        invitation_id, sending = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(invitation_id), int(sending)
