"""Activate and expire: the two ends of what a batch is worth."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.money import euros
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import written_day
from poincon.organisations.actors import Actor
from poincon.passes import permissions
from poincon.passes.cover import Cover, cover
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Batch, Booklet
from poincon.passes.queries.batch import batch_last_day, day_of
from poincon.passes.services.locking import lock_all
from poincon.passes.services.order import refuse_cancelled
from poincon.programmes.models import Programme

NOT_PRINTED = Refusal("batch_not_printed", _("Ce lot n’est pas imprimé."), _("Imprimez-le, puis activez-le."))
ALREADY_ACTIVE = Refusal("batch_already_active", _("Ce lot est déjà actif depuis le %(day)s."))
NOT_COVERED = Refusal(
    "not_covered",
    _("Il manque %(missing)s pour couvrir ce lot de %(value)s."),
    _("Enregistrez le versement ou l’engagement reçu, puis activez le lot."),
)
NOT_COVERED_WITH_DEBTS = Refusal(
    "not_covered",
    _("Il manque %(missing)s pour couvrir ce lot de %(value)s : des opérateurs doivent rendre %(owed)s."),
    _("Enregistrez le versement ou l’engagement reçu, ou arrêtez le mois qui reprend ce qu’ils doivent."),
)
NOT_OVER = Refusal(
    "batch_not_over",
    _("Les pass de ce lot peuvent encore servir jusqu’au %(day)s, et des scans hors ligne arriver jusqu’au %(sync)s."),
    _("Revenez après cette date."),
)


@transaction.atomic
def activate(*, by: Actor, batch: Batch, now: datetime | None = None) -> Batch:
    """Make the booklets of a printed batch usable, if the money behind them is recorded.

    Raises Refusal: ``right_missing``, ``batch_cancelled``, ``batch_not_printed``, ``batch_already_active``,
    ``not_covered``.
    """
    by.require(permissions.ACTIVATE_BATCH, programme=batch.programme)
    now = now or timezone.now()
    # Two activations at the same second must not both count on the same money.
    programme = lock_cover(batch.programme_id)
    batch = Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    refuse_cancelled(batch)
    if batch.printed_at is None:
        raise NOT_PRINTED.filled()
    if batch.activated_at is not None:
        raise ALREADY_ACTIVE.filled(day=written_day(day_of(programme, batch.activated_at)))
    # What was destroyed before needs no money.
    inert = Booklet.objects.filter(batch=batch, validity=Validity.INERT).exclude(custody=Custody.DESTROYED)
    value = inert.count() * batch.size * batch.unit_value
    figures = cover(programme)
    if not figures.holds(more=value):
        raise _not_covered(figures, value)
    batch.activated_at = now
    batch.save(update_fields=["activated_at"])
    lock_all(inert)
    inert.update(validity=Validity.ACTIVE)
    audit.record(by, "batch.activate", batch, programme_id=programme.pk, after={"value": value})
    return batch


def _not_covered(figures: Cover, value: int) -> Refusal:
    refusal = NOT_COVERED_WITH_DEBTS if figures.owed_back else NOT_COVERED
    return refusal.filled(missing=euros(figures.missing(more=value)), value=euros(value), owed=euros(figures.owed_back))


def lock_cover(programme_id: int) -> Programme:
    """Lock the programme row: whoever engages or takes back its money waits here."""
    return Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme_id)


@transaction.atomic
def expire(*, by: Actor, batch: Batch, now: datetime | None = None) -> int:
    """End a batch whose validity, tolerance and offline delay are over; returns how many booklets expired.

    It is final: an extension of the programme decided later does not bring these passes back. Asking again changes
    nothing. Raises Refusal ``right_missing``, ``batch_cancelled`` or ``batch_not_over``.
    """
    by.require(permissions.ACTIVATE_BATCH, programme=batch.programme)
    now = now or timezone.now()
    programme = lock_cover(batch.programme_id)
    batch = Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    refuse_cancelled(batch)
    last_day = batch_last_day(batch) + timedelta(days=batch.grace_days)
    last_sync = last_day + timedelta(days=programme.offline_max_days)
    if day_of(programme, now) <= last_sync:
        raise NOT_OVER.filled(day=written_day(last_day), sync=written_day(last_sync))
    if batch.expired_at is not None:
        return 0
    batch.expired_at = now
    batch.save(update_fields=["expired_at"])
    # What was destroyed has its own record, and counts there.
    usable = Booklet.objects.filter(batch=batch, validity__in=[Validity.INERT, Validity.ACTIVE])
    usable = usable.exclude(custody=Custody.DESTROYED)
    lock_all(usable)
    expired = usable.update(validity=Validity.EXPIRED)
    audit.record(by, "batch.expire", batch, programme_id=programme.pk, after={"booklets": expired})
    return expired
