from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import LegalForm


class Organisation(models.Model):
    """A body that funds, coordinates, prescribes or operates; several at once (a CCAS prescribes *and* operates)."""

    name = models.CharField(_("nom"), max_length=200)
    legal_form = models.CharField(_("forme juridique"), max_length=20, choices=LegalForm.choices)
    # An association may have no SIRET: its RNA number then identifies it.
    siren = models.CharField(_("SIREN"), max_length=9, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    rna = models.CharField(_("numéro RNA"), max_length=10, blank=True)
    is_funder = models.BooleanField(_("finance"), default=False)
    is_coordinator = models.BooleanField(_("coordonne"), default=False)
    is_prescriber = models.BooleanField(_("prescrit"), default=False)
    is_operator = models.BooleanField(_("opère"), default=False)
    email = models.EmailField(_("courriel"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    commune = models.ForeignKey(
        "territories.Commune", models.PROTECT, null=True, related_name="+", verbose_name=_("commune")
    )
    # The programme for whose network it was registered: its coordinator sees it before anything is decided about it.
    registered_for = models.ForeignKey(
        "programmes.Programme", models.PROTECT, null=True, related_name="+", verbose_name=_("enregistrée pour")
    )
    # Grows with every change that the scanner's rules depend on (venues, offers, qualification): see passes/context.py.
    rules_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("créée le"), default=timezone.now)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret=""),
                name="organisation_siret_once",
                violation_error_message=_("Une organisation porte déjà ce SIRET."),
            ),
            models.UniqueConstraint(
                fields=["rna"],
                condition=~Q(rna=""),
                name="organisation_rna_once",
                violation_error_message=_("Une organisation porte déjà ce numéro RNA."),
            ),
            models.CheckConstraint(
                condition=Q(is_funder=True) | Q(is_coordinator=True) | Q(is_prescriber=True) | Q(is_operator=True),
                name="organisation_does_something",
                violation_error_message=_("Une organisation doit au moins financer, coordonner, prescrire ou opérer."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """One of the addresses of an organisation (a CCAS has branches, an association several premises)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sites", verbose_name=_("organisation"))
    name = models.CharField(_("nom"), max_length=200)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    commune = models.ForeignKey("territories.Commune", models.PROTECT, related_name="+", verbose_name=_("commune"))

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["organisation_id", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="site_name_once_per_organisation",
                violation_error_message=_("Cette organisation a déjà un site de ce nom."),
            ),
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret=""),
                name="site_siret_once",
                violation_error_message=_("Un site porte déjà ce SIRET."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BankAccount(models.Model):
    """Where an organisation is paid. The IBAN is encrypted; only its last four characters are shown."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="bank_accounts", verbose_name=_("organisation")
    )
    holder = models.CharField(_("titulaire"), max_length=70)
    iban_locked = models.TextField(_("IBAN chiffré"))
    iban_end = models.CharField(_("fin de l’IBAN"), max_length=4)
    bic = models.CharField(_("BIC"), max_length=11)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("enregistré par")
    )
    recorded_at = models.DateTimeField(_("enregistré le"), default=timezone.now)
    ended_at = models.DateTimeField(_("clos le"), null=True)

    class Meta:
        verbose_name = _("compte bancaire")
        verbose_name_plural = _("comptes bancaires")
        ordering = ["organisation_id", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(ended_at=None),
                name="bank_account_one_live",
                violation_error_message=_("Cette organisation a déjà un compte bancaire en cours."),
            )
        ]
