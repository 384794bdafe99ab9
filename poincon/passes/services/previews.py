"""What a parcel or a destruction would do, told before it is done: done, looked at, undone."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.passes.models import Transfer
from poincon.passes.ranges import BookletRange
from poincon.passes.services.move import destroy, send

Result = TypeVar("Result")


def preview_send(
    *,
    by: Actor,
    sender: Organisation,
    receiver: Organisation,
    ranges: Sequence[BookletRange],
    now: datetime | None = None,
) -> Transfer:
    """What ``send`` would do, or its refusal. Nothing of it stays: the slip has no row, no mail leaves."""
    return _undone(lambda: send(by=by, sender=sender, receiver=receiver, ranges=ranges, now=now))


def preview_destroy(
    *, by: Actor, holder: Organisation, ranges: Sequence[BookletRange], now: datetime | None = None
) -> None:
    """Raise the refusal that ``destroy`` would have for these booklets, whoever the witness. Nothing of it stays."""
    said = "—"
    _undone(
        lambda: destroy(
            by=by, holder=holder, ranges=ranges, place=said, method=said, witness=said, reason=said, now=now
        )
    )


def _undone(work: Callable[[], Result]) -> Result:
    with transaction.atomic():
        done = work()
        transaction.set_rollback(True)
    return done
