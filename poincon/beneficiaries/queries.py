"""Reads about people: only those the asker may see."""

from django.db.models import Q, QuerySet

from poincon.beneficiaries import permissions
from poincon.beneficiaries.models import Beneficiary, CaseFile
from poincon.beneficiaries.rules import Identity, comparable_name
from poincon.organisations.actors import Actor
from poincon.programmes.enums import IdentityLevel
from poincon.programmes.models import Programme


def cases_seen_by(actor: Actor) -> QuerySet[CaseFile]:
    """The case files opened by the organisations where this person prescribes (for one programme, if its role is).

    The person first, then the programme and the public: one query.
    """
    seen = Q(pk__in=())
    for membership in actor.memberships:
        if membership.role in permissions.SEE_CASE.roles:
            here = Q(prescriber=membership.organisation_id)
            seen |= here & Q(programme=membership.programme_id) if membership.programme_id else here
    cases = CaseFile.objects.all() if actor.system_label else CaseFile.objects.filter(seen)
    return cases.select_related("beneficiary__commune", "programme", "public", "prescriber").order_by("-pk")


def same_person(programme: Programme, identity: Identity, *, level: IdentityLevel) -> CaseFile | None:
    """The case file that this person already has in the programme. Nobody is recognised where people have no name.

    Identified people are recognised by birth date and both names, others by telephone and first name. One query, on
    the handful of people who share the birth date or the telephone.
    """
    if level is IdentityLevel.ANONYMOUS:
        return None
    key = {"birth_date": identity.birth_date} if level is IdentityLevel.IDENTIFIED else {"phone": identity.phone}
    alike = Beneficiary.objects.filter(case_files__programme=programme, **key).distinct()
    wanted = _names(identity)
    same = [person.pk for person in alike if _names(person) == wanted]
    found = CaseFile.objects.filter(programme=programme, beneficiary__in=same).select_related("prescriber")
    return found.order_by("pk").first() if same else None


def _names(person: Identity | Beneficiary) -> tuple[str, str]:
    return comparable_name(person.first_name), comparable_name(person.last_name)
