"""Which roles one may offer, change and take back, and what each lets one do."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Text
from poincon.organisations.actors import RIGHTS, Actor
from poincon.organisations.enums import PROGRAMME_ROLES, Role
from poincon.organisations.models import Invitation, Membership, Organisation
from poincon.organisations.permissions import RIGHT_TO_GRANT, WELCOME_OPERATOR
from poincon.programmes.models import Programme

#: What each role of a programme does, said to whoever gives it.
ROLES: dict[Role, Text] = {
    Role.FUNDER: _("piloter : règles, commandes, argent, droits de chacun (commanditaire)"),
    Role.COORDINATOR: _("animer le réseau : organisations, colis, stocks, formations (coordinateur)"),
    Role.ACCOUNTANT: _("payer : versements, relevés, ordres de paiement, registre (comptable)"),
    Role.OBSERVER: _("tout lire, sans rien changer (observateur)"),
    Role.PRESCRIBER: _("remettre des chéquiers (prescripteur)"),
    Role.OPERATOR_MANAGER: _("gérer la structure, ses lieux et son équipe (responsable d’opérateur)"),
}
#: In the menu's order: those who steer, then those who meet people.
TOLD = (*ROLES, Role.MEDIATOR)


@dataclass(frozen=True)
class Allowed:
    """What a role lets one do, in the words of the table of rights."""

    role: Role
    rights: tuple[Text, ...]


def roles_to_invite(actor: Actor, organisation: Organisation, programme: Programme) -> list[Role]:
    """The roles that this person may offer there: to steer; a prescriber; the first to represent an operator."""
    offered = [role for role in steering_roles(organisation, programme) if _may_grant(actor, role, None, programme)]
    if organisation.is_prescriber and _may_grant(actor, Role.PRESCRIBER, organisation.pk, programme):
        offered.append(Role.PRESCRIBER)
    alone = not organisation.memberships.filter(ended_at=None).exists()
    if organisation.is_operator and alone and actor.may(WELCOME_OPERATOR, programme=programme):
        offered.append(Role.OPERATOR_MANAGER)
    return offered


def steering_roles(organisation: Organisation, programme: Programme) -> list[Role]:
    """The roles with which people of this organisation steer the programme.

    Its owner's have every one. The lead network runs it, and pays when the owner mandated it. A funder looks on.
    """
    if organisation.pk == programme.owner_id:
        return [role for role in ROLES if role in PROGRAMME_ROLES]
    if organisation.pk == programme.lead_network_id:
        return [Role.COORDINATOR, Role.ACCOUNTANT, Role.OBSERVER]
    return [Role.OBSERVER] if organisation.is_funder else []


def roles_to_change(actor: Actor, one: Membership, looked_at: Programme) -> list[Role]:
    """The steering roles of which this person may give another one; nothing when there is no choice.

    ``looked_at``: the programme from which a role held for all those of the organisation is seen.
    """
    if one.organisation is None or one.role not in PROGRAMME_ROLES or not may_manage(actor, one):
        return []
    there = steering_roles(one.organisation, one.programme or looked_at)
    return there if len(there) > 1 else []


@dataclass(frozen=True)
class Gestures:
    """What the person who asks may do about somebody's role."""

    change: bool
    end: bool


def gestures(actor: Actor, looked_at: Programme, one: Membership) -> Gestures:
    """What this person may do about that role, seen from the programme looked at."""
    return Gestures(bool(roles_to_change(actor, one, looked_at)), may_manage(actor, one))


def may_offer_everywhere(actor: Actor, organisation: Organisation) -> bool:
    """Whether this person may give a steering role for every programme of the organisation, those to come included."""
    return _may_grant(actor, Role.FUNDER, organisation.pk, None)


def may_manage(actor: Actor, one: Membership | Invitation) -> bool:
    """Whether this person may take back a role, or an invitation to one. Nobody takes back her own by mistake."""
    if isinstance(one, Membership) and one.user_id == actor.user_id:
        return False
    if _may_grant(actor, Role(one.role), one.organisation_id, one.programme):
        return True
    welcomed = one.welcomed_in if isinstance(one, Invitation) else None
    return welcomed is not None and actor.may(WELCOME_OPERATOR, programme=welcomed)


def what_roles_allow() -> list[Allowed]:
    """Each role of a programme with what it lets one do: the rights that every verb asks for."""
    return [Allowed(role, tuple(right.label for right in RIGHTS.values() if role in right.roles)) for role in TOLD]


def _may_grant(actor: Actor, role: Role, organisation_id: int | None, programme: Programme | None) -> bool:
    return actor.may(RIGHT_TO_GRANT[role], programme=programme, organisation_id=organisation_id)
