"""The menu of whoever pays."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role
from poincon.passes.permissions import SEE_BATCHES
from poincon.programmes.permissions import SEE_JOURNAL, SEE_MONEY, SEE_RULES
from poincon.settlement.permissions import CLOSE_MONTH, SEE_PAYMENTS, SEE_STATEMENTS
from poincon.www.base.navigation import Entry, declare_audience

PAYMENTS, MONEY, SCHEME = _("Payer"), _("L’argent"), _("Le dispositif")

AUDIENCE = declare_audience(
    Role.ACCOUNTANT,
    home="accountant:home",
    entries=(
        Entry(_("Accueil"), "accountant:home", icon="home"),
        Entry(_("Arrêter un mois"), "accountant:close_month", CLOSE_MONTH, icon="calendar", group=PAYMENTS),
        Entry(_("Relevés"), "accountant:statements", SEE_STATEMENTS, icon="file", group=PAYMENTS),
        Entry(_("Ordres de paiement"), "accountant:orders", SEE_PAYMENTS, icon="coins", group=PAYMENTS),
        Entry(_("Comptes bancaires"), "accountant:accounts", SEE_PAYMENTS, icon="building", group=PAYMENTS),
        Entry(_("Versements reçus"), "funder:receipts", SEE_MONEY, icon="euro", group=MONEY),
        Entry(_("Couverture"), "funder:cover", SEE_MONEY, icon="shield", group=MONEY),
        Entry(_("Financements"), "funder:fundings", SEE_MONEY, icon="chart", group=MONEY),
        Entry(_("Registre des valeurs inactives"), "accountant:register", SEE_BATCHES, icon="booklet", group=SCHEME),
        Entry(_("Lots"), "funder:batches", SEE_BATCHES, icon="list", group=SCHEME),
        Entry(_("Règles"), "funder:programme", SEE_RULES, icon="scales", group=SCHEME),
        Entry(_("Journal"), "funder:journal", SEE_JOURNAL, icon="clock", group=SCHEME),
    ),
)
