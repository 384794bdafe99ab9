"""The verbs of organisations, people, roles, bank accounts and devices."""

from poincon.organisations.services.bank import iban_of, set_bank_account
from poincon.organisations.services.devices import enrol_device, revoke_device
from poincon.organisations.services.people import create_user, end_role, grant_role, invite_person
from poincon.organisations.services.register import add_site, create_organisation, update_organisation
from poincon.organisations.services.version import touch_rules

__all__ = [
    "add_site",
    "create_organisation",
    "create_user",
    "end_role",
    "enrol_device",
    "grant_role",
    "iban_of",
    "invite_person",
    "revoke_device",
    "set_bank_account",
    "touch_rules",
    "update_organisation",
]
