"""Who may open and see the case files of people."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.actors import declare
from poincon.organisations.enums import Role

OPEN_CASE = declare(
    "beneficiaries.open_case", _("Ouvrir ou corriger le dossier d’une personne qu’on accompagne"), Role.PRESCRIBER
)
TRANSFER_CASE = declare(
    "beneficiaries.transfer_case",
    _("Confier le dossier d’une personne à un autre prescripteur"),
    Role.COORDINATOR,
)
SEE_CASE = declare(
    "beneficiaries.see_case", _("Voir les personnes auxquelles son organisation a prescrit"), Role.PRESCRIBER
)
