"""Finding organisations and their people. One query each; lists are given whole, for a screen to filter and cut."""

import re

from django.db.models import QuerySet

from poincon.kernel.alphabet import Alphabetical
from poincon.organisations.models import Invitation, Membership, Organisation, Site

_SEPARATORS = re.compile(r"[\s.]")


def find_organisation(reference: str) -> Organisation | None:
    """The organisation with this SIRET, RNA number, SIREN or exact name; None when there is none, or several."""
    compact = _SEPARATORS.sub("", reference).upper()
    if re.fullmatch(r"\d{14}", compact):
        found = Organisation.objects.filter(siret=compact)
    elif re.fullmatch(r"W\d{9}", compact):
        found = Organisation.objects.filter(rna=compact)
    elif re.fullmatch(r"\d{9}", compact):
        found = Organisation.objects.filter(siren=compact)
    else:
        found = Organisation.objects.filter(name=reference.strip())
    few = list(found.order_by("pk")[:2])
    return few[0] if len(few) == 1 else None


def people_of(organisation_id: int) -> QuerySet[Membership]:
    """The roles held today in an organisation, by name, with the person and the programme."""
    held = Membership.objects.filter(organisation=organisation_id, ended_at=None)
    return held.select_related("user", "programme", "organisation").order_by(Alphabetical("user__full_name"), "pk")


def invitations_of(organisation_id: int) -> QuerySet[Invitation]:
    """The invitations of an organisation that nobody answered yet, those that ran out included; latest first."""
    asked = Invitation.objects.filter(organisation=organisation_id, accepted_at=None, revoked_at=None)
    return asked.select_related("programme", "organisation").order_by("-sent_at", "-pk")


def sites_of(organisation_id: int) -> QuerySet[Site]:
    """The addresses of an organisation, by name, with their commune."""
    return (
        Site.objects.filter(organisation=organisation_id).select_related("commune").order_by(Alphabetical("name"), "pk")
    )
