"""The menu of the administrator of the service."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role
from poincon.organisations.permissions import SEE_MAILS
from poincon.www.base.navigation import Entry, declare_audience

AUDIENCE = declare_audience(
    Role.ADMINISTRATOR,
    home="administrator:home",
    entries=(
        Entry(_("Accueil"), "administrator:home", icon="home"),
        Entry(_("Courriels envoyés"), "administrator:mails", SEE_MAILS, icon="mail"),
        Entry(_("Composants des écrans"), "style", icon="gear", group=_("Pour les développeurs")),
        Entry(_("Modèles de courriels"), "style_mails", icon="mail", group=_("Pour les développeurs")),
    ),
)
