"""Who may do what with passes."""

from django.utils.translation import gettext_lazy as _

from poincon.organisations.actors import declare
from poincon.organisations.enums import Role

ORDER_BATCH = declare("passes.order_batch", _("commander un lot de chéquiers, l’annuler avant impression"), Role.FUNDER)
PRINT_BATCH = declare("passes.print_batch", _("imprimer un lot"), Role.FUNDER, Role.COORDINATOR)
ACTIVATE_BATCH = declare("passes.activate_batch", _("activer un lot"), Role.FUNDER, Role.ACCOUNTANT)
MOVE_BOOKLETS = declare(
    "passes.move_booklets",
    _("expédier, rappeler, recevoir, rendre des chéquiers"),
    Role.FUNDER,
    Role.COORDINATOR,
    Role.PRESCRIBER,
)
RESOLVE_DISCREPANCY = declare(
    "passes.resolve_discrepancy",
    _("clore l’écart d’un colis, le rouvrir"),
    Role.FUNDER,
    Role.COORDINATOR,
)
REMIND_HOLDERS = declare(
    "passes.remind_holders",
    _("relancer par courriel ceux dont les chéquiers dorment"),
    Role.FUNDER,
    Role.COORDINATOR,
)
ASK_BOOKLETS = declare("passes.ask_booklets", _("demander des chéquiers au réseau"), Role.PRESCRIBER)
HAND_OVER = declare("passes.hand_over", _("remettre un chéquier à une personne"), Role.PRESCRIBER)
BLOCK = declare(
    "passes.block",
    _("mettre un chéquier en opposition"),
    Role.PRESCRIBER,
    Role.COORDINATOR,
    Role.FUNDER,
)
DESTROY = declare("passes.destroy", _("détruire des chéquiers"), Role.FUNDER, Role.COORDINATOR)
SCAN = declare("passes.scan", _("poinçonner un pass"), Role.MEDIATOR, Role.OPERATOR_MANAGER)
ANNUL = declare(
    "passes.annul",
    _("annuler un poinçon, au-delà des 15 minutes du médiateur"),
    Role.COORDINATOR,
    Role.FUNDER,
)
SEE_BATCHES = declare(
    "passes.see_batches",
    _("voir les lots et les chéquiers d’un dispositif"),
    Role.FUNDER,
    Role.COORDINATOR,
    Role.ACCOUNTANT,
    Role.OBSERVER,
)
MANAGE_KEYS = declare("passes.manage_keys", _("renouveler ou révoquer les clés de signature"), Role.ADMINISTRATOR)
