from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Venue(models.Model):
    """A place of an operator, fixed or itinerant (standard "lieux de médiation numérique" v1.0.2)."""

    operator = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="venues", verbose_name=_("opérateur")
    )
    name = models.CharField(_("nom"), max_length=200)
    commune = models.ForeignKey("territories.Commune", models.PROTECT, related_name="+", verbose_name=_("commune"))
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    itinerant = models.BooleanField(_("itinérant"), default=False)
    longitude = models.FloatField(_("longitude"), null=True)
    latitude = models.FloatField(_("latitude"), null=True)
    closed_on = models.DateField(_("fermé le"), null=True)

    class Meta:
        verbose_name = _("lieu de médiation")
        verbose_name_plural = _("lieux de médiation")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "name", "commune"],
                name="venue_once",
                violation_error_message=_("Cet opérateur a déjà un lieu de ce nom dans cette commune."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ServiceOffer(models.Model):
    """A service given at a venue for a programme: its length and its price in passes.

    It stands from ``starts_on`` until the eve of ``ended_on``; one with another price takes over on the day it ends.
    """

    venue = models.ForeignKey(Venue, models.PROTECT, related_name="offers", verbose_name=_("lieu"))
    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="offers", verbose_name=_("dispositif")
    )
    service = models.ForeignKey("programmes.Service", models.PROTECT, related_name="offers", verbose_name=_("service"))
    price = models.PositiveSmallIntegerField(_("prix (pass)"), default=1)
    minutes = models.PositiveSmallIntegerField(_("durée (minutes)"), default=120)
    starts_on = models.DateField(_("à partir du"))
    ended_on = models.DateField(_("retirée le"), null=True)

    class Meta:
        verbose_name = _("offre")
        verbose_name_plural = _("offres")
        ordering = ["venue_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["venue", "programme", "service"],
                condition=Q(ended_on=None),
                name="offer_once",
                violation_error_message=_("Ce lieu propose déjà ce service dans ce dispositif."),
            ),
            models.CheckConstraint(
                condition=Q(price__gte=1),
                name="offer_costs_a_pass",
                violation_error_message=_("Une offre coûte au moins un pass."),
            ),
        ]
