"""Who may register organisations and people, give roles, change a bank account, enrol a device."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.actors import Right, declare
from poincon.organisations.enums import Role

CREATE_ORGANISATION = declare(
    "organisations.create", _("Enregistrer une organisation"), Role.ADMINISTRATOR, Role.FUNDER, Role.COORDINATOR
)
#: A funder owns programmes: only the administrator of the instance lets one in.
CREATE_FUNDER = declare("organisations.create_funder", _("Enregistrer un commanditaire"), Role.ADMINISTRATOR)
UPDATE_ORGANISATION = declare(
    "organisations.update",
    _("Modifier une organisation et ses sites"),
    Role.ADMINISTRATOR,
    Role.FUNDER,
    Role.COORDINATOR,
    Role.OPERATOR_MANAGER,
)
INVITE_PERSON = declare(
    "organisations.invite",
    _("Inviter une personne"),
    Role.ADMINISTRATOR,
    Role.FUNDER,
    Role.COORDINATOR,
    Role.OPERATOR_MANAGER,
)
MANAGE_TEAM = declare(
    "organisations.manage_team",
    _("Donner ou retirer un rôle dans l’équipe d’un opérateur"),
    Role.ADMINISTRATOR,
    Role.OPERATOR_MANAGER,
)
WELCOME_OPERATOR = declare(
    "organisations.welcome_operator",
    _("Donner le premier rôle dans un opérateur que personne ne représente encore"),
    Role.FUNDER,
    Role.COORDINATOR,
)
MANAGE_PRESCRIBERS = declare(
    "organisations.manage_prescribers",
    _("Donner ou retirer le rôle de prescripteur"),
    Role.ADMINISTRATOR,
    Role.FUNDER,
    Role.COORDINATOR,
)
MANAGE_STEERING = declare(
    "organisations.manage_steering",
    _("Donner ou retirer un rôle de pilotage (commanditaire, coordinateur, comptable, observateur)"),
    Role.ADMINISTRATOR,
    Role.FUNDER,
)
MANAGE_ADMINISTRATORS = declare(
    "organisations.manage_administrators",
    _("Nommer ou retirer un administrateur du service"),
    Role.ADMINISTRATOR,
)
MANAGE_ACCOUNTS = declare(
    "organisations.manage_accounts", _("Corriger, fermer ou rouvrir le compte d’une personne"), Role.ADMINISTRATOR
)
SET_BANK_ACCOUNT = declare(
    "organisations.set_bank_account",
    _("Enregistrer le compte bancaire de son organisation"),
    Role.ADMINISTRATOR,
    Role.FUNDER,
    Role.ACCOUNTANT,
    Role.OPERATOR_MANAGER,
)
ENROL_DEVICE = declare(
    "organisations.enrol_device",
    _("Enrôler un appareil qui poinçonne"),
    Role.MEDIATOR,
    Role.OPERATOR_MANAGER,
)
REVOKE_DEVICE = declare(
    "organisations.revoke_device",
    _("Révoquer un appareil qui poinçonne"),
    Role.ADMINISTRATOR,
    Role.MEDIATOR,
    Role.OPERATOR_MANAGER,
)
SEE_MAILS = declare(
    "organisations.see_mails", _("Voir les courriels envoyés, renvoyer ceux qui ont échoué"), Role.ADMINISTRATOR
)

#: The right one needs to give or take back each role.
RIGHT_TO_GRANT: dict[Role, Right] = {
    Role.FUNDER: MANAGE_STEERING,
    Role.COORDINATOR: MANAGE_STEERING,
    Role.ACCOUNTANT: MANAGE_STEERING,
    Role.OBSERVER: MANAGE_STEERING,
    Role.PRESCRIBER: MANAGE_PRESCRIBERS,
    Role.OPERATOR_MANAGER: MANAGE_TEAM,
    Role.MEDIATOR: MANAGE_TEAM,
    Role.ADMINISTRATOR: MANAGE_ADMINISTRATORS,
}
