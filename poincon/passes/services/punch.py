"""A mediator who is signed in punches from a page: the same verb as a device's, under her own name."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from poincon.organisations.actors import NOT_ALLOWED, Actor
from poincon.organisations.devices import Scanner
from poincon.organisations.models import Organisation
from poincon.passes import permissions
from poincon.passes.models import Annulment
from poincon.passes.rules import ScanRequest
from poincon.passes.services.annul import annul_own
from poincon.passes.services.redeem import redeem
from poincon.passes.verdicts import Verdict, read_verdict


def punch(
    *,
    by: Actor,
    operator: Organisation,
    uuid: UUID,
    presented: str,
    venue_id: int,
    service: str,
    passes: int | None = None,
    now: datetime | None = None,
) -> Verdict:
    """Use passes at a venue of ``operator``; the answer, accepted or refused, is kept, and given again for ``uuid``.

    ``service`` is a code; ``passes`` None: the price of the service. Raises ``right_missing`` only.
    """
    moment = now or timezone.now()
    request = ScanRequest(uuid, presented, venue_id, service, moment, passes)
    [answer] = redeem([request], scanner=scanner_of(by, operator), now=moment)
    return read_verdict(answer)


def undo_punch(*, by: Actor, operator: Organisation, uuid: UUID, reason: str, now: datetime | None = None) -> Annulment:
    """Undo a punch of this operator within 15 minutes. Raises the refusals of ``annul_own``, and ``right_missing``."""
    return annul_own(scanner=scanner_of(by, operator), uuid=uuid, reason=reason, now=now)


def scanner_of(by: Actor, operator: Organisation) -> Scanner:
    """The person as a scanner. A role given for one programme punches too: the rules look at which one it names.

    Raises ``right_missing`` unless she punches for this operator.
    """
    if by.user is None or operator.pk not in by.organisation_ids(permissions.SCAN.roles):
        raise NOT_ALLOWED.filled(right=permissions.SCAN.label)
    return Scanner(
        operator_id=operator.pk,
        operator_version=operator.rules_version,
        device_id=None,
        user_id=by.user.pk,
        label=by.label,
    )
