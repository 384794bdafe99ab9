"""The menu of whoever hands booklets over."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role
from poincon.www.base.navigation import Entry, declare_audience

AUDIENCE = declare_audience(
    Role.PRESCRIBER,
    home="prescriber:home",
    entries=(Entry(_("Accueil"), "prescriber:home", icon="home"),),
)
