"""The menu of the administrator of the service."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role
from poincon.www.base.navigation import Entry, declare_audience

AUDIENCE = declare_audience(
    Role.ADMINISTRATOR,
    home="administrator:home",
    entries=(
        Entry(_("Accueil"), "administrator:home", icon="home"),
        Entry(_("Composants des écrans"), "style", icon="gear", group=_("Pour les développeurs")),
    ),
)
