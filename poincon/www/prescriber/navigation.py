"""The menu of whoever hands booklets over."""

from django.utils.translation import gettext_lazy as _

from poincon.beneficiaries.permissions import SEE_CASE
from poincon.organisations.enums import Role
from poincon.passes.permissions import HAND_OVER, MOVE_BOOKLETS
from poincon.www.base.navigation import Entry, declare_audience

AUDIENCE = declare_audience(
    Role.PRESCRIBER,
    home="prescriber:home",
    entries=(
        Entry(_("Accueil"), "prescriber:home", icon="home"),
        Entry(_("Remettre un chéquier"), "prescriber:hand_over", HAND_OVER, icon="give"),
        Entry(_("Personnes accompagnées"), "prescriber:people", SEE_CASE, icon="people"),
        Entry(_("Remises"), "prescriber:hand_overs", HAND_OVER, icon="list"),
        Entry(_("Stock"), "prescriber:stock", MOVE_BOOKLETS, icon="stock"),
        Entry(_("Colis"), "prescriber:parcels", MOVE_BOOKLETS, icon="parcel"),
        Entry(_("Trouver un lieu"), "prescriber:places", icon="pin"),
    ),
)
