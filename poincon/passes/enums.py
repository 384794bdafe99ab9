from django.db import models
from django.utils.translation import gettext_lazy as _


class Custody(models.IntegerChoices):
    """Who holds a booklet. Independent of its validity."""

    ORDERED = 0, _("commandé, pas encore imprimé")
    STOCK = 1, _("en stock")
    TRANSIT = 2, _("en chemin")
    PERSON = 3, _("remis à une personne")
    DESTROYED = 4, _("détruit")
    LOST = 5, _("perdu")


class Validity(models.IntegerChoices):
    """What a booklet is worth. Independent of who holds it."""

    INERT = 0, _("inerte (valeur inactive)")
    ACTIVE = 1, _("actif")
    BLOCKED = 2, _("en opposition")
    EXPIRED = 3, _("expiré")


class MovementKind(models.TextChoices):
    PRINTED = "printed", _("imprimé, entré en stock")
    SENT = "sent", _("expédié")
    RECALLED = "recalled", _("rappelé, rentré en stock")
    RECEIVED = "received", _("reçu")
    MISSING = "missing", _("manquant à la réception")
    FOUND = "found", _("manquant retrouvé, rentré en stock")
    DESTROYED = "destroyed", _("détruit")


class BlockReason(models.TextChoices):
    LOST = "lost", _("perte")
    STOLEN = "stolen", _("vol")
    ERROR = "error", _("erreur de remise")
    MISSING = "missing", _("manquant à la réception")
    DAMAGED = "damaged", _("abîmé")


class TransferKind(models.TextChoices):
    DELIVERY = "delivery", _("livraison")
    RETURN = "return", _("retour")


class DiscrepancyEnding(models.TextChoices):
    """How a discrepancy ended. A booklet stopped because it was missing stays stopped, however it ends."""

    FOUND = "found", _("chéquiers retrouvés, rentrés en stock")
    LOST = "lost", _("chéquiers perdus pour de bon")
    CORRECTED = "corrected", _("erreur de comptage ou de bordereau, corrigée")
    OTHER = "other", _("autre issue")
