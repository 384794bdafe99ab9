"""What every floor remembers: who changed what, the seals over the facts, the progress of long work."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """A change of a setting, a right, a bank account or an identity: who, when, from where, before, after."""

    at = models.DateTimeField(_("le"), default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("auteur")
    )
    author_label = models.CharField(_("auteur affiché"), max_length=200)
    source = models.CharField(_("origine"), max_length=20)
    address = models.CharField(_("adresse réseau"), max_length=45, blank=True)
    action = models.CharField(_("action"), max_length=80)
    subject = models.CharField(_("objet"), max_length=80)
    subject_id = models.CharField(_("identifiant de l’objet"), max_length=40)
    programme_id = models.BigIntegerField(_("dispositif"), null=True)
    before = models.JSONField(_("avant"), default=dict)
    after = models.JSONField(_("après"), default=dict)

    class Meta:
        verbose_name = _("entrée du journal")
        verbose_name_plural = _("journal")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="audit_subject"),
            models.Index(fields=["programme_id", "-id"], name="audit_programme"),
        ]


class Seal(models.Model):
    """A Merkle root over every fact written since the seal before, chained to it (section "Evidence" of the domain)."""

    at = models.DateTimeField(_("scellé le"))
    previous_digest = models.CharField(_("empreinte du sceau précédent"), max_length=64, blank=True)
    root = models.CharField(_("racine de Merkle"), max_length=64)
    digest = models.CharField(_("empreinte"), max_length=64, unique=True)
    facts = models.PositiveBigIntegerField(_("nombre de faits"))
    # {table: [first id excluded, last id included, number of rows, root of the table]}
    extent = models.JSONField(_("étendue"))

    class Meta:
        verbose_name = _("sceau")
        verbose_name_plural = _("sceaux")
        ordering = ["id"]
        constraints = [
            # Two seals cannot follow the same one: the chain never forks.
            models.UniqueConstraint(
                fields=["previous_digest"],
                name="seal_chain_never_forks",
                violation_error_message=_("Un autre sceau suit déjà celui-ci."),
            )
        ]


class JobState(models.TextChoices):
    WAITING = "waiting", _("en attente")
    RUNNING = "running", _("en cours")
    DONE = "done", _("terminé")
    FAILED = "failed", _("en échec")


class Job(models.Model):
    """A long work that can be left and found again: what is done, what is left, its result or its errors."""

    kind = models.CharField(_("travail"), max_length=60)
    subject_id = models.CharField(_("objet"), max_length=40)
    #: Whose work it is: colleagues who hold the right follow it too (organisations stand one floor above).
    organisation_id = models.BigIntegerField(_("organisation"), null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("demandé par")
    )
    asked_at = models.DateTimeField(_("demandé le"), default=timezone.now)
    state = models.CharField(_("état"), max_length=10, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField(_("fait"), default=0)
    total = models.PositiveIntegerField(_("à faire"), default=0)
    moved_at = models.DateTimeField(_("dernier signe de vie"), null=True)
    ended_at = models.DateTimeField(_("fini le"), null=True)
    result = models.JSONField(_("résultat"), default=dict)
    error = models.TextField(_("erreur"), blank=True)

    class Meta:
        verbose_name = _("travail")
        verbose_name_plural = _("travaux")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="job_asker"),
            models.Index(fields=["organisation_id", "-id"], name="job_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done__lte=models.F("total")) | Q(total=0),
                name="job_done_within_total",
                violation_error_message=_("Un travail ne peut avancer au-delà de son total."),
            )
        ]


class MessageState(models.TextChoices):
    WAITING = "waiting", _("en attente")
    SENDING = "sending", _("en cours d’envoi")
    SENT = "sent", _("envoyé")
    DROPPED = "dropped", _("sans objet")
    FAILED = "failed", _("en échec")


class Message(models.Model):
    """A mail: to whom, about what, when, and whether it left. Never what it said: the facts say it."""

    template = models.CharField(_("modèle"), max_length=60)
    subject_id = models.CharField(_("identifiant de l’objet"), max_length=40, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("destinataire")
    )
    address = models.EmailField(_("adresse"))
    language = models.CharField(_("langue"), max_length=10)
    queued_at = models.DateTimeField(_("demandé le"), default=timezone.now)
    state = models.CharField(_("état"), max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    sent_at = models.DateTimeField(_("envoyé le"), null=True)
    error = models.CharField(_("erreur"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("courriel")
        verbose_name_plural = _("courriels")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "-id"], name="message_state"),
            models.Index(fields=["template", "subject_id"], name="message_subject"),
        ]
