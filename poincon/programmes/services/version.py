"""What devices and scanners remember of a programme is thrown away when its version grows."""

from datetime import date
from typing import Any

from django.db.models import F

from poincon.kernel import audit
from poincon.organisations.actors import Actor
from poincon.programmes.models import Programme


def touch_rules(programme_id: int) -> None:
    """Say that what a scanner may accept in this programme has changed (dates, ceilings, services, territory).

    To be called in the transaction of the change: both are seen together, or neither.
    """
    Programme.objects.filter(pk=programme_id).update(rules_version=F("rules_version") + 1)


def locked(programme: Programme) -> Programme:
    """The programme as it is now, held until the end of the transaction."""
    return Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)


def note(
    by: Actor,
    action: str,
    programme: Programme,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Tell the scanners and the journal."""
    touch_rules(programme.pk)
    audit.record(by, action, programme, programme_id=programme.pk, before=before, after=after)


def plain(value: object) -> object:
    """A value as the journal keeps it."""
    return value.isoformat() if isinstance(value, date) else value
