from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.passes.enums import BlockReason
from poincon.passes.models.batch import Booklet


class HandOverCancellation(models.Model):
    """The compensating row of a hand-over made by mistake, before any of its passes was used. A fact."""

    at = models.DateTimeField(_("le"), default=timezone.now)
    by_label = models.CharField(_("par"), max_length=200)
    reason = models.CharField(_("motif"), max_length=300)

    class Meta:
        verbose_name = _("annulation de remise")
        verbose_name_plural = _("annulations de remise")
        ordering = ["id"]


class HandOver(models.Model):
    """A prescriber gives a booklet, or some of its passes, to a person. A fact: append-only."""

    booklet = models.ForeignKey(Booklet, models.PROTECT, related_name="hand_overs", verbose_name=_("chéquier"))
    # Bit position - 1 for each pass given.
    passes = models.BigIntegerField(_("pass remis"))
    # None: the programme lets booklets be given without opening a case file.
    case_file = models.ForeignKey(
        "beneficiaries.CaseFile", models.PROTECT, null=True, related_name="hand_overs", verbose_name=_("dossier")
    )
    prescriber = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="hand_overs", verbose_name=_("prescripteur")
    )
    at = models.DateTimeField(_("le"), default=timezone.now)
    by_label = models.CharField(_("par"), max_length=200)
    # Made by the client, so that a request sent twice hands over once.
    request_id = models.UUIDField(_("identifiant de la demande"), null=True)
    # The scan of a venue that is also a prescriber handed the passes over by itself.
    direct = models.BooleanField(_("usage direct"), default=False)
    # The hand-over of a blocked booklet whose unused passes are given again here.
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="replacements", verbose_name=_("remplace la remise")
    )
    cancellation = models.OneToOneField(
        HandOverCancellation, models.PROTECT, null=True, related_name="hand_over", verbose_name=_("annulation")
    )

    class Meta:
        verbose_name = _("remise")
        verbose_name_plural = _("remises")
        ordering = ["id"]
        indexes = [models.Index(fields=["prescriber", "at"], name="hand_over_prescriber_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(passes__gt=0),
                name="hand_over_gives_something",
                violation_error_message=_("Une remise porte sur au moins un pass."),
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(cancellation=None, replaces__isnull=False),
                name="hand_over_replaces_once",
                violation_error_message=_("Cette remise est déjà remplacée."),
            ),
            models.UniqueConstraint(
                fields=["request_id"],
                condition=Q(request_id__isnull=False),
                name="hand_over_requested_once",
                violation_error_message=_("Cette remise est déjà faite."),
            ),
        ]


class Block(models.Model):
    """A booklet stops being usable (opposition: lost, stolen, mistake). A fact: append-only."""

    booklet = models.OneToOneField(Booklet, models.PROTECT, related_name="block", verbose_name=_("chéquier"))
    reason = models.CharField(_("motif"), max_length=10, choices=BlockReason.choices)
    note = models.CharField(_("précision"), max_length=300, blank=True)
    at = models.DateTimeField(_("le"), default=timezone.now)
    by_label = models.CharField(_("par"), max_length=200)

    class Meta:
        verbose_name = _("opposition")
        verbose_name_plural = _("oppositions")
        ordering = ["id"]
