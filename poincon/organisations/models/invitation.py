from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role


class Invitation(models.Model):
    """A role offered to whoever reads a mailbox. Its link is signed, runs out, and serves once.

    ``sendings`` is signed into the link: sending again makes the links before worthless. Nothing here lets anybody make
    the link without the key of the site.
    """

    email = models.EmailField(_("courriel"))
    full_name = models.CharField(_("nom et prénom"), max_length=150, blank=True)
    role = models.CharField(_("rôle"), max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        related_name="invitations",
        verbose_name=_("organisation"),
    )
    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, null=True, related_name="invitations", verbose_name=_("dispositif")
    )
    # The programme whose coordinator welcomes an operator that nobody represents yet (services.people.grant_role).
    welcomed_in = models.ForeignKey(
        "programmes.Programme", models.PROTECT, null=True, related_name="+", verbose_name=_("accueilli dans")
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("invité par")
    )
    invited_by_label = models.CharField(_("invité par (affiché)"), max_length=200)
    sendings = models.PositiveIntegerField(_("envois"), default=1)
    sent_at = models.DateTimeField(_("envoyée le"), default=timezone.now)
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="invitations", verbose_name=_("acceptée par")
    )
    revoked_at = models.DateTimeField(_("retirée le"), null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "email",
                # SQL does not compare nulls.
                Coalesce("organisation", 0),
                Coalesce("programme", 0),
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
                violation_error_message=_("Cette personne est déjà invitée à cet endroit."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="invitation_accepted_or_revoked",
                violation_error_message=_("Une invitation acceptée ne se retire plus."),
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(role=Role.ADMINISTRATOR),
                name="invitation_organisation_unless_administrator",
                violation_error_message=_("Ce rôle s’exerce dans une organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.email
