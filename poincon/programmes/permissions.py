"""Who may see and create a programme, change its rules, record the money behind it."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.actors import declare
from poincon.organisations.enums import Role

SEE_RULES = declare(
    "programmes.see_rules",
    _("Voir les règles d’un dispositif"),
    Role.FUNDER,
    Role.COORDINATOR,
    Role.ACCOUNTANT,
    Role.OBSERVER,
)
SEE_MONEY = declare(
    "programmes.see_money",
    _("Voir les financements, les versements reçus et la couverture d’un dispositif"),
    Role.FUNDER,
    Role.ACCOUNTANT,
    Role.OBSERVER,
)
CREATE_PROGRAMME = declare("programmes.create", _("Créer un dispositif"), Role.ADMINISTRATOR, Role.FUNDER)
UPDATE_RULES = declare("programmes.update_rules", _("Modifier les règles d’un dispositif"), Role.FUNDER)
CHANGE_FUNDINGS = declare(
    "programmes.change_fundings", _("Changer la part de chaque financeur d’un dispositif"), Role.FUNDER
)
UPDATE_THEME = declare(
    "programmes.update_theme", _("Modifier le nom, l’apparence et le contact d’un dispositif"), Role.FUNDER
)
CHANGE_DATES = declare("programmes.change_dates", _("Prolonger ou suspendre un dispositif"), Role.FUNDER)
RECORD_RECEIPT = declare(
    "programmes.record_receipt", _("Enregistrer un versement ou un engagement reçu"), Role.FUNDER, Role.ACCOUNTANT
)
SEE_JOURNAL = declare("programmes.see_journal", _("Lire le journal d’un dispositif"), Role.FUNDER, Role.ACCOUNTANT)
