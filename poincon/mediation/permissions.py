"""Who may open venues and publish offers."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.actors import declare
from poincon.organisations.enums import Role

MANAGE_VENUES = declare(
    "mediation.manage_venues",
    _("Ouvrir, modifier ou fermer un lieu de médiation"),
    Role.OPERATOR_MANAGER,
    Role.ADMINISTRATOR,
)
#: Whoever runs the network enters the places of operators that have not come to the site yet.
HELP_WITH_VENUES = declare(
    "mediation.help_with_venues",
    _("Ouvrir, modifier ou fermer un lieu d’un opérateur de son dispositif"),
    Role.COORDINATOR,
    Role.FUNDER,
)
IMPORT_NETWORK = declare(
    "mediation.import_network",
    _("Faire entrer un tableau d’organisations, de lieux et de personnes"),
    Role.COORDINATOR,
    Role.FUNDER,
)
MANAGE_OFFERS = declare("mediation.manage_offers", _("Publier ou retirer une offre de service"), Role.OPERATOR_MANAGER)
