"""What one operator punched: the list of its scans, whom they were for, and what may still be undone."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from poincon.passes import positions
from poincon.passes.models import HandOver, Redemption, Scan
from poincon.passes.services.annul import UNDO_MINUTES


def punches_of(operator_id: int, *, programme_id: int | None = None) -> QuerySet[Scan]:
    """The scans of an operator, refused ones included, with all that ``person_of`` and a list read of them.

    Of one programme, if named: scans that name no booklet are then left out. Three statements, whatever their number.
    """
    scans = Scan.objects.filter(operator=operator_id).select_related(
        "booklet__batch__programme", "venue", "service", "mediator", "device", "annulment"
    )
    if programme_id is not None:
        scans = scans.filter(booklet__batch__programme=programme_id)
    given = HandOver.objects.filter(cancellation=None).select_related("case_file__beneficiary").order_by("pk")
    return scans.prefetch_related(
        Prefetch("redemptions", Redemption.objects.order_by("position")),
        Prefetch("booklet__hand_overs", given),
    )


def punches_between(scans: QuerySet[Scan], first: datetime, last: datetime) -> QuerySet[Scan]:
    """Those that happened from ``first`` on and before ``last``, latest first."""
    # Nothing reaches us before it happens, but for a clock that is a little ahead: the index on arrivals cuts early.
    arrived = Q(received_at__gte=first - timedelta(hours=1))
    return scans.filter(arrived, occurred_at__gte=first, occurred_at__lt=last).order_by("-id")


def last_punch(operator_id: int, user_id: int) -> Scan | None:
    """The last accepted scan of this person for this operator: where she was, and for which service."""
    accepted = Scan.objects.filter(operator=operator_id, mediator=user_id, accepted=True)
    return accepted.select_related("service").order_by("-id").first()


def person_of(scan: Scan) -> str:
    """First name and initial of the person who held the passes of an accepted scan of ``punches_of``; never more.

    Empty for an anonymous programme, and for a scan that was refused: it tells its operator nothing of anybody.
    """
    if not scan.accepted or scan.booklet is None:
        return ""
    passes = positions.mask_of(redemption.position for redemption in scan.redemptions.all())
    given = next((one for one in scan.booklet.hand_overs.all() if one.passes & passes), None)
    if given is None or given.case_file is None:
        return ""
    person = given.case_file.beneficiary
    initial = f"{person.last_name[:1].upper()}." if person.last_name else ""
    return f"{person.first_name} {initial}".strip() if person.first_name else ""


def value_of(scan: Scan) -> int:
    """What a scan of ``punches_of`` is worth now, in cents; nothing once it is annulled."""
    return sum(one.value for one in scan.redemptions.all() if one.annulment_id is None)


def may_undo(scan: Scan, now: datetime) -> bool:
    """Whether its operator may still undo this scan alone (``services.annul.annul_own`` decides)."""
    fresh = now - scan.received_at <= timedelta(minutes=UNDO_MINUTES)
    return scan.accepted and fresh and not hasattr(scan, "annulment")


def undoable_now(operator_id: int, now: datetime) -> set[UUID]:
    """The scans of an operator that may still be undone alone. One statement."""
    fresh = Scan.objects.filter(
        operator=operator_id, accepted=True, annulment=None, received_at__gte=now - timedelta(minutes=UNDO_MINUTES)
    )
    return set(fresh.values_list("uuid", flat=True))
