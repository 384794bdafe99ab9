from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ProgrammeDraft(models.Model):
    """A programme being prepared, as it was typed, step by step: nothing in it is true yet.

    It is kept here rather than in a session, so that it outlives the session and a colleague may finish it. Once
    created, it is empty, and only says which programme it became: to whoever still has it open.
    """

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="+", verbose_name=_("commanditaire")
    )
    name = models.CharField(_("nom"), max_length=200, blank=True)
    # Step → field → what was typed. Only screens read it; the verb checks everything when the programme is created.
    answers = models.JSONField(_("réponses"), default=dict)
    programme = models.ForeignKey(
        "programmes.Programme",
        models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("dispositif créé"),
    )
    started_by_label = models.CharField(_("commencé par"), max_length=200)
    started_at = models.DateTimeField(_("commencé le"), default=timezone.now)
    changed_at = models.DateTimeField(_("modifié le"), default=timezone.now)

    class Meta:
        verbose_name = _("brouillon de dispositif")
        verbose_name_plural = _("brouillons de dispositif")
        ordering = ["-changed_at", "-id"]
