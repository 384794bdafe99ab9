from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from poincon.programmes.enums import Catalogue


class Service(models.Model):
    """A thing a venue can do for a person. The code is the one of the published list, or a local one."""

    code = models.SlugField(_("code"), max_length=100, unique=True)
    label = models.CharField(_("libellé"), max_length=200)
    catalogue = models.CharField(_("référentiel"), max_length=20, choices=Catalogue.choices)
    national = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="refinements", verbose_name=_("service national")
    )
    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, null=True, related_name="local_services", verbose_name=_("dispositif")
    )

    # Only a local service: the published lists are never cut short.
    retired_on = models.DateField(_("retiré le"), null=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["catalogue", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(catalogue=Catalogue.NATIONAL, national=None)
                | ~Q(catalogue=Catalogue.NATIONAL) & Q(national__isnull=False),
                name="service_maps_to_a_national_one",
                violation_error_message=_("Un service fin ou local se rattache à l’un des services nationaux."),
            ),
            models.CheckConstraint(
                condition=Q(catalogue=Catalogue.LOCAL, programme__isnull=False)
                | ~Q(catalogue=Catalogue.LOCAL) & Q(programme=None),
                name="service_local_to_a_programme",
                violation_error_message=_("Un service local appartient à un dispositif, un service national à aucun."),
            ),
            models.CheckConstraint(
                condition=Q(retired_on=None) | Q(catalogue=Catalogue.LOCAL),
                name="service_only_local_retires",
                violation_error_message=_("Seul un service local se retire."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
