from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.beneficiaries.enums import Gender, Situation


class Beneficiary(models.Model):
    """A person. What is known of it depends on the programme; an anonymous person has no name here."""

    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80, blank=True)
    birth_date = models.DateField(_("date de naissance"), null=True)
    birth_year = models.PositiveSmallIntegerField(_("année de naissance"), null=True)
    gender = models.CharField(_("genre"), max_length=16, choices=Gender.choices, default=Gender.NOT_STATED)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    commune = models.ForeignKey(
        "territories.Commune", models.PROTECT, null=True, related_name="+", verbose_name=_("commune")
    )
    created_at = models.DateTimeField(_("créé le"), default=timezone.now)

    class Meta:
        verbose_name = _("bénéficiaire")
        verbose_name_plural = _("bénéficiaires")
        ordering = ["id"]


class CaseFile(models.Model):
    """The path of one person inside one programme (dossier de suivi), opened by the prescriber."""

    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="case_files", verbose_name=_("dispositif")
    )
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, related_name="case_files", verbose_name=_("bénéficiaire")
    )
    prescriber = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="case_files", verbose_name=_("prescripteur")
    )
    public = models.ForeignKey(
        "programmes.Public", models.PROTECT, null=True, related_name="+", verbose_name=_("public")
    )
    # What the prescriber saw, never a copy of it: the kind of proof and its date are enough for a control.
    proof = models.CharField(_("justificatif vu"), max_length=200, blank=True)
    proof_date = models.DateField(_("date du justificatif"), null=True)
    situation = models.CharField(_("situation"), max_length=16, choices=Situation.choices, default=Situation.NOT_STATED)
    opened_at = models.DateTimeField(_("ouvert le"), default=timezone.now)
    opened_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, related_name="+", verbose_name=_("ouvert par")
    )

    class Meta:
        verbose_name = _("dossier de suivi")
        verbose_name_plural = _("dossiers de suivi")
        ordering = ["programme_id", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "beneficiary"],
                name="case_file_once_per_programme",
                violation_error_message=_("Cette personne a déjà un dossier dans ce dispositif."),
            )
        ]
