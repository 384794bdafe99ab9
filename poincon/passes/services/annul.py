"""Undo a punch: a compensating row; the passes become usable again."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for
from poincon.organisations.actors import Actor
from poincon.organisations.devices import Scanner
from poincon.passes import codes, permissions, positions
from poincon.passes.models import Annulment, Booklet, HandOver, Redemption, Scan
from poincon.passes.services.hand_over import lock_booklet

#: How long the one who punched may undo it alone (section "Principles" of the screens).
UNDO_MINUTES = 15

SCAN_UNKNOWN = Refusal(
    "scan_unknown", _("Ce poinçon n’existe pas, ou n’est pas de votre structure."), _("Vérifiez la liste du jour.")
)
NOTHING_TO_ANNUL = Refusal("nothing_to_annul", _("Ce scan avait été refusé : il n’y a rien à annuler."))
TOO_LATE = Refusal(
    "annul_too_late",
    _("Un poinçon s’annule dans les %(minutes)s minutes."),
    _("Passé ce délai, demandez-le à la tête de réseau du dispositif."),
)
ALREADY_REPLACED = Refusal(
    "annul_replaced",
    _("Ce chéquier a été remplacé : les pass qui restaient ont été donnés sur un autre."),
    _("Annulez d’abord la remise de remplacement, puis ce poinçon."),
)


@transaction.atomic
def annul_own(
    *,
    scanner: Scanner,
    uuid: UUID,
    reason: str,
    occurred_at: datetime | None = None,
    now: datetime | None = None,
) -> Annulment:
    """The mediator undoes a punch of its operator, within 15 minutes of it on the device's clock or on the server's.

    ``occurred_at`` is when it was asked on a device off line. Asking again gives the same annulment. Raises Refusal
    ``scan_unknown``, ``nothing_to_annul``, ``annul_too_late``, ``annul_replaced``, ``text_too_long``.
    """
    scan = _locked_scan(Scan.objects.filter(uuid=uuid, operator_id=scanner.operator_id).first())
    arrived = now or timezone.now()
    delay = min(arrived - scan.received_at, _asked_at(scan, occurred_at, arrived) - scan.occurred_at)
    if not hasattr(scan, "annulment") and delay > timedelta(minutes=UNDO_MINUTES):
        raise TOO_LATE.filled(minutes=UNDO_MINUTES)
    return _annul(scan, reason=reason, by_label=scanner.label, now=now)


@transaction.atomic
def annul(*, by: Actor, uuid: UUID, reason: str, now: datetime | None = None) -> Annulment:
    """The coordinator or the funder undoes a punch, at any time; what was owed for it is taken back later.

    The passes of a booklet blocked or expired stay so. Raises Refusal ``right_missing``, ``scan_unknown``,
    ``nothing_to_annul``, ``annul_replaced``, ``text_too_long``.
    """
    scan = _locked_scan(Scan.objects.filter(uuid=uuid).first())
    if scan.booklet is None:
        raise NOTHING_TO_ANNUL.filled()
    by.require(permissions.ANNUL, programme=scan.booklet.batch.programme)
    return _annul(scan, reason=reason, by_label=by.label, now=now)


def _asked_at(scan: Scan, occurred_at: datetime | None, now: datetime) -> datetime:
    """When the annulment was asked. The device is believed as long as its scans are, not for ever."""
    offline = timedelta(days=scan.booklet.batch.programme.offline_max_days) if scan.booklet else timedelta()
    return occurred_at if occurred_at is not None and now - occurred_at <= offline else now


def _locked_scan(scan: Scan | None) -> Scan:
    """The scan, its booklet locked as a redemption locks it."""
    if scan is None:
        raise SCAN_UNKNOWN.filled()
    if not scan.accepted or scan.booklet is None:
        raise NOTHING_TO_ANNUL.filled()
    lock_booklet(codes.written(scan.booklet.number))
    return Scan.objects.select_related("booklet__batch__programme", "annulment").get(pk=scan.pk)


def _annul(scan: Scan, *, reason: str, by_label: str, now: datetime | None) -> Annulment:
    if hasattr(scan, "annulment"):
        return scan.annulment
    reason = text_for(Annulment, "reason", reason)
    # What was left has been counted and given again: a pass freed now would be given to nobody.
    if HandOver.objects.filter(replaces__booklet=scan.booklet_id, cancellation=None).exists():
        raise ALREADY_REPLACED.filled()
    # Waits for a month being closed with these passes: it counts them, and the next one takes them back.
    redemptions = list(Redemption.objects.select_for_update(of=("self",), no_key=True).filter(scan=scan))
    # The clock is read once the wait is over: an annulment that waited for a closing comes after it.
    annulment = Annulment.objects.create(scan=scan, at=now or timezone.now(), by_label=by_label, reason=reason)
    Redemption.objects.filter(scan=scan).update(annulment=annulment)
    freed = positions.mask_of(redemption.position for redemption in redemptions)
    booklet = Booklet.objects.get(pk=redemptions[0].booklet_id)
    booklet.used &= ~freed
    booklet.save(update_fields=["used"])
    return annulment
