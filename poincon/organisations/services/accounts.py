"""The account of a person: corrected, closed, opened again."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_within
from poincon.organisations import permissions
from poincon.organisations.actors import Actor
from poincon.organisations.models import User
from poincon.organisations.rules import normalise_phone
from poincon.organisations.services.people import checked_full_name, end_role

OWN_ACCOUNT = Refusal(
    "organisations.own_account",
    _("On ne ferme pas son propre compte."),
    _("Demandez-le à un autre administrateur du service."),
)


class PersonChanges(TypedDict, total=False):
    """What may be changed of a person. The address is how she signs in: it stays."""

    full_name: str
    phone: str


@transaction.atomic
def update_person(*, by: Actor, user: User, **changes: Unpack[PersonChanges]) -> User:
    """Correct a name or a phone: one's own, or anybody's for the administrator. The refusals name the field."""
    if by.user_id != user.pk:
        by.require(permissions.MANAGE_ACCOUNTS)
    row = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    before = {"full_name": row.full_name, "phone": row.phone}
    row.full_name = checked_full_name(changes.get("full_name", row.full_name))
    row.phone = normalise_phone(changes.get("phone", row.phone))
    row.save(update_fields=["full_name", "phone"])
    after = {"full_name": row.full_name, "phone": row.phone}
    audit.record(by, "organisations.update_person", row, before=before, after=after)
    return row


@transaction.atomic
def close_account(*, by: Actor, user: User, reason: str, now: datetime | None = None) -> User:
    """Let a person sign in no more: every role ends, every device of hers stops. What she did keeps her name.

    Closing twice changes nothing. Raises a refusal for one's own account and for the last administrator.
    """
    by.require(permissions.MANAGE_ACCOUNTS)
    if by.user_id == user.pk:
        raise OWN_ACCOUNT.filled()
    why, now = text_within(300, _("Motif"), reason), now or timezone.now()
    row = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if not row.is_active:
        return row
    for membership in row.memberships.filter(ended_at=None).select_related("organisation", "programme"):
        # The administrator closes the account: it is not asked again whether each role could be taken.
        end_role(by=_closing(by), membership=membership, now=now)
    row.is_active = False
    row.save(update_fields=["is_active"])
    audit.record(by, "organisations.close_account", row, before={"is_active": True}, after={"reason": why})
    return row


@transaction.atomic
def reopen_account(*, by: Actor, user: User) -> User:
    """Let a person sign in again. Her roles stay ended: give them anew. An open account stays as it is."""
    by.require(permissions.MANAGE_ACCOUNTS)
    row = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if row.is_active:
        return row
    row.is_active = True
    row.save(update_fields=["is_active"])
    audit.record(by, "organisations.reopen_account", row, before={"is_active": False}, after={"is_active": True})
    return row


def _closing(by: Actor) -> Actor:
    return Actor(user=by.user, source=by.source, address=by.address, system_label=by.label)
