from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.money import WHOLE_BP
from poincon.programmes.enums import FunderKind, ReceiptKind
from poincon.programmes.models.programme import Programme


class Funding(models.Model):
    """The share of a programme that one funder pays, in basis points, with its own reporting rules.

    A share that changes ends, and another row follows it: what a closed month says each funder pays stays true
    (docs/decisions/0008-shares-are-dated.md).
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="fundings", verbose_name=_("dispositif"))
    funder = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="fundings", verbose_name=_("financeur")
    )
    kind = models.CharField(_("nature du financeur"), max_length=20, choices=FunderKind.choices)
    share_bp = models.PositiveIntegerField(_("part (points de base)"))
    reference = models.CharField(_("référence de la convention"), max_length=100, blank=True)
    reporting_rules = models.TextField(_("règles de compte rendu"), blank=True)
    evidence_until = models.DateField(_("preuves à conserver jusqu’au"), null=True)
    # Null: from the first day of the programme, until its last.
    valid_from = models.DateField(_("à partir du"), null=True)
    valid_until = models.DateField(_("jusqu’au"), null=True)

    class Meta:
        verbose_name = _("financement")
        verbose_name_plural = _("financements")
        ordering = ["programme_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(share_bp__gt=0, share_bp__lte=WHOLE_BP),
                name="funding_share_between_0_and_100",
                violation_error_message=_("Une part de financement va de 0,01 % à 100 %."),
            ),
            models.UniqueConstraint(
                fields=["programme", "funder"],
                condition=Q(valid_until=None),
                name="funding_funder_once",
                violation_error_message=_("Ce financeur a déjà une part dans ce dispositif."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="funding_in_order",
                violation_error_message=_("La part d’un financeur finit avant de commencer."),
            ),
        ]


class FundingReceipt(models.Model):
    """Money, or a budget commitment, recorded as available for a programme. A fact: append-only.

    A mistake is corrected by a receipt of the opposite amount that names the one it corrects. Cash that honours a
    commitment names it: the same money counts once.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="receipts", verbose_name=_("dispositif"))
    funding = models.ForeignKey(
        Funding, models.PROTECT, null=True, related_name="receipts", verbose_name=_("financement")
    )
    kind = models.CharField(_("nature"), max_length=12, choices=ReceiptKind.choices)
    amount = models.BigIntegerField(_("montant (centimes)"))
    received_on = models.DateField(_("reçu le"))
    reference = models.CharField(_("référence"), max_length=100)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="correction", verbose_name=_("corrige")
    )
    realises = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="realisations", verbose_name=_("honore l’engagement")
    )
    recorded_at = models.DateTimeField(_("enregistré le"), default=timezone.now)
    recorded_by_label = models.CharField(_("enregistré par"), max_length=200)

    class Meta:
        verbose_name = _("versement ou engagement reçu")
        verbose_name_plural = _("versements et engagements reçus")
        ordering = ["programme_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, corrects=None) | Q(amount__lt=0, corrects__isnull=False),
                name="receipt_positive_unless_correction",
                violation_error_message=_("Un montant reçu est positif ; seule une correction est négative."),
            ),
            models.CheckConstraint(
                condition=Q(realises=None) | Q(kind=ReceiptKind.CASH),
                name="receipt_realises_as_cash",
                violation_error_message=_("Seul un versement honore un engagement."),
            ),
            models.UniqueConstraint(
                fields=["programme", "reference"],
                condition=Q(corrects=None),
                name="receipt_reference_once",
                violation_error_message=_("Un versement porte déjà cette référence dans ce dispositif."),
            ),
        ]
