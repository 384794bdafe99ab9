"""The mail of an invitation."""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from poincon.kernel.messages import PLAIN, SAMPLE_DRESS, Dress, Fact, Letter, declare, dress_of
from poincon.organisations.enums import Role
from poincon.organisations.invitations import invitation_link
from poincon.organisations.models import Invitation


def invitation_letter(
    dress: Dress, *, invited_by: str, full_name: str, role: Role, organisation: str, link: str, until: date
) -> Letter:
    """What somebody invited to a role is told. ``organisation`` is empty for the administrator of the service."""
    place = (Fact(_("Organisation"), organisation),) if organisation else ()
    return Letter(
        subject=_("%(inviter)s vous invite") % {"inviter": invited_by},
        greeting=_("Bonjour %(name)s,") % {"name": full_name} if full_name else "",
        dress=dress,
        paragraphs=(
            _("%(inviter)s vous ouvre un espace pour le Pass numérique.") % {"inviter": invited_by},
            _("Acceptez l’invitation : un clic suffit, il n’y a pas de mot de passe à inventer."),
        ),
        facts=(Fact(_("Votre rôle"), str(role.label)), *place, Fact(_("Valable jusqu’au"), date_format(until))),
        action=(_("Accepter l’invitation"), link),
        remarks=(
            _("Ce lien est pour vous seul : ne le transmettez pas."),
            _("Vous n’attendiez pas cette invitation ? Oubliez ce courriel."),
        ),
    )


def _invitation(subject_id: str, _user_id: int | None) -> Letter | None:
    # ":sending" keeps apart the mails of one invitation: sending again must not be taken for the first one.
    found = Invitation.objects.select_related("organisation", "programme__owner", "welcomed_in__owner")
    invitation = found.get(pk=subject_id.partition(":")[0])
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        return None
    scheme = invitation.programme or invitation.welcomed_in
    return invitation_letter(
        dress_of(scheme) if scheme else PLAIN,
        invited_by=invitation.invited_by_label,
        full_name=invitation.full_name,
        role=Role(invitation.role),
        organisation=invitation.organisation.name if invitation.organisation else "",
        link=invitation_link(invitation),
        until=timezone.localtime(invitation.expires_at).date(),
    )


def invitation_subject(invitation: Invitation) -> str:
    """What the mail is about: this sending of this invitation."""
    return f"{invitation.pk}:{invitation.sendings}"


INVITATION = declare(
    "organisations.invitation",
    gettext_lazy("Une invitation"),
    build=_invitation,
    sample=lambda: invitation_letter(
        SAMPLE_DRESS,
        invited_by="Hélène Garnier",
        full_name="Claire Moreau",
        role=Role.PRESCRIBER,
        organisation="CCAS de Guéret",
        link="https://pass.creuse.example/invitation/WzEsMV0:1vXy",
        until=date(2026, 3, 18),
    ),
)
