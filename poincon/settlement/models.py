from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.settlement.enums import PaymentBatchState, PaymentMethod, PaymentState, StatementState


class Statement(models.Model):
    """What one operator is owed for one programme and one month (relevé)."""

    operator = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="statements", verbose_name=_("opérateur")
    )
    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="statements", verbose_name=_("dispositif")
    )
    number = models.CharField(_("numéro"), max_length=60, unique=True)
    # First day of the month that was closed; late redemptions of earlier months are in it too.
    month = models.DateField(_("mois"))
    passes = models.IntegerField(_("pass"))
    minutes = models.IntegerField(_("minutes"))
    total = models.BigIntegerField(_("total (centimes)"))
    state = models.CharField(_("état"), max_length=12, choices=StatementState.choices, default=StatementState.PAYABLE)
    closed_at = models.DateTimeField(_("arrêté le"), default=timezone.now)
    closed_by_label = models.CharField(_("arrêté par"), max_length=200)

    class Meta:
        verbose_name = _("relevé")
        verbose_name_plural = _("relevés")
        ordering = ["-month", "operator_id", "id"]
        indexes = [models.Index(fields=["programme", "state"], name="statement_programme_state")]


class StatementLine(models.Model):
    """One redemption owed (+1), or taken back because it was annulled after it had been owed (−1). A fact.

    The partial unique index is the proof that a redemption is owed at most once at a time.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines", verbose_name=_("relevé"))
    redemption = models.ForeignKey(
        "passes.Redemption", models.PROTECT, related_name="+", verbose_name=_("pass utilisé"), db_index=False
    )
    sign = models.SmallIntegerField(_("sens"))
    value = models.IntegerField(_("valeur (centimes)"))
    # Set once, when the statement is cancelled: the redemption may then be owed again.
    cancelled_at = models.DateTimeField(_("annulée le"), null=True)

    class Meta:
        verbose_name = _("ligne de relevé")
        verbose_name_plural = _("lignes de relevé")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["redemption", "sign"],
                condition=Q(cancelled_at=None),
                name="statement_line_once",
                violation_error_message=_("Ce pass est déjà dû sur un relevé."),
            ),
            models.CheckConstraint(
                condition=Q(sign=1, value__gte=0) | Q(sign=-1, value__lte=0),
                name="statement_line_sign",
                violation_error_message=_("Une ligne porte son signe."),
            ),
        ]


class PaymentBatch(models.Model):
    """Statements paid together. Prepared by one person, approved by another."""

    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="payment_batches", verbose_name=_("dispositif")
    )
    method = models.CharField(_("mode de paiement"), max_length=20, choices=PaymentMethod.choices)
    state = models.CharField(
        _("état"), max_length=10, choices=PaymentBatchState.choices, default=PaymentBatchState.PREPARED
    )
    total = models.BigIntegerField(_("total (centimes)"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("préparé par")
    )
    prepared_at = models.DateTimeField(_("préparé le"), default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("approuvé par")
    )
    approved_at = models.DateTimeField(_("approuvé le"), null=True)
    # For transfers: the account that was live when somebody approved.
    payer_account = models.ForeignKey(
        "organisations.BankAccount", models.PROTECT, null=True, related_name="+", verbose_name=_("compte à débiter")
    )

    class Meta:
        verbose_name = _("ordre de paiement")
        verbose_name_plural = _("ordres de paiement")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("prepared_by")),
                name="payment_batch_two_people",
                violation_error_message=_("Celui qui prépare un ordre de paiement ne peut pas l’approuver."),
            )
        ]


class Payment(models.Model):
    """One statement inside one payment batch. A rejected payment leaves its statement payable again."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="payments", verbose_name=_("ordre"))
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="payments", verbose_name=_("relevé"))
    amount = models.BigIntegerField(_("montant (centimes)"))
    bank_account = models.ForeignKey(
        "organisations.BankAccount", models.PROTECT, null=True, related_name="+", verbose_name=_("compte")
    )
    end_to_end = models.CharField(_("référence de bout en bout"), max_length=35, unique=True)
    state = models.CharField(_("état"), max_length=10, choices=PaymentState.choices, default=PaymentState.WAITING)
    decided_on = models.DateField(_("payé ou rejeté le"), null=True)
    rejection = models.CharField(_("motif du rejet"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("paiement")
        verbose_name_plural = _("paiements")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement"],
                condition=~Q(state=PaymentState.REJECTED),
                name="payment_one_live_per_statement",
                violation_error_message=_("Ce relevé est déjà dans un ordre de paiement."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="payment_positive",
                violation_error_message=_("On ne paie pas un montant nul ou négatif."),
            ),
        ]
