from django.db import models
from django.utils.translation import gettext_lazy as _


class IdentityLevel(models.TextChoices):
    """What the programme asks of a person (section "People's data" of the domain)."""

    ANONYMOUS = "anonymous", _("anonyme : commune, année de naissance, genre, situation")
    CONTACT = "contact", _("prénom et téléphone")
    IDENTIFIED = "identified", _("identité complète (nécessaire au FSE)")


class ReceiptKind(models.TextChoices):
    CASH = "cash", _("versement reçu")
    COMMITMENT = "commitment", _("engagement budgétaire")


class FunderKind(models.TextChoices):
    """Each kind of co-funder has its own reporting rules."""

    OWNER = "owner", _("commanditaire")
    STATE = "state", _("État")
    ESF = "esf", _("Fonds social européen")
    LOCAL_AUTHORITY = "local_authority", _("collectivité")
    OTHER = "other", _("autre")


class ChangeKind(models.TextChoices):
    EXTENSION = "extension", _("prolongation")
    SUSPENSION = "suspension", _("suspension")


class Catalogue(models.TextChoices):
    """Where a service comes from. Finer and local services map to one of the 9 national ones."""

    NATIONAL = "national", _("service national (lieux de médiation numérique, v1.0.2)")
    THEME = "theme", _("thème national (Coop de la médiation numérique)")
    DATA_INCLUSION = "data_inclusion", _("thématique data·inclusion v1")
    LOCAL = "local", _("service local")
