"""Who is qualified, agreed, trained, on a given day. One query each, unless said otherwise."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from poincon.network.enums import TrainingKind
from poincon.network.models import PrescriberAgreement, Qualification, QualificationSuspension, TrainingRecord
from poincon.organisations.models import Membership, Organisation, User
from poincon.programmes.models import Funding, Programme, Service

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

BOOLEAN = BooleanField()


class InForce(TypedDict):
    """Whether a right holds on the day that was asked."""

    in_force: bool


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


# --- lists: whole, for a screen to filter and cut ---------------------------------------------------------------------


def qualifications_of(programme: Programme, day: date) -> QuerySet["WithAnnotations[Qualification, InForce]"]:
    """Every qualification of a programme, by operator; ``in_force`` says whether it holds on that day."""
    listed = Qualification.objects.filter(programme=programme).annotate(
        in_force=ExpressionWrapper(holding(day), BOOLEAN)
    )
    return listed.select_related("operator__commune").prefetch_related("suspensions").order_by("operator__name", "pk")


def agreements_of(programme: Programme, day: date) -> QuerySet["WithAnnotations[PrescriberAgreement, InForce]"]:
    """Every agreement of a programme, by prescriber; ``in_force`` says whether it holds on that day."""
    holds = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))
    listed = PrescriberAgreement.objects.filter(programme=programme)
    return (
        listed.annotate(in_force=ExpressionWrapper(holds, BOOLEAN))
        .select_related("prescriber__commune")
        .order_by("prescriber__name", "pk")
    )


def trainings_of(programme: Programme) -> QuerySet[TrainingRecord]:
    """The trainings followed for a programme, latest first, with the person."""
    return TrainingRecord.objects.filter(programme=programme).select_related("user").order_by("-done_on", "-pk")


def organisations_of(programme: Programme) -> QuerySet[Organisation]:
    """Everybody of a programme, by name: its owner, its lead network, its funders, operators and prescribers.

    Those whose qualification or agreement is over are among them: they may hold booklets, or be owed money.
    """
    own = [programme.owner_id, *([programme.lead_network_id] if programme.lead_network_id else [])]
    here = {"programme": programme}
    concerned = (
        Q(pk__in=own)
        | Q(Exists(Funding.objects.filter(funder=OuterRef("pk"), **here)))
        | Q(Exists(Qualification.objects.filter(operator=OuterRef("pk"), **here)))
        | Q(Exists(PrescriberAgreement.objects.filter(prescriber=OuterRef("pk"), **here)))
    )
    return Organisation.objects.filter(concerned).select_related("commune").order_by("name", "pk")


def people_of_network(programme: Programme) -> QuerySet[Membership]:
    """The roles held today in a programme: for it alone, or in one of its organisations; by name of the person."""
    there = Q(programme=None, organisation__in=organisations_of(programme).order_by().values("pk"))
    held = Membership.objects.filter(Q(programme=programme) | there, ended_at=None, user__is_active=True)
    return held.select_related("user", "organisation", "programme").order_by("user__full_name", "pk")
