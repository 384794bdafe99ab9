"""Reads about people: only those the asker may see."""

import re

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


#: Beyond, one types another word.
MOST_FOUND = 500
_NUMBER = re.compile(r"[\s.+-]*\d[\d\s.+-]*")


def matching_cases(cases: QuerySet[CaseFile], text: str) -> QuerySet[CaseFile]:
    """Those of ``cases`` whose person fits what was typed: words of her names, her telephone, the number of the file.

    Names are compared without accents, case or hyphens, which the engines do differently: one statement reads them.
    """
    kept = [pk for pk, *about in cases.order_by("-pk").values_list(*_COMPARED) if _fits(text, pk, *map(str, about))]
    return cases.filter(pk__in=kept[:MOST_FOUND])


_COMPARED = ("pk", "beneficiary__first_name", "beneficiary__last_name", "beneficiary__phone")


def _fits(text: str, number: int, first_name: str, last_name: str, phone: str) -> bool:
    if _NUMBER.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        return digits == str(number) or (len(digits) >= SHORTEST_PHONE and digits in re.sub(r"\D", "", phone))
    names = comparable_name(f"{first_name} {last_name}").split()
    words = comparable_name(text).split()
    return bool(words) and all(any(name.startswith(word) for name in names) for word in words)


#: Fewer digits would find everybody.
SHORTEST_PHONE = 4


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
