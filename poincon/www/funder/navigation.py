"""The menu of the funder and of observers."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role
from poincon.organisations.permissions import CREATE_ORGANISATION, MANAGE_STEERING
from poincon.passes.permissions import MOVE_BOOKLETS, SEE_BATCHES
from poincon.programmes.permissions import SEE_JOURNAL, SEE_MONEY, SEE_RULES, UPDATE_THEME
from poincon.settlement.permissions import SEE_PAYMENTS, SEE_STATEMENTS
from poincon.www.base.navigation import Entry, declare_audience

SCHEME, MONEY, BOOKLETS = _("Le dispositif"), _("L’argent"), _("Les chéquiers")
NETWORK = _("Le réseau")

AUDIENCE = declare_audience(
    Role.FUNDER,
    Role.OBSERVER,
    home="funder:home",
    entries=(
        Entry(_("Où en est mon dispositif"), "funder:home", icon="home"),
        Entry(_("Lots"), "funder:batches", SEE_BATCHES, icon="list", group=BOOKLETS),
        Entry(_("Chéquiers"), "funder:booklets", SEE_BATCHES, icon="booklet", group=BOOKLETS),
        Entry(_("Qui en a combien"), "coordinator:stock", MOVE_BOOKLETS, icon="stock", group=BOOKLETS),
        Entry(_("Colis"), "coordinator:parcels", MOVE_BOOKLETS, icon="parcel", group=BOOKLETS),
        Entry(_("Registre"), "accountant:register", SEE_BATCHES, icon="file", group=BOOKLETS),
        Entry(_("Versements reçus"), "funder:receipts", SEE_MONEY, icon="euro", group=MONEY),
        Entry(_("Couverture"), "funder:cover", SEE_MONEY, icon="shield", group=MONEY),
        Entry(_("Financements"), "funder:fundings", SEE_MONEY, icon="chart", group=MONEY),
        Entry(_("Relevés"), "accountant:statements", SEE_STATEMENTS, icon="file", group=MONEY),
        Entry(_("Ordres de paiement"), "accountant:orders", SEE_PAYMENTS, icon="coins", group=MONEY),
        Entry(_("Organisations"), "coordinator:organisations", CREATE_ORGANISATION, icon="building", group=NETWORK),
        Entry(_("Personnes et droits"), "coordinator:people", MANAGE_STEERING, icon="people", group=NETWORK),
        Entry(_("Lieux"), "coordinator:venues", CREATE_ORGANISATION, icon="pin", group=NETWORK),
        Entry(_("Règles"), "funder:programme", SEE_RULES, icon="scales", group=SCHEME),
        Entry(_("Apparence et contact"), "funder:appearance", UPDATE_THEME, icon="gear", group=SCHEME),
        Entry(_("Journal"), "funder:journal", SEE_JOURNAL, icon="clock", group=SCHEME),
    ),
)
