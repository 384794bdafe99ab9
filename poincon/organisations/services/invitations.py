"""Inviting people by e-mail to a role, and what they answer."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.messages import Recipient, announce
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for, written_day
from poincon.organisations.actors import Actor, ProgrammeScope
from poincon.organisations.enums import Role
from poincon.organisations.invitations import VALID_FOR, read_token
from poincon.organisations.models import Invitation, Membership, Organisation, User
from poincon.organisations.notices import INVITATION, invitation_subject
from poincon.organisations.services.people import (
    checked_address,
    grant_role,
    open_account,
    require_fit,
    require_right_to_grant,
)

ALREADY_INVITED = Refusal(
    "organisations.already_invited",
    _("Courriel : %(email)s est déjà invité à cet endroit, le %(day)s."),
    _("Envoyez-lui à nouveau son invitation, ou retirez-la."),
)
ROLE_HELD = Refusal(
    "organisations.role_already_held",
    _("Courriel : %(email)s a déjà un rôle à cet endroit, « %(role)s »."),
    _("Changez ce rôle au lieu d’inviter la personne."),
)
INVITATION_CLOSED = Refusal(
    "organisations.invitation_closed",
    _("Cette invitation est déjà acceptée ou retirée."),
    _("Invitez à nouveau la personne si besoin."),
)
LINK_WRONG = Refusal(
    "organisations.invitation_unknown",
    _("Ce lien d’invitation n’est pas valable : il est incomplet, ou un autre l’a remplacé."),
    _("Ouvrez le dernier courriel reçu, ou demandez à la personne qui vous invite de l’envoyer à nouveau."),
)
LINK_USED = Refusal(
    "organisations.invitation_used", _("Cette invitation a déjà servi."), _("Connectez-vous avec votre courriel.")
)
LINK_REVOKED = Refusal(
    "organisations.invitation_revoked",
    _("Cette invitation a été retirée."),
    _("Demandez pourquoi à qui vous a invité : %(inviter)s."),
)
LINK_EXPIRED = Refusal(
    "organisations.invitation_expired",
    _("Cette invitation n’est plus valable depuis le %(day)s."),
    _("Demandez de l’envoyer à nouveau à qui vous a invité : %(inviter)s."),
)
INVITER_GONE = Refusal(
    "organisations.inviter_gone",
    _("La personne qui vous a invité n’a plus le droit de donner ce rôle."),
    _("Demandez une nouvelle invitation à l’organisation."),
)
ACCOUNT_CLOSED = Refusal(
    "organisations.account_closed",
    _("Le compte « %(email)s » est fermé."),
    _("Demandez à l’administrateur du service de le rouvrir."),
)


@transaction.atomic
def invite(
    *,
    by: Actor,
    email: str,
    role: Role,
    organisation: Organisation | None = None,
    programme: ProgrammeScope | None = None,
    welcomed_in: ProgrammeScope | None = None,
    full_name: str = "",
    now: datetime | None = None,
) -> Invitation:
    """Offer a role to whoever reads this mailbox, for 14 days; ``invitations.invitation_link`` is what to write to it.

    Whoever may give the role may offer it; the arguments are those of ``grant_role``. Nothing is given before the link
    is used. Raises a refusal that names the field: address wrong, invited already, role held or that does not fit.
    """
    require_right_to_grant(by, role, organisation, programme, welcomed_in)
    require_fit(role, organisation, programme)
    address, now = checked_address(email), now or timezone.now()
    name = text_for(Invitation, "full_name", full_name)
    # The organisation's row makes two invitations to the same person wait for each other.
    if organisation is not None:
        Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)
    here = {"organisation": organisation, "programme_id": programme.pk if programme else None}
    held = Membership.objects.filter(user__email=address, ended_at=None, **here).first()
    if held is not None:
        raise ROLE_HELD.filled(email=address, role=held.get_role_display())
    pending = Invitation.objects.filter(email=address, accepted_at=None, revoked_at=None, **here).first()
    if pending is not None:
        raise ALREADY_INVITED.filled(email=address, day=_day(pending.sent_at))
    made = Invitation.objects.create(
        email=address,
        full_name=name,
        role=role,
        welcomed_in_id=welcomed_in.pk if welcomed_in else None,
        invited_by=by.user,
        invited_by_label=by.label[:200],
        sent_at=now,
        expires_at=now + VALID_FOR,
        **here,
    )
    _note(by, "organisations.invite", made)
    _write_to(made)
    return made


@transaction.atomic
def send_invitation_again(*, by: Actor, invitation: Invitation, now: datetime | None = None) -> Invitation:
    """Make a new link, valid 14 days; the ones before open nothing any more. Raises a refusal once it is answered."""
    row = _open(by, invitation)
    now = now or timezone.now()
    row.sendings, row.sent_at, row.expires_at = row.sendings + 1, now, now + VALID_FOR
    # Whoever sends it again answers for it.
    row.invited_by, row.invited_by_label = by.user, by.label[:200]
    row.save()
    _note(by, "organisations.send_invitation_again", row)
    _write_to(row)
    return row


@transaction.atomic
def revoke_invitation(*, by: Actor, invitation: Invitation, now: datetime | None = None) -> Invitation:
    """Take an invitation back: its link opens nothing any more. Raises a refusal once it is answered."""
    row = _open(by, invitation)
    row.revoked_at = now or timezone.now()
    row.save(update_fields=["revoked_at"])
    _note(by, "organisations.revoke_invitation", row)
    return row


def invitation_of(token: str, *, now: datetime | None = None) -> Invitation:
    """The open invitation behind a link, to be shown. Nothing is written: mail programs open links by themselves.

    Raises a refusal that says why the link opens nothing: unknown, used, revoked, expired.
    """
    named = read_token(token)
    if named is None:
        raise LINK_WRONG.filled()
    asked = Invitation.objects.select_related("organisation", "programme", "welcomed_in", "invited_by")
    found = asked.filter(pk=named[0], sendings=named[1]).first()
    if found is None:
        raise LINK_WRONG.filled()
    if found.accepted_at is not None:
        raise LINK_USED.filled()
    if found.revoked_at is not None:
        raise LINK_REVOKED.filled(inviter=found.invited_by_label)
    if found.expires_at <= (now or timezone.now()):
        raise LINK_EXPIRED.filled(day=_day(found.expires_at), inviter=found.invited_by_label)
    return found


@transaction.atomic
def accept_invitation(
    *,
    token: str,
    full_name: str = "",
    phone: str = "",
    source: str = "link",
    address: str = "",
    now: datetime | None = None,
) -> User:
    """Take the role that a link offers; the account is opened if there is none, and is the one to sign in.

    Whoever holds the link reads the mailbox: nothing else is asked. The role is given in the name of whoever invited,
    who must still hold the right to. Raises the refusals of ``invitation_of``, and names the field that is missing.
    """
    now = now or timezone.now()
    seen = invitation_of(token, now=now)
    Invitation.objects.select_for_update(of=("self",), no_key=True).get(pk=seen.pk)
    # Read again under the lock: the same link opened twice serves once.
    invitation = invitation_of(token, now=now)
    user = User.objects.filter(email=invitation.email).first()
    if user is None:
        opening = Actor.system(invitation.email, source=source)
        user = open_account(opening, invitation.email, full_name or invitation.full_name, phone)
    if not user.is_active:
        raise ACCOUNT_CLOSED.filled(email=user.email)
    _grant(invitation, user, now)
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _note(Actor(user=user, source=source, address=address), "organisations.accept_invitation", invitation)
    return user


def _grant(invitation: Invitation, user: User, now: datetime) -> None:
    inviter = Actor(user=invitation.invited_by, source="invitation")
    if invitation.invited_by is None:
        inviter = Actor.system(invitation.invited_by_label, source="invitation")
    try:
        grant_role(
            by=inviter,
            user=user,
            role=Role(invitation.role),
            organisation=invitation.organisation,
            programme=invitation.programme,
            welcomed_in=invitation.welcomed_in,
            now=now,
        )
    except Refusal as refusal:
        if refusal.code == "right_missing":
            raise INVITER_GONE.filled() from None
        raise


def _write_to(invitation: Invitation) -> None:
    known = User.objects.filter(email=invitation.email).first()
    recipient = Recipient(invitation.email, known.pk if known else None, known.language if known else "")
    announce(INVITATION, [(invitation_subject(invitation), recipient)], happened_at=invitation.sent_at)


def _open(by: Actor, invitation: Invitation) -> Invitation:
    """The invitation, locked and unanswered, if this actor may give its role."""
    row = Invitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation.pk)
    require_right_to_grant(by, Role(row.role), row.organisation, row.programme, row.welcomed_in)
    if row.accepted_at is not None or row.revoked_at is not None:
        raise INVITATION_CLOSED.filled()
    return row


def _note(by: Actor, action: str, row: Invitation) -> None:
    after = {
        "email": row.email,
        "role": row.role,
        "organisation": row.organisation_id,
        "programme": row.programme_id,
        "expires_at": row.expires_at.isoformat(),
    }
    audit.record(by, action, row, programme_id=row.programme_id, after=after)


def _day(moment: datetime) -> str:
    return written_day(timezone.localtime(moment).date())
