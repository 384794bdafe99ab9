from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SigningKey(models.Model):
    """An Ed25519 key that signs printed codes. Its private half is encrypted at rest, erased after its last batch."""

    # First four bytes of the SHA-256 of the public key, in hexadecimal: printed inside every code.
    identifier = models.CharField(_("identifiant"), max_length=8, unique=True)
    public_hex = models.CharField(_("clé publique"), max_length=64, unique=True)
    private_locked = models.TextField(_("clé privée chiffrée"), blank=True)
    created_at = models.DateTimeField(_("créée le"), default=timezone.now)
    retired_at = models.DateTimeField(_("retirée le"), null=True)
    revoked_at = models.DateTimeField(_("révoquée le"), null=True)
    revoked_reason = models.CharField(_("motif de révocation"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("clé de signature")
        verbose_name_plural = _("clés de signature")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(retired_at__isnull=False),
                name="signing_key_revoked_is_retired",
                violation_error_message=_("Une clé révoquée ne signe plus : elle est aussi retirée."),
            ),
            # Two keys that both sign would be two answers to "which one was stolen".
            models.UniqueConstraint(
                IsNull(F("retired_at"), True),
                condition=Q(retired_at=None),
                name="signing_key_only_one_signs",
                violation_error_message=_("Une autre clé signe déjà : une seule signe à la fois."),
            ),
        ]
