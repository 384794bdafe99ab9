from django.db import models
from django.utils.translation import gettext_lazy as _


class EpciKind(models.TextChoices):
    """The forms of intercommunality that levy their own taxes, with the codes of the national list (DGCL)."""

    CC = "CC", _("communauté de communes")
    CA = "CA", _("communauté d’agglomération")
    CU = "CU", _("communauté urbaine")
    METRO = "METRO", _("métropole")
    MET69 = "MET69", _("métropole de Lyon")


class AliasKind(models.TextChoices):
    """Why a code or a name leads to a commune that bears another."""

    DELEGUEE = "deleguee", _("commune déléguée")
    ASSOCIEE = "associee", _("commune associée")
    ARRONDISSEMENT = "arrondissement", _("arrondissement municipal")
    FORMER_CODE = "ancien_code", _("ancien code")


class KeyLevel(models.IntegerChoices):
    """How much of a name a search key holds. The order is the order of the answers."""

    NAME = 0, _("nom entier")
    ALIAS = 1, _("nom entier d’une commune déléguée, associée ou d’un arrondissement")
    WORD = 2, _("suite du nom")
    ALIAS_WORD = 3, _("suite du nom d’une commune déléguée, associée ou d’un arrondissement")
