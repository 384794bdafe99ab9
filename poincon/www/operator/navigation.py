"""The menu of mediators and of those who manage a structure."""

from django.utils.translation import gettext_lazy as _

from poincon.mediation.permissions import MANAGE_OFFERS
from poincon.organisations.enums import Role
from poincon.organisations.permissions import ENROL_DEVICE, MANAGE_TEAM
from poincon.passes.permissions import SCAN
from poincon.www.base.navigation import Entry, declare_audience

STRUCTURE = _("Votre structure")

AUDIENCE = declare_audience(
    Role.OPERATOR_MANAGER,
    Role.MEDIATOR,
    home="operator:home",
    entries=(
        Entry(_("Accueil"), "operator:home", icon="home"),
        Entry(_("Ouvrir le scanner"), "scanner:shell", SCAN, icon="camera"),
        Entry(_("Poinçonner"), "operator:punch", SCAN, icon="punch"),
        Entry(_("Poinçons"), "operator:punches", SCAN, icon="list"),
        Entry(_("Le mois en cours"), "operator:month", SCAN, icon="calendar"),
        Entry(_("Relevés et paiements"), "operator:statements", MANAGE_OFFERS, icon="euro", group=STRUCTURE),
        Entry(_("Lieux et services"), "operator:venues", MANAGE_OFFERS, icon="pin", group=STRUCTURE),
        Entry(_("Équipe"), "operator:team", MANAGE_TEAM, icon="people", group=STRUCTURE),
        Entry(_("Appareils"), "operator:devices", ENROL_DEVICE, icon="phone", group=STRUCTURE),
        Entry(_("Qualification"), "operator:qualification", icon="shield", group=STRUCTURE),
    ),
)
