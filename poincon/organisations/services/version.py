"""What devices and scanners remember of an organisation is thrown away when its version grows."""

from django.db.models import F

from poincon.organisations.models import Organisation


def touch_rules(organisation_id: int) -> None:
    """Say that what a scanner of this organisation may accept has changed (venue, offer, qualification, right).

    To be called in the transaction of the change: both are seen together, or neither.
    """
    Organisation.objects.filter(pk=organisation_id).update(rules_version=F("rules_version") + 1)
