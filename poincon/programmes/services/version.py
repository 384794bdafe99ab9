"""What devices and scanners remember of a programme is thrown away when its version grows."""

from django.db.models import F

from poincon.programmes.models import Programme


def touch_rules(programme_id: int) -> None:
    """Say that what a scanner may accept in this programme has changed (dates, ceilings, services, territory).

    To be called in the transaction of the change: both are seen together, or neither.
    """
    Programme.objects.filter(pk=programme_id).update(rules_version=F("rules_version") + 1)
