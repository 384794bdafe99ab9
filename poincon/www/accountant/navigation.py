"""The menu of whoever pays."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role
from poincon.passes.permissions import SEE_BATCHES
from poincon.settlement.permissions import CLOSE_MONTH, SEE_PAYMENTS, SEE_STATEMENTS
from poincon.www.base.navigation import Entry, declare_audience

AUDIENCE = declare_audience(
    Role.ACCOUNTANT,
    home="accountant:home",
    entries=(
        Entry(_("Accueil"), "accountant:home", icon="home"),
        Entry(_("Relevés"), "accountant:statements", SEE_STATEMENTS, icon="file"),
        Entry(_("Arrêter un mois"), "accountant:close_month", CLOSE_MONTH, icon="calendar"),
        Entry(_("Ordres de paiement"), "accountant:orders", SEE_PAYMENTS, icon="euro"),
        Entry(_("Comptes bancaires"), "accountant:accounts", SEE_PAYMENTS, icon="building"),
        Entry(_("Registre des valeurs inactives"), "accountant:register", SEE_BATCHES, icon="booklet"),
    ),
)
