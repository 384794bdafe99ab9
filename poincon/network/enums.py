from django.db import models
from django.utils.translation import gettext_lazy as _


class TrainingKind(models.TextChoices):
    PRESCRIBER = "prescriber", _("prescripteur")
    MEDIATOR = "mediator", _("médiateur")
