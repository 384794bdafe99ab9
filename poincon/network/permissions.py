"""Who may qualify operators, agree prescribers, record trainings."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.actors import declare
from poincon.organisations.enums import Role

QUALIFY = declare(
    "network.qualify", _("Qualifier un opérateur, ou retirer sa qualification"), Role.COORDINATOR, Role.FUNDER
)
AGREE_PRESCRIBER = declare(
    "network.agree_prescriber", _("Conventionner un prescripteur, ou y mettre fin"), Role.COORDINATOR, Role.FUNDER
)
RECORD_TRAINING = declare(
    "network.record_training", _("Enregistrer une formation suivie"), Role.COORDINATOR, Role.FUNDER
)
