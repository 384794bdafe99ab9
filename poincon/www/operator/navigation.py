"""The menu of mediators and of those who manage a place."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role
from poincon.www.base.navigation import Entry, declare_audience

AUDIENCE = declare_audience(
    Role.OPERATOR_MANAGER,
    Role.MEDIATOR,
    home="operator:home",
    entries=(Entry(_("Accueil"), "operator:home", icon="home"),),
)
