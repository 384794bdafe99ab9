"""Mails that did not leave: sent again by hand, once what held them is mended."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.messages import send_again
from poincon.kernel.models import Message
from poincon.kernel.refusals import Refusal
from poincon.organisations import permissions
from poincon.organisations.actors import Actor

CANNOT_BE_SENT_AGAIN = Refusal(
    "organisations.mail_not_failed",
    _("Ce courriel est déjà parti, ou attend de partir."),
    _("Seul un courriel en échec se renvoie."),
)


@transaction.atomic
def send_mail_again(*, by: Actor, message: Message) -> None:
    """Queue a mail that failed. Raises Refusal: ``right_missing``, ``organisations.mail_not_failed``.

    Signing-in codes are never sent again: they have expired.
    """
    by.require(permissions.SEE_MAILS)
    if not message.subject_id or not send_again([message]):
        raise CANNOT_BE_SENT_AGAIN.filled()
    audit.record(by, "organisations.send_mail_again", message, after={"template": message.template})
