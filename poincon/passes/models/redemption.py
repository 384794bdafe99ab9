from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from poincon.passes.models.batch import Booklet
from poincon.programmes.models.programme import LARGEST_BOOKLET


class Scan(models.Model):
    """One attempt to use passes, accepted or refused, with the reason. A fact: append-only.

    ``uuid`` is made by the client: replaying it returns ``verdict``, byte for byte. The primary key is a number of ours
    so that seals can follow the order of writing (docs/decisions/0003-scan-key.md). The references that many scans
    share have no foreign key in the database (docs/decisions/0005-redemption-in-few-statements.md).
    """

    uuid = models.UUIDField(_("identifiant donné par l’appareil"), unique=True)
    operator = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        related_name="+",
        verbose_name=_("opérateur"),
        db_index=False,
        db_constraint=False,
    )
    device = models.ForeignKey(
        "organisations.Device",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("appareil"),
        db_index=False,
        db_constraint=False,
    )
    mediator = models.ForeignKey(
        "organisations.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("médiateur"),
        db_index=False,
        db_constraint=False,
    )
    booklet = models.ForeignKey(Booklet, models.PROTECT, null=True, related_name="scans", verbose_name=_("chéquier"))
    venue = models.ForeignKey(
        "mediation.Venue",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("lieu"),
        db_index=False,
        db_constraint=False,
    )
    service = models.ForeignKey(
        "programmes.Service",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("service"),
        db_index=False,
        db_constraint=False,
    )
    # The number and position of an authentic code; of anything else, only its digest.
    presented = models.CharField(_("code présenté"), max_length=60)
    passes = models.PositiveSmallIntegerField(_("pass demandés"))
    occurred_at = models.DateTimeField(_("heure de l’appareil"))
    received_at = models.DateTimeField(_("heure du serveur"))
    accepted = models.BooleanField(_("accepté"))
    reason = models.CharField(_("motif"), max_length=40, blank=True)
    verdict = models.TextField(_("réponse donnée"))

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["operator", "-id"], name="scan_operator"),
            # What changed since a device last asked (passes/queries/device_state.py).
            models.Index(fields=["received_at"], name="scan_received_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted=True, reason="", booklet__isnull=False) | Q(accepted=False) & ~Q(reason=""),
                name="scan_refused_for_a_reason",
                violation_error_message=_("Un refus a un motif, une acceptation a un chéquier."),
            )
        ]


class Annulment(models.Model):
    """The compensating row of an accepted scan: its passes become usable again. A fact: append-only."""

    scan = models.OneToOneField(Scan, models.PROTECT, related_name="annulment", verbose_name=_("scan"))
    at = models.DateTimeField(_("le"))
    by_label = models.CharField(_("par"), max_length=200)
    reason = models.CharField(_("motif"), max_length=300)

    class Meta:
        verbose_name = _("annulation")
        verbose_name_plural = _("annulations")
        ordering = ["id"]


class Redemption(models.Model):
    """One pass used. It freezes what it is worth, where and when. A fact: append-only.

    Only ``annulment`` may be set, once. The partial unique index is the proof that a pass is used exactly once.
    """

    scan = models.ForeignKey(Scan, models.PROTECT, related_name="redemptions", verbose_name=_("scan"))
    programme = models.ForeignKey(
        "programmes.Programme",
        models.PROTECT,
        related_name="+",
        verbose_name=_("dispositif"),
        db_index=False,
        db_constraint=False,
    )
    booklet = models.ForeignKey(
        Booklet, models.PROTECT, related_name="redemptions", verbose_name=_("chéquier"), db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"))
    operator = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        related_name="+",
        verbose_name=_("opérateur"),
        db_index=False,
        db_constraint=False,
    )
    venue = models.ForeignKey(
        "mediation.Venue", models.PROTECT, related_name="+", verbose_name=_("lieu"), db_index=False, db_constraint=False
    )
    service = models.ForeignKey(
        "programmes.Service",
        models.PROTECT,
        related_name="+",
        verbose_name=_("service"),
        db_index=False,
        db_constraint=False,
    )
    commune = models.ForeignKey(
        "territories.Commune",
        models.PROTECT,
        related_name="+",
        verbose_name=_("commune"),
        db_index=False,
        db_constraint=False,
    )
    day = models.DateField(_("jour"))
    value = models.PositiveIntegerField(_("valeur (centimes)"))
    minutes = models.PositiveSmallIntegerField(_("durée (minutes)"))
    annulment = models.ForeignKey(
        Annulment, models.PROTECT, null=True, related_name="redemptions", verbose_name=_("annulation"), db_index=False
    )

    class Meta:
        verbose_name = _("pass utilisé")
        verbose_name_plural = _("pass utilisés")
        ordering = ["id"]
        indexes = [models.Index(fields=["programme", "operator", "day"], name="redemption_to_settle")]
        constraints = [
            models.UniqueConstraint(
                fields=["booklet", "position"],
                condition=Q(annulment=None),
                name="redemption_pass_used_once",
                violation_error_message=_("Ce pass est déjà utilisé."),
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=LARGEST_BOOKLET),
                name="redemption_position_exists",
                violation_error_message=_("Cette position n’existe dans aucun chéquier."),
            ),
        ]
