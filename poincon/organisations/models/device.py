from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Device(models.Model):
    """A scanner: a phone or a browser enrolled by a mediator for one operator. Its token is kept only as a digest."""

    operator = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="devices", verbose_name=_("opérateur")
    )
    label = models.CharField(_("nom de l’appareil"), max_length=80)
    token_digest = models.CharField(_("empreinte du jeton"), max_length=64, unique=True)
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="devices", verbose_name=_("enrôlé par")
    )
    enrolled_at = models.DateTimeField(_("enrôlé le"), default=timezone.now)
    last_contact_at = models.DateTimeField(
        _("dernier contact"), null=True, help_text=_("À un quart d’heure près : quand l’appareil a demandé son état.")
    )
    revoked_at = models.DateTimeField(_("révoqué le"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("révoqué par")
    )

    class Meta:
        verbose_name = _("appareil")
        verbose_name_plural = _("appareils")
        ordering = ["operator_id", "-id"]

    def __str__(self) -> str:
        return self.label
