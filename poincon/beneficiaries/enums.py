from django.db import models
from django.utils.translation import gettext_lazy as _


class Gender(models.TextChoices):
    """Values of the Coop de la médiation numérique; "not stated" is a real answer."""

    FEMALE = "feminin", _("femme")
    MALE = "masculin", _("homme")
    NOT_STATED = "non_communique", _("non communiqué")


class Situation(models.TextChoices):
    """ "Statut social" of the Coop de la médiation numérique."""

    IN_SCHOOL = "scolarise", _("scolarisé")
    UNEMPLOYED = "sans_emploi", _("sans emploi")
    EMPLOYED = "en_emploi", _("en emploi")
    RETIRED = "retraite", _("retraité")
    NOT_STATED = "non_communique", _("non communiqué")
