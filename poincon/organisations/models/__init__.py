from poincon.organisations.models.device import Device
from poincon.organisations.models.invitation import Invitation
from poincon.organisations.models.organisation import BankAccount, Organisation, Site
from poincon.organisations.models.user import Membership, User

__all__ = ["BankAccount", "Device", "Invitation", "Membership", "Organisation", "Site", "User"]
