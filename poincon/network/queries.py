"""Who is qualified, agreed, trained, on a given day. One query each, unless said otherwise."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from poincon.kernel.alphabet import Alphabetical
from poincon.network.enums import TrainingKind
from poincon.network.models import PrescriberAgreement, Qualification, QualificationSuspension, TrainingRecord
from poincon.organisations.enums import Role
from poincon.organisations.models import Invitation, Membership, Organisation, User
from poincon.programmes.models import Funding, Programme, Service

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

BOOLEAN = BooleanField()
#: Who is expected to follow each training.
TRAINED_ROLES = {
    TrainingKind.PRESCRIBER: (Role.PRESCRIBER,),
    TrainingKind.MEDIATOR: (Role.MEDIATOR, Role.OPERATOR_MANAGER),
}


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
    return (
        listed.select_related("operator__commune")
        .prefetch_related("suspensions")
        .order_by(Alphabetical("operator__name"), "pk")
    )


def agreements_of(programme: Programme, day: date) -> QuerySet["WithAnnotations[PrescriberAgreement, InForce]"]:
    """Every agreement of a programme, by prescriber; ``in_force`` says whether it holds on that day."""
    holds = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))
    listed = PrescriberAgreement.objects.filter(programme=programme)
    return (
        listed.annotate(in_force=ExpressionWrapper(holds, BOOLEAN))
        .select_related("prescriber__commune")
        .order_by(Alphabetical("prescriber__name"), "pk")
    )


def trainings_of(programme: Programme) -> QuerySet[TrainingRecord]:
    """The trainings followed for a programme, latest first, with the person."""
    return TrainingRecord.objects.filter(programme=programme).select_related("user").order_by("-done_on", "-pk")


def organisations_of(programme: Programme) -> QuerySet[Organisation]:
    """Everybody of a programme, by name: its owner, its lead network, its funders, operators and prescribers.

    Those whose qualification or agreement is over are among them: they may hold booklets, or be owed money. So are
    those registered for it about which nothing is decided yet.
    """
    own = [programme.owner_id, *([programme.lead_network_id] if programme.lead_network_id else [])]
    here = {"programme": programme}
    concerned = (
        Q(pk__in=own)
        | Q(registered_for=programme)
        | Q(Exists(Funding.objects.filter(funder=OuterRef("pk"), **here)))
        | Q(Exists(Qualification.objects.filter(operator=OuterRef("pk"), **here)))
        | Q(Exists(PrescriberAgreement.objects.filter(prescriber=OuterRef("pk"), **here)))
    )
    return Organisation.objects.filter(concerned).select_related("commune").order_by(Alphabetical("name"), "pk")


def people_of_network(programme: Programme) -> QuerySet[Membership]:
    """The roles held today in a programme: for it alone, or in one of its organisations; by name of the person."""
    there = Q(programme=None, organisation__in=organisations_of(programme).order_by().values("pk"))
    held = Membership.objects.filter(Q(programme=programme) | there, ended_at=None, user__is_active=True)
    return held.select_related("user", "organisation", "programme").order_by(Alphabetical("user__full_name"), "pk")


def undecided(programme: Programme) -> QuerySet[Organisation]:
    """The organisations registered for a programme that wait to be qualified or agreed, by name."""
    qualified = Qualification.objects.filter(operator=OuterRef("pk"), programme=programme)
    agreed = PrescriberAgreement.objects.filter(prescriber=OuterRef("pk"), programme=programme)
    waits = (Q(is_operator=True) & ~Q(Exists(qualified))) | (Q(is_prescriber=True) & ~Q(Exists(agreed)))
    here = Organisation.objects.filter(waits, registered_for=programme)
    return here.select_related("commune").order_by(Alphabetical("name"), "pk")


def ending_qualifications(programme: Programme, first: date, last: date) -> QuerySet[Qualification]:
    """The qualifications of a programme whose last day falls between two days, included; the first to end first."""
    ending = Qualification.objects.filter(programme=programme, withdrawn_on=None, valid_until__range=(first, last))
    return ending.select_related("operator").order_by("valid_until", "pk")


def ending_agreements(programme: Programme, first: date, last: date) -> QuerySet[PrescriberAgreement]:
    """The agreements of a programme whose last day falls between two days, included, that nobody ended on purpose."""
    ending = PrescriberAgreement.objects.filter(programme=programme, ended_because="", valid_until__range=(first, last))
    return ending.select_related("prescriber").order_by("valid_until", "pk")


def unrepresented(programme: Programme, day: date) -> QuerySet[Organisation]:
    """The prescribers and operators in force where nobody has a role, nor an invitation to one."""
    agreed = PrescriberAgreement.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day), prescriber=OuterRef("pk"), programme=programme
    )
    qualified = Qualification.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day), operator=OuterRef("pk"), programme=programme, withdrawn_on=None
    )
    there = Q(programme=None) | Q(programme=programme)
    people = Membership.objects.filter(there, organisation=OuterRef("pk"), ended_at=None, user__is_active=True)
    asked = Invitation.objects.filter(there, organisation=OuterRef("pk"), accepted_at=None, revoked_at=None)
    return Organisation.objects.filter(
        Q(Exists(agreed)) | Q(Exists(qualified)), ~Q(Exists(people)), ~Q(Exists(asked))
    ).order_by(Alphabetical("name"), "pk")


def invitations_in(programme: Programme) -> QuerySet[Invitation]:
    """The invitations to a programme, or to an organisation of it, that nobody answered yet; the oldest first."""
    there = Q(programme=None, organisation__in=organisations_of(programme).order_by().values("pk"))
    asked = Invitation.objects.filter(Q(programme=programme) | there, accepted_at=None, revoked_at=None)
    return asked.select_related("organisation", "programme").order_by("sent_at", "pk")


class Listed(TypedDict):
    """Where an organisation stands in a network: its rights on a day, their last days, how many people it has."""

    agreed: bool
    agreed_until: date | None
    qualified: bool
    qualified_until: date | None
    #: Agreed or qualified once, whether it still is.
    decided: bool
    people: int


def listed_organisations(programme: Programme, day: date) -> QuerySet["WithAnnotations[Organisation, Listed]"]:
    """``organisations_of``, each with where it stands on that day. One statement."""
    here = {"programme": programme}
    agreements = PrescriberAgreement.objects.filter(prescriber=OuterRef("pk"), **here)
    qualifications = Qualification.objects.filter(operator=OuterRef("pk"), **here)
    in_time = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))
    there = Q(programme=None) | Q(programme=programme)
    people = Membership.objects.filter(there, organisation=OuterRef("pk"), ended_at=None, user__is_active=True)
    counted = people.order_by().values("organisation").annotate(n=Count("user", distinct=True)).values("n")
    return organisations_of(programme).annotate(
        agreed=Exists(agreements.filter(in_time)),
        agreed_until=Subquery(agreements.values("valid_until")[:1]),
        qualified=Exists(qualifications.filter(holding(day))),
        qualified_until=Subquery(qualifications.values("valid_until")[:1]),
        decided=ExpressionWrapper(Q(Exists(agreements)) | Q(Exists(qualifications)), BOOLEAN),
        people=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
    )


def untrained(programme: Programme, kind: TrainingKind) -> QuerySet[User]:
    """The people of a network whose role asks a training, and who have not followed it; by name."""
    done = TrainingRecord.objects.filter(user=OuterRef("pk"), programme=programme, kind=kind)
    held = people_of_network(programme).filter(role__in=TRAINED_ROLES[kind]).order_by()
    return User.objects.filter(~Q(Exists(done)), pk__in=held.values("user")).order_by(Alphabetical("full_name"), "pk")
