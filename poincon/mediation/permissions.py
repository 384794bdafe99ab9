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
MANAGE_OFFERS = declare("mediation.manage_offers", _("Publier ou retirer une offre de service"), Role.OPERATOR_MANAGER)
