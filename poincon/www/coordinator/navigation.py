"""The menu of whoever runs the network."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role
from poincon.www.base.navigation import Entry, declare_audience

AUDIENCE = declare_audience(
    Role.COORDINATOR,
    home="coordinator:home",
    entries=(Entry(_("Accueil"), "coordinator:home", icon="home"),),
)
