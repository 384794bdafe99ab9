"""A booklet for a person whom nobody knows yet: her case file and the hand-over, both or neither."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from poincon.beneficiaries.services import CaseChanges, open_case, wait_for_turn
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.passes import permissions
from poincon.passes.models import HandOver
from poincon.passes.ranges import find_booklet
from poincon.passes.services.hand_over import already_made, hand_over


@transaction.atomic
def hand_over_to_newcomer(
    *,
    by: Actor,
    prescriber: Organisation,
    number: str,
    person: CaseChanges,
    passes: int | None = None,
    request_id: UUID | None = None,
    now: datetime | None = None,
) -> HandOver:
    """Open the case file of a person in the programme of a booklet, and hand it over to her.

    A booklet that is refused leaves no case file behind. Asked again with the same ``request_id``, returns the
    hand-over already made. Raises as ``open_case`` and ``hand_over``.
    """
    programme = find_booklet(number).batch.programme
    by.require(permissions.HAND_OVER, programme=programme, organisation_id=prescriber.pk)
    # A button pressed twice: the second request waits here, then finds what the first one made.
    wait_for_turn(programme.pk)
    if (done := already_made(request_id, prescriber)) is not None:
        return done
    case = open_case(by=by, programme=programme, prescriber=prescriber, now=now, **person)
    return hand_over(
        by=by, prescriber=prescriber, number=number, case_file=case, passes=passes, request_id=request_id, now=now
    )
