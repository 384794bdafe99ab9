"""Who was trained for a programme."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.network import permissions
from poincon.network.enums import TrainingKind
from poincon.network.models import TrainingRecord
from poincon.network.services.periods import written
from poincon.organisations.actors import Actor
from poincon.organisations.models import User
from poincon.programmes.models import Programme
from poincon.programmes.services import touch_rules as touch_programme

TRAINED_LATER = Refusal(
    "network.training_in_the_future",
    _("Suivie le : cette date n’est pas encore passée."),
    _("Enregistrez la formation quand elle a eu lieu."),
)
ALREADY_TRAINED = Refusal(
    "network.already_trained",
    _("%(person)s a déjà suivi cette formation, le %(day)s."),
    _("Il n’y a rien à enregistrer."),
)


@transaction.atomic
def record_training(
    *,
    by: Actor,
    user: User,
    programme: Programme,
    kind: TrainingKind,
    done_on: date,
    now: datetime | None = None,
) -> TrainingRecord:
    """Record that a person followed a training of the programme. Raises a refusal if it is already, or not yet."""
    by.require(permissions.RECORD_TRAINING, programme=programme)
    if done_on > (now or timezone.now()).astimezone(ZoneInfo(programme.time_zone)).date():
        raise TRAINED_LATER.filled()
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    before = TrainingRecord.objects.filter(user=user, programme=programme, kind=kind).first()
    if before is not None:
        raise ALREADY_TRAINED.filled(person=user, day=written(before.done_on))
    row = TrainingRecord.objects.create(user=user, programme=programme, kind=TrainingKind(kind), done_on=done_on)
    touch_programme(programme.pk)
    after = {"user": user.pk, "kind": row.kind, "done_on": done_on.isoformat()}
    audit.record(by, "network.record_training", row, programme_id=programme.pk, after=after)
    return row


@transaction.atomic
def record_group_training(
    *,
    by: Actor,
    users: Iterable[User],
    programme: Programme,
    kind: TrainingKind,
    done_on: date,
    now: datetime | None = None,
) -> list[TrainingRecord]:
    """Record that a group followed a training of the programme; those who had followed it already are left as they are.

    Returns the new records. Raises a refusal for a day to come.
    """
    by.require(permissions.RECORD_TRAINING, programme=programme)
    there = {user.pk: user for user in users}
    before = TrainingRecord.objects.filter(user__in=there, programme=programme, kind=kind).values_list(
        "user", flat=True
    )
    trained = set(before)
    return [
        record_training(by=by, user=user, programme=programme, kind=kind, done_on=done_on, now=now)
        for user in there.values()
        if user.pk not in trained
    ]
