from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import SECOND_FACTOR_ROLES, Role


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who signs in by e-mail; without a password, by a code sent to it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    email = models.EmailField(_("courriel"), unique=True)
    full_name = models.CharField(_("nom et prénom"), max_length=150)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    # The language of her pages and mails; empty: what her browser asks, French for mails.
    language = models.CharField(_("langue"), max_length=10, blank=True)
    is_active = models.BooleanField(_("actif"), default=True)
    created_at = models.DateTimeField(_("créé le"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        ordering = ["full_name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=models.functions.Lower("email")),
                name="user_email_lower_case",
                violation_error_message=_("L’adresse de courriel s’écrit en minuscules."),
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def needs_second_factor(self) -> bool:
        """Whether one of this person's roles moves money or rights, and so asks more than a code by e-mail."""
        return self.memberships.filter(ended_at=None, role__in=SECOND_FACTOR_ROLES).exists()


class Membership(models.Model):
    """One role of one person, for one organisation and, if named, for one programme only."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("personne"))
    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        related_name="memberships",
        verbose_name=_("organisation"),
    )
    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, null=True, related_name="memberships", verbose_name=_("dispositif")
    )
    role = models.CharField(_("rôle"), max_length=20, choices=Role.choices)
    since = models.DateTimeField(_("depuis"), default=timezone.now)
    ended_at = models.DateTimeField(_("jusqu’au"), null=True)

    class Meta:
        verbose_name = _("rôle d’une personne")
        verbose_name_plural = _("rôles des personnes")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "programme"],
                condition=Q(ended_at=None),
                name="membership_one_role_per_programme",
                violation_error_message=_("Cette personne a déjà un rôle dans cette organisation pour ce dispositif."),
            ),
            # SQL does not compare nulls: the roles without programme, and without organisation, need their own index.
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_at=None, programme=None),
                name="membership_one_role_per_organisation",
                violation_error_message=_("Cette personne a déjà un rôle dans cette organisation."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at=None, organisation=None),
                name="membership_administrator_once",
                violation_error_message=_("Cette personne est déjà administratrice."),
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(role=Role.ADMINISTRATOR),
                name="membership_organisation_unless_administrator",
                violation_error_message=_("Ce rôle s’exerce dans une organisation."),
            ),
            models.CheckConstraint(
                condition=Q(programme=None) | ~Q(role=Role.ADMINISTRATOR),
                name="membership_administrator_of_the_whole",
                violation_error_message=_("L’administrateur agit sur tout le service, pas sur un dispositif."),
            ),
        ]
