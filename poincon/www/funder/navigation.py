"""The menu of the funder and of observers."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role
from poincon.programmes.permissions import UPDATE_THEME
from poincon.www.base.navigation import Entry, declare_audience

AUDIENCE = declare_audience(
    Role.FUNDER,
    Role.OBSERVER,
    home="funder:home",
    entries=(
        Entry(_("Accueil"), "funder:home", icon="home"),
        Entry(_("Apparence et contact"), "funder:appearance", UPDATE_THEME, icon="gear"),
    ),
)
