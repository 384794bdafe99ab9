from django.db import models
from django.utils.translation import gettext_lazy as _


class StatementState(models.TextChoices):
    PAYABLE = "payable", _("à payer")
    IN_PAYMENT = "in_payment", _("en cours de paiement")
    PAID = "paid", _("payé")
    # An hour-based programme pays nothing for a pass, and still counts it.
    NOTHING_DUE = "nothing_due", _("rien à payer")
    CANCELLED = "cancelled", _("annulé")


class PaymentMethod(models.TextChoices):
    SEPA = "sepa", _("virement SEPA (pain.001)")
    # A public body may order transfers itself only from the account of a régie d’avances.
    SEPA_REGIE = "sepa_regie", _("virement SEPA de la régie d’avances (pain.001)")
    PUBLIC_ACCOUNTANT = "public_accountant", _("état liquidatif pour le comptable public")


class PaymentBatchState(models.TextChoices):
    PREPARED = "prepared", _("préparé")
    APPROVED = "approved", _("approuvé")
    CLOSED = "closed", _("soldé")
    ABANDONED = "abandoned", _("abandonné")


class PaymentState(models.TextChoices):
    WAITING = "waiting", _("en attente")
    PAID = "paid", _("payé")
    REJECTED = "rejected", _("rejeté")
