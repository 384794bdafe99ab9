"""The menu of whoever runs the network."""

from django.utils.translation import gettext_lazy as _

from poincon.mediation.permissions import IMPORT_NETWORK
from poincon.network.permissions import RECORD_TRAINING
from poincon.organisations.enums import Role
from poincon.passes.permissions import DESTROY, MOVE_BOOKLETS, SEE_BATCHES
from poincon.programmes.permissions import SEE_RULES
from poincon.settlement.permissions import SEE_STATEMENTS
from poincon.www.base.navigation import Entry, declare_audience

BOOKLETS, NETWORK, SCHEME = _("Chéquiers"), _("Réseau"), _("Le dispositif")

AUDIENCE = declare_audience(
    Role.COORDINATOR,
    home="coordinator:home",
    entries=(
        Entry(_("Accueil"), "coordinator:home", icon="home"),
        Entry(_("Envoyer des chéquiers"), "coordinator:send", MOVE_BOOKLETS, icon="parcel", group=BOOKLETS),
        Entry(_("Colis"), "coordinator:parcels", SEE_BATCHES, icon="list", group=BOOKLETS),
        Entry(_("Qui en a combien"), "coordinator:stock", SEE_BATCHES, icon="stock", group=BOOKLETS),
        Entry(_("Lots"), "funder:batches", SEE_BATCHES, icon="print", group=BOOKLETS),
        Entry(_("Chéquiers"), "funder:booklets", SEE_BATCHES, icon="booklet", group=BOOKLETS),
        Entry(_("Destructions"), "coordinator:destructions", DESTROY, icon="file", group=BOOKLETS),
        Entry(_("Organisations"), "coordinator:organisations", SEE_BATCHES, icon="building", group=NETWORK),
        Entry(_("Lieux"), "coordinator:venues", SEE_BATCHES, icon="pin", group=NETWORK),
        Entry(_("Personnes"), "coordinator:people", SEE_BATCHES, icon="people", group=NETWORK),
        Entry(_("Formations"), "coordinator:trainings", RECORD_TRAINING, icon="learn", group=NETWORK),
        Entry(_("Importer un tableau"), "coordinator:import", IMPORT_NETWORK, icon="upload", group=NETWORK),
        Entry(_("Règles"), "funder:programme", SEE_RULES, icon="scales", group=SCHEME),
        Entry(_("Relevés"), "accountant:statements", SEE_STATEMENTS, icon="file", group=SCHEME),
        Entry(_("Registre des valeurs inactives"), "accountant:register", SEE_BATCHES, icon="stock", group=SCHEME),
    ),
)
