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
    withdrawn_because = models.CharField(_("motif du retrait"), max_length=300, blank=True)
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


class QualificationSuspension(models.Model):
    """Days, both included, for which a qualified operator is not paid; without last day, until it is lifted."""

    qualification = models.ForeignKey(
        Qualification, models.PROTECT, related_name="suspensions", verbose_name=_("qualification")
    )
    first_day = models.DateField(_("du"))
    last_day = models.DateField(_("au"), null=True)
    reason = models.CharField(_("motif"), max_length=300)
    decided_at = models.DateTimeField(_("décidée le"), default=timezone.now)
    decided_by_label = models.CharField(_("décidée par"), max_length=200)

    class Meta:
        verbose_name = _("suspension d’une qualification")
        verbose_name_plural = _("suspensions de qualifications")
        ordering = ["qualification_id", "first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="qualification_suspension_in_order",
                violation_error_message=_("La suspension finit avant de commencer."),
            )
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
    ended_because = models.CharField(_("motif de la fin"), max_length=300, blank=True)

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
