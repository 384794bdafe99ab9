from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.network.enums import TrainingKind


class Qualification(models.Model):
    """The right of an operator to be paid by a programme: since when, until when, for which services."""

    operator = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="qualifications", verbose_name=_("opérateur")
    )
    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="qualifications", verbose_name=_("dispositif")
    )
    all_services = models.BooleanField(_("tous les services du dispositif"), default=True)
    services = models.ManyToManyField("programmes.Service", blank=True, related_name="+", verbose_name=_("services"))
    valid_from = models.DateField(_("à partir du"))
    valid_until = models.DateField(_("jusqu’au"), null=True)
    withdrawn_on = models.DateField(_("retirée le"), null=True)
    decided_at = models.DateTimeField(_("décidée le"), default=timezone.now)

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ["programme_id", "operator_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "programme"],
                name="qualification_once",
                violation_error_message=_("Cet opérateur est déjà qualifié pour ce dispositif."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="qualification_in_order",
                violation_error_message=_("La qualification finit avant de commencer."),
            ),
        ]


class PrescriberAgreement(models.Model):
    """The right of an organisation to hand booklets of a programme over to people."""

    prescriber = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="agreements", verbose_name=_("prescripteur")
    )
    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="agreements", verbose_name=_("dispositif")
    )
    valid_from = models.DateField(_("à partir du"))
    valid_until = models.DateField(_("jusqu’au"), null=True)

    class Meta:
        verbose_name = _("convention de prescription")
        verbose_name_plural = _("conventions de prescription")
        ordering = ["programme_id", "prescriber_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["prescriber", "programme"],
                name="agreement_once",
                violation_error_message=_("Ce prescripteur a déjà une convention pour ce dispositif."),
            )
        ]


class TrainingRecord(models.Model):
    """A person was trained for a programme (some programmes ask it before prescribing or running workshops)."""

    user = models.ForeignKey(
        "organisations.User", models.PROTECT, related_name="trainings", verbose_name=_("personne formée")
    )
    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="trainings", verbose_name=_("dispositif")
    )
    kind = models.CharField(_("formation"), max_length=12, choices=TrainingKind.choices)
    done_on = models.DateField(_("suivie le"))

    class Meta:
        verbose_name = _("formation suivie")
        verbose_name_plural = _("formations suivies")
        ordering = ["programme_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "programme", "kind"],
                name="training_once",
                violation_error_message=_("Cette personne a déjà suivi cette formation."),
            )
        ]
