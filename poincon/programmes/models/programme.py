from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.money import WHOLE_BP
from poincon.programmes.enums import ChangeKind, IdentityLevel

LARGEST_BOOKLET = 60


class Programme(models.Model):
    """A funding scheme with its rules, dates, territory, catalogue and budget."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("nom"), max_length=200)
    owner = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="owned_programmes", verbose_name=_("commanditaire")
    )
    lead_network = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        related_name="led_programmes",
        verbose_name=_("tête de réseau"),
    )

    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"))
    time_zone = models.CharField(_("fuseau horaire"), max_length=40, default="Europe/Paris")

    # How the scheme presents itself on paper and on screen.
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    referent = models.CharField(_("référent"), max_length=150, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    ink_colour = models.CharField(_("couleur principale"), max_length=7, default="#1b2a6b")
    accent_colour = models.CharField(_("couleur d’accent"), max_length=7, default="#a4552a")
    logo_svg = models.TextField(_("logo (SVG)"), blank=True)
    welcome_text = models.TextField(_("texte du courrier d’accompagnement"), blank=True)

    # What a pass is.
    uses_passes = models.BooleanField(_("avec des pass"), default=True)
    unit_value = models.PositiveIntegerField(_("valeur d’un pass (centimes)"), default=0)
    unit_minutes = models.PositiveSmallIntegerField(_("durée d’un pass (minutes)"), default=0)
    booklet_sizes = models.JSONField(_("tailles de chéquier"), default=list)
    validity_months = models.PositiveSmallIntegerField(_("validité (mois)"), default=12)
    grace_days = models.PositiveSmallIntegerField(_("tolérance après la fin (jours)"), default=30)
    required_cover_bp = models.PositiveIntegerField(_("couverture exigée (points de base)"), default=WHOLE_BP)

    # The rules of redemption.
    max_passes_per_session = models.PositiveSmallIntegerField(_("plafond par séance"), null=True)
    max_passes_per_day = models.PositiveSmallIntegerField(_("plafond par personne et par jour"), null=True)
    max_passes_per_person = models.PositiveSmallIntegerField(_("plafond par personne"), null=True)
    direct_use = models.BooleanField(_("usage direct chez un lieu qui prescrit"), default=False)
    offline_max_days = models.PositiveSmallIntegerField(_("jours hors ligne"), default=7)
    offline_max_passes = models.PositiveIntegerField(_("pass en attente par appareil"), default=500)
    prescriber_training_required = models.BooleanField(_("formation des prescripteurs exigée"), default=False)
    mediator_training_required = models.BooleanField(_("formation des médiateurs exigée"), default=False)
    all_services = models.BooleanField(_("tout le référentiel"), default=True)
    services = models.ManyToManyField(
        "programmes.Service", blank=True, related_name="programmes", verbose_name=_("services admis")
    )

    # People.
    identity_level = models.CharField(
        _("identité demandée"), max_length=12, choices=IdentityLevel.choices, default=IdentityLevel.ANONYMOUS
    )
    evidence_until = models.DateField(_("preuves à conserver jusqu’au"), null=True)

    # Grows with every change that the scanner's rules depend on: see passes/context.py.
    rules_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("créé le"), default=timezone.now)

    class Meta:
        verbose_name = _("dispositif")
        verbose_name_plural = _("dispositifs")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="programme_ends_after_start",
                violation_error_message=_("La fin du dispositif précède son début."),
            ),
            models.CheckConstraint(
                condition=Q(uses_passes=False) | Q(unit_value__gt=0) | Q(unit_minutes__gt=0),
                name="programme_pass_is_worth_something",
                violation_error_message=_("Un pass vaut un montant, une durée, ou les deux."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Territory(models.Model):
    """A named set of communes inside a programme: a département, an EPCI, or drawn commune by commune."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="territories", verbose_name=_("dispositif"))
    name = models.CharField(_("nom"), max_length=200)
    communes = models.ManyToManyField("territories.Commune", related_name="+", verbose_name=_("communes"))

    class Meta:
        verbose_name = _("territoire")
        verbose_name_plural = _("territoires")
        ordering = ["programme_id", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="territory_name_once",
                violation_error_message=_("Ce dispositif a déjà un territoire de ce nom."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Public(models.Model):
    """Whom a programme is for: a criterion, the proof asked, and from when (publics are enlarged along the way)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="publics", verbose_name=_("dispositif"))
    code = models.SlugField(_("code"), max_length=60)
    label = models.CharField(_("public"), max_length=200)
    # The matching value of the data·inclusion v1 list "publics".
    national_code = models.CharField(_("public data·inclusion"), max_length=60, blank=True)
    proof = models.CharField(_("justificatif demandé"), max_length=200, blank=True)
    open_from = models.DateField(_("ouvert à partir du"), null=True)
    open_until = models.DateField(_("ouvert jusqu’au"), null=True)

    class Meta:
        verbose_name = _("public")
        verbose_name_plural = _("publics")
        ordering = ["programme_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="public_code_once",
                violation_error_message=_("Ce dispositif a déjà un public de ce code."),
            )
        ]

    def __str__(self) -> str:
        return self.label


class ProgrammeChange(models.Model):
    """An extension or a suspension, with its reason and its effect on the validity of passes. A fact: append-only."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="changes", verbose_name=_("dispositif"))
    kind = models.CharField(_("nature"), max_length=12, choices=ChangeKind.choices)
    first_day = models.DateField(_("du"))
    last_day = models.DateField(_("au"))
    reason = models.CharField(_("motif"), max_length=300)
    # An extension that moves validity gives every pass until last_day; a suspension gives back the days it took.
    moves_validity = models.BooleanField(_("prolonge la validité des pass"))
    decided_at = models.DateTimeField(_("décidé le"), default=timezone.now)
    decided_by_label = models.CharField(_("décidé par"), max_length=200)

    class Meta:
        verbose_name = _("prolongation ou suspension")
        verbose_name_plural = _("prolongations et suspensions")
        ordering = ["programme_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="programme_change_in_order",
                violation_error_message=_("Le dernier jour précède le premier."),
            )
        ]
