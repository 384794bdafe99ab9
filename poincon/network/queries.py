"""Who is qualified, agreed, trained, on a given day. One query each, unless said otherwise."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from poincon.network.enums import TrainingKind
from poincon.network.models import PrescriberAgreement, Qualification, QualificationSuspension, TrainingRecord
from poincon.organisations.models import Organisation, User
from poincon.programmes.models import Programme, Service


def holding(day: date) -> Q:
    """The condition that a qualification holds on that day (``rules.qualification_holds``)."""
    suspended = QualificationSuspension.objects.filter(
        Q(last_day=None) | Q(last_day__gte=day), qualification=OuterRef("pk"), first_day__lte=day
    )
    return (
        Q(valid_from__lte=day)
        & (Q(valid_until=None) | Q(valid_until__gte=day))
        & (Q(withdrawn_on=None) | Q(withdrawn_on__gt=day))
        & Q(~Exists(suspended))
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
