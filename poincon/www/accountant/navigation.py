"""The menu of whoever pays."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role
from poincon.www.base.navigation import Entry, declare_audience

AUDIENCE = declare_audience(
    Role.ACCOUNTANT,
    home="accountant:home",
    entries=(Entry(_("Accueil"), "accountant:home", icon="home"),),
)
