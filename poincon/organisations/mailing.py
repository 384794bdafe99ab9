"""To whom one writes: the people of an organisation, or its mailbox when nobody there has an account."""

from collections.abc import Iterable, Mapping

from django.db.models import Q

from poincon.kernel.messages import Recipient
from poincon.organisations.enums import Role
from poincon.organisations.models import Membership, Organisation


def recipients(
    organisation_ids: Iterable[int], roles: Iterable[Role], *, programme_id: int
) -> Mapping[int, list[Recipient]]:
    """By organisation, those who have one of ``roles`` there for this programme or for all. Two statements.

    An organisation that nobody represents is written to at its own address, if it gave one.
    """
    wanted = set(organisation_ids)
    found: dict[int, list[Recipient]] = {organisation_id: [] for organisation_id in wanted}
    memberships = Membership.objects.filter(
        Q(programme=None) | Q(programme=programme_id),
        organisation_id__in=wanted,
        role__in=set(roles),
        ended_at=None,
        user__is_active=True,
    )
    people = memberships.order_by("user_id").values_list("organisation_id", "user_id", "user__email", "user__language")
    for organisation_id, user_id, email, language in people.distinct():
        if organisation_id is not None:
            found[organisation_id].append(Recipient(email, user_id, language))
    alone = [organisation_id for organisation_id, those in found.items() if not those]
    for organisation_id, email in Organisation.objects.filter(pk__in=alone).values_list("pk", "email"):
        if email:
            found[organisation_id].append(Recipient(email))
    return found
