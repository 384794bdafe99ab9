"""Communes, EPCI, départements and régions of one national edition, and what finds them.

Reference data, loaded by ``services.load_territories`` only. Facts of the other folders point to these rows for ever,
so no row is deleted: one that left the national list keeps its last edition and gets ``until``.
"""

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from poincon.territories.enums import AliasKind, EpciKind, KeyLevel


class Listed(models.Model):
    edition = models.PositiveSmallIntegerField(
        _("édition"), help_text=_("Année de la dernière édition du découpage où cette ligne figure.")
    )
    until = models.PositiveSmallIntegerField(
        _("supprimée en"),
        null=True,
        blank=True,
        help_text=_("Année de l’édition d’où cette ligne est absente. Vide : elle existe toujours."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("edition")),
                name="%(class)s_until_after_edition",
                violation_error_message=_("Une ligne ne peut disparaître qu’après la dernière édition où elle figure."),
            )
        ]

    @property
    def is_current(self) -> bool:
        return self.until is None


class Region(Listed):
    code = models.CharField(_("code INSEE"), max_length=3, primary_key=True)
    name = models.CharField(_("nom"), max_length=100)

    class Meta(Listed.Meta):
        abstract = False
        verbose_name = _("région")
        verbose_name_plural = _("régions")

    def __str__(self) -> str:
        return self.name


class Departement(Listed):
    code = models.CharField(_("code INSEE"), max_length=3, primary_key=True)
    name = models.CharField(_("nom"), max_length=100)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departements", verbose_name=_("région"))

    class Meta(Listed.Meta):
        abstract = False
        verbose_name = _("département")
        verbose_name_plural = _("départements")

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Epci(Listed):
    siren = models.CharField(_("SIREN"), max_length=9, primary_key=True)
    name = models.CharField(_("nom"), max_length=150)
    search_name = models.CharField(_("nom pour la recherche"), max_length=150)
    kind = models.CharField(_("nature"), max_length=5, choices=EpciKind)

    class Meta(Listed.Meta):
        abstract = False
        verbose_name = _("EPCI")
        verbose_name_plural = _("EPCI")
        constraints = [
            *Listed.Meta.constraints,
            models.CheckConstraint(
                condition=Exact(Length("siren"), 9),
                name="epci_siren_has_nine_digits",
                violation_error_message=_("Un SIREN compte 9 chiffres."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Commune(Listed):
    code = models.CharField(_("code INSEE"), max_length=5, primary_key=True)
    name = models.CharField(_("nom"), max_length=100)
    search_name = models.CharField(_("nom pour la recherche"), max_length=100)
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="communes", verbose_name=_("département"))
    epci = models.ForeignKey(
        Epci, models.PROTECT, related_name="communes", verbose_name=_("EPCI"), null=True, blank=True
    )
    population = models.PositiveIntegerField(_("population municipale"), null=True, blank=True)
    longitude = models.FloatField(_("longitude de la mairie"), null=True, blank=True)
    latitude = models.FloatField(_("latitude de la mairie"), null=True, blank=True)

    class Meta(Listed.Meta):
        abstract = False
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        indexes = [models.Index(fields=["latitude", "longitude"], name="commune_position")]
        constraints = [
            *Listed.Meta.constraints,
            models.CheckConstraint(
                condition=Exact(Length("code"), 5),
                name="commune_code_has_five_characters",
                violation_error_message=_("Un code INSEE de commune compte 5 caractères."),
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__isnull=True, latitude__isnull=True)
                # A comparison with null is neither true nor false, and a check refuses only what is false.
                | models.Q(
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__range=(-180, 180),
                    latitude__range=(-90, 90),
                ),
                name="commune_position_is_whole",
                violation_error_message=_("La position d’une mairie a une longitude et une latitude, ou aucune."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class PostalCode(models.Model):
    """A postal code of a commune: one code serves up to dozens of communes, one commune may have twenty codes."""

    code = models.CharField(_("code postal"), max_length=5)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="postal_codes", verbose_name=_("commune"))

    class Meta:
        verbose_name = _("code postal")
        verbose_name_plural = _("codes postaux")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "commune"],
                name="postal_code_once_per_commune",
                violation_error_message=_("Cette commune a déjà ce code postal."),
            ),
            models.CheckConstraint(
                condition=Exact(Length("code"), 5),
                name="postal_code_has_five_digits",
                violation_error_message=_("Un code postal compte 5 chiffres."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CommuneAlias(models.Model):
    """A former code, or the name of a part of a commune, that people and old files still use."""

    code = models.CharField(_("code INSEE"), max_length=5, db_index=True)
    name = models.CharField(_("nom"), max_length=100, blank=True)
    search_name = models.CharField(_("nom pour la recherche"), max_length=100, blank=True)
    kind = models.CharField(_("nature"), max_length=14, choices=AliasKind)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="aliases", verbose_name=_("commune"))

    class Meta:
        verbose_name = _("autre nom ou code de commune")
        verbose_name_plural = _("autres noms ou codes de communes")
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "code", "name"],
                name="commune_alias_once",
                violation_error_message=_("Cette commune a déjà cet autre nom."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.name else self.code


class SearchKey(models.Model):
    """The end of a name, from one of its words: « croix saint leufroy », « saint leufroy », « leufroy ».

    ``number`` holds its first characters as an integer (``rules.prefix_number``), so that "begins with" is a range of
    integers: the same index scan on both engines, whatever the collation of the database.
    """

    number = models.BigIntegerField(_("début, en nombre"))
    text = models.CharField(_("texte"), max_length=100)
    level = models.PositiveSmallIntegerField(_("niveau"), choices=KeyLevel)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="search_keys", verbose_name=_("commune"))

    class Meta:
        verbose_name = _("clé de recherche")
        verbose_name_plural = _("clés de recherche")
        constraints = [
            models.UniqueConstraint(
                fields=["number", "text", "commune"],
                name="search_key_once_per_commune",
                violation_error_message=_("Cette commune a déjà cette clé de recherche."),
            )
        ]

    def __str__(self) -> str:
        return self.text
