"""The verbs of organisations, people, roles, bank accounts and devices."""

from poincon.organisations.services.accounts import close_account, reopen_account, update_person
from poincon.organisations.services.bank import iban_of, set_bank_account
from poincon.organisations.services.devices import end_device, enrol_device, note_contact, revoke_device
from poincon.organisations.services.invitations import (
    LINK_USED,
    accept_invitation,
    invitation_of,
    invite,
    revoke_invitation,
    send_invitation_again,
)
from poincon.organisations.services.languages import choose_language
from poincon.organisations.services.mails import send_mail_again
from poincon.organisations.services.people import (
    change_role,
    create_user,
    end_role,
    grant_role,
    invite_person,
)
from poincon.organisations.services.register import add_site, create_organisation, may_update, update_organisation
from poincon.organisations.services.version import touch_rules

__all__ = [
    "LINK_USED",
    "accept_invitation",
    "add_site",
    "change_role",
    "choose_language",
    "close_account",
    "create_organisation",
    "create_user",
    "end_device",
    "end_role",
    "enrol_device",
    "grant_role",
    "iban_of",
    "invitation_of",
    "invite",
    "invite_person",
    "may_update",
    "note_contact",
    "reopen_account",
    "revoke_device",
    "revoke_invitation",
    "send_invitation_again",
    "send_mail_again",
    "set_bank_account",
    "touch_rules",
    "update_organisation",
    "update_person",
]
