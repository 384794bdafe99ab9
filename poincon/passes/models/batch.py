from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Power
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.passes.enums import Custody, Validity
from poincon.passes.models.key import SigningKey
from poincon.programmes.models.programme import LARGEST_BOOKLET


class Batch(models.Model):
    """Booklets ordered and printed together. It freezes what its passes are worth and until when."""

    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="batches", verbose_name=_("dispositif")
    )
    number = models.PositiveIntegerField(_("numéro de lot"))
    quantity = models.PositiveIntegerField(_("nombre de chéquiers"))
    size = models.PositiveSmallIntegerField(_("pass par chéquier"))
    unit_value = models.PositiveIntegerField(_("valeur d’un pass (centimes)"))
    unit_minutes = models.PositiveSmallIntegerField(_("durée d’un pass (minutes)"))
    valid_from = models.DateField(_("valable à partir du"))
    valid_until = models.DateField(_("valable jusqu’au"))
    grace_days = models.PositiveSmallIntegerField(_("tolérance (jours)"))
    signing_key = models.ForeignKey(SigningKey, models.PROTECT, related_name="batches", verbose_name=_("clé"))
    stock_holder = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name=_("livré à")
    )
    letter_text = models.TextField(_("texte du courrier"), blank=True)

    ordered_at = models.DateTimeField(_("commandé le"), default=timezone.now)
    proof_approved_at = models.DateTimeField(_("bon à tirer validé le"), null=True)
    printed_at = models.DateTimeField(_("imprimé le"), null=True)
    activated_at = models.DateTimeField(_("activé le"), null=True)
    expired_at = models.DateTimeField(_("expiré le"), null=True)
    cancelled_at = models.DateTimeField(_("annulé le"), null=True)

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["programme_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="batch_number_once",
                violation_error_message=_("Ce numéro de lot existe déjà dans ce dispositif."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1),
                name="batch_has_booklets",
                violation_error_message=_("Un lot compte au moins un chéquier."),
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=LARGEST_BOOKLET),
                name="batch_size_in_bounds",
                violation_error_message=_("Un chéquier compte de 1 à 60 pass."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")),
                name="batch_validity_in_order",
                violation_error_message=_("La fin de validité précède le début."),
            ),
            models.CheckConstraint(
                condition=Q(activated_at=None) | Q(printed_at__isnull=False),
                name="batch_activated_after_printing",
                violation_error_message=_("Un lot s’active une fois imprimé."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(printed_at=None),
                name="batch_cancelled_is_never_printed",
                violation_error_message=_("Un lot annulé ne s’imprime pas."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} – lot {self.number}"


class Booklet(models.Model):
    """N passes with one number. There is no row for an unused pass: two masks say which are handed over and used.

    Bit ``position - 1`` of ``handed`` is set once that pass is in somebody's hands, of ``used`` once it is redeemed.
    ``used`` is what the live redemptions say, kept here so that one locked row answers a scan; ``poincon check``
    compares both.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="booklets", verbose_name=_("lot"), db_index=False)
    rank = models.PositiveIntegerField(_("rang dans le lot"))
    number = models.BigIntegerField(_("numéro"), unique=True)
    size = models.PositiveSmallIntegerField(_("nombre de pass"))
    custody = models.PositiveSmallIntegerField(_("garde"), choices=Custody.choices, default=Custody.ORDERED)
    holder = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="booklets", verbose_name=_("détenteur")
    )
    validity = models.PositiveSmallIntegerField(_("validité"), choices=Validity.choices, default=Validity.INERT)
    handed = models.BigIntegerField(_("pass remis"), default=0)
    used = models.BigIntegerField(_("pass utilisés"), default=0)

    class Meta:
        verbose_name = _("chéquier")
        verbose_name_plural = _("chéquiers")
        ordering = ["batch_id", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "rank"],
                name="booklet_rank_once",
                violation_error_message=_("Ce rang existe déjà dans ce lot."),
            ),
            models.CheckConstraint(
                condition=Q(used=F("used").bitand(F("handed"))),  # type: ignore[arg-type]  # the stubs forget expressions  # type: ignore[arg-type]  # stubs know only integers
                name="booklet_used_passes_were_handed_over",
                violation_error_message=_("Un pass utilisé a d’abord été remis à une personne."),
            ),
            models.CheckConstraint(
                condition=Q(handed__gte=0, handed__lt=Power(2, F("size"))),
                name="booklet_handed_passes_exist",
                violation_error_message=_("Un pass remis fait partie du chéquier."),
            ),
            models.CheckConstraint(
                condition=Q(holder__isnull=False) | Q(custody=Custody.ORDERED),
                name="booklet_printed_has_holder",
                violation_error_message=_("Un chéquier imprimé a un détenteur connu."),
            ),
        ]

    @property
    def left(self) -> int:
        """How many passes somebody was given and may still use."""
        return (self.handed & ~self.used).bit_count()
