"""Who is qualified, agreed, trained, on a given day. One query each, unless said otherwise."""

from datetime import date

from django.db.models import Q

from poincon.network.enums import TrainingKind
from poincon.network.models import PrescriberAgreement, Qualification, TrainingRecord
from poincon.organisations.models import Organisation, User
from poincon.programmes.models import Programme, Service


def holding(day: date, *, prefix: str = "") -> Q:
    """The condition that a qualification holds on that day (``rules.qualification_holds``), through ``prefix``."""
    return (
        Q(**{f"{prefix}valid_from__lte": day})
        & (Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gte": day}))
        & (Q(**{f"{prefix}withdrawn_on": None}) | Q(**{f"{prefix}withdrawn_on__gt": day}))
    )


def is_qualified(*, operator: Organisation, programme: Programme, day: date) -> bool:
    """Whether this operator may be paid by this programme for that day."""
    return Qualification.objects.filter(holding(day), operator=operator, programme=programme).exists()


def qualified_service_codes(qualification: Qualification) -> frozenset[str] | None:
    """Codes of the services an operator is qualified for; None for all those of the programme.

    The finer services that are a part of a named national one are among them.
    """
    if qualification.all_services:
        return None
    named = qualification.services.order_by()
    part_of_one = Q(national__in=named) & (Q(programme=None) | Q(programme=qualification.programme_id))
    found = Service.objects.filter(Q(pk__in=named) | part_of_one).order_by()
    return frozenset(found.values_list("code", flat=True))


def agreed_prescriber(*, prescriber: Organisation, programme: Programme, day: date) -> bool:
    """Whether this organisation may hand booklets of this programme over on that day."""
    return PrescriberAgreement.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        prescriber=prescriber,
        programme=programme,
        valid_from__lte=day,
    ).exists()


def is_trained(*, user: User | None, programme: Programme, kind: TrainingKind) -> bool:
    """Whether this person has followed that training of the programme. Nobody (None) is not trained."""
    return TrainingRecord.objects.filter(user=user, programme=programme, kind=kind).exists()
