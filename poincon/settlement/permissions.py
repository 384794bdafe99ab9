"""Who may do what with statements and payments."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.actors import declare
from poincon.organisations.enums import Role

CLOSE_MONTH = declare(
    "settlement.close_month",
    _("arrêter un mois et établir les relevés"),
    Role.ACCOUNTANT,
    Role.FUNDER,
    Role.COORDINATOR,
)
CANCEL_STATEMENT = declare(
    "settlement.cancel_statement", _("annuler un relevé qui n’est pas encore payé"), Role.ACCOUNTANT, Role.FUNDER
)
PREPARE_PAYMENTS = declare(
    "settlement.prepare_payments", _("préparer ou abandonner un ordre de paiement"), Role.ACCOUNTANT, Role.FUNDER
)
APPROVE_PAYMENTS = declare(
    "settlement.approve_payments",
    _("approuver un ordre de paiement préparé par une autre personne"),
    Role.ACCOUNTANT,
    Role.FUNDER,
)
RECORD_PAYMENTS = declare(
    "settlement.record_payments", _("noter qu’un paiement est fait ou rejeté"), Role.ACCOUNTANT, Role.FUNDER
)
SEE_STATEMENTS = declare(
    "settlement.see_statements",
    _("voir les relevés et leurs pièces"),
    Role.ACCOUNTANT,
    Role.FUNDER,
    Role.COORDINATOR,
    Role.OBSERVER,
    Role.OPERATOR_MANAGER,
)
ATTEST = declare(
    "settlement.attest",
    _("établir l’attestation d’encaissement d’un opérateur"),
    Role.FUNDER,
    Role.ACCOUNTANT,
    Role.COORDINATOR,
)
# These files hold bank accounts: whoever may only look at figures does not get them.
SEE_PAYMENTS = declare(
    "settlement.see_payments", _("voir les ordres de paiement et leurs fichiers"), Role.ACCOUNTANT, Role.FUNDER
)
