"""Which operators a programme pays: qualified, suspended for a while, qualified no more."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.network import permissions
from poincon.network.models import Qualification, QualificationSuspension
from poincon.network.rules import first_day_kept
from poincon.network.services.periods import checked_reason, dates, require_order, written
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.organisations.services import touch_rules as touch_organisation
from poincon.programmes.models import Programme, Service
from poincon.programmes.queries import allowed_service_codes
from poincon.programmes.services import touch_rules as touch_programme

NOT_AN_OPERATOR = Refusal(
    "network.not_an_operator",
    _("« %(organisation)s » n’est pas enregistrée comme opérateur de médiation."),
    _("Modifiez d’abord ce que fait cette organisation."),
)
SERVICE_NOT_ALLOWED = Refusal(
    "network.service_not_allowed",
    _("Services : le dispositif ne finance pas « %(services)s »."),
    _("Choisissez parmi les services du dispositif."),
)
NO_SERVICE = Refusal(
    "network.no_service",
    _("Services : la liste est vide."),
    _("Choisissez au moins un service, ou qualifiez l’opérateur pour tous."),
)
ALREADY_WITHDRAWN = Refusal(
    "network.already_withdrawn",
    _("Cette qualification est déjà retirée depuis le %(day)s."),
    _("Qualifiez à nouveau l’opérateur s’il doit l’être."),
)
ALREADY_SUSPENDED = Refusal(
    "network.already_suspended",
    _("Du, au : cette qualification est déjà suspendue à partir du %(first)s."),
    _("Levez cette suspension, ou choisissez d’autres jours."),
)
NOT_SUSPENDED = Refusal(
    "network.not_suspended",
    _("Cette qualification n’est pas suspendue."),
    _("Il n’y a rien à lever."),
)


@transaction.atomic
def qualify(
    *,
    by: Actor,
    operator: Organisation,
    programme: Programme,
    services: Iterable[Service] | None = None,
    valid_from: date,
    valid_until: date | None = None,
    now: datetime | None = None,
) -> Qualification:
    """Let the programme pay this operator, for all its services (None) or for some, between two days included.

    Qualifying again renews or changes the qualification; the journal keeps the one before. One that was not withdrawn
    and goes on keeps its first day.
    Raises a refusal when the organisation does not operate, or a service is outside the programme.
    """
    by.require(permissions.QUALIFY, programme=programme)
    if not operator.is_operator:
        raise NOT_AN_OPERATOR.filled(organisation=operator.name)
    require_order(valid_from, valid_until)
    chosen = _chosen(programme, services)
    row = _locked(operator, programme)
    before = _picture(row) if row.pk else {}
    if row.pk and row.withdrawn_on is None:
        valid_from = first_day_kept(row, valid_from)
    row.all_services, row.valid_from, row.valid_until = services is None, valid_from, valid_until
    row.withdrawn_on, row.withdrawn_because, row.decided_at = None, "", now or timezone.now()
    row.save()
    row.services.set(chosen)
    _note(by, "network.qualify", row, before=before, after=_picture(row))
    return row


def _chosen(programme: Programme, services: Iterable[Service] | None) -> list[Service]:
    if services is None:
        return []
    chosen = list(services)
    if not chosen:
        raise NO_SERVICE.filled()
    allowed = allowed_service_codes(programme)
    foreign = [service.label for service in chosen if service.code not in allowed]
    if foreign:
        raise SERVICE_NOT_ALLOWED.filled(services=", ".join(foreign))
    return chosen


def _locked(operator: Organisation, programme: Programme) -> Qualification:
    # The operator's row is the lock: the qualification itself may not exist yet.
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=operator.pk)
    found = Qualification.objects.filter(operator=operator, programme=programme).first()
    return found or Qualification(operator=operator, programme=programme)


@transaction.atomic
def withdraw_qualification(*, by: Actor, qualification: Qualification, from_day: date, reason: str) -> Qualification:
    """Stop paying an operator from that day on; what it punched before stays due. Raises a refusal without reason."""
    by.require(permissions.QUALIFY, programme=qualification.programme)
    row, why = _live(qualification), checked_reason(reason)
    before = _picture(row)
    row.withdrawn_on, row.withdrawn_because = from_day, why
    row.save(update_fields=["withdrawn_on", "withdrawn_because"])
    after = _picture(row) | {"reason": why}
    _note(by, "network.withdraw_qualification", row, before=before, after=after)
    return row


@transaction.atomic
def suspend_qualification(
    *,
    by: Actor,
    qualification: Qualification,
    first_day: date,
    last_day: date | None = None,
    reason: str,
    now: datetime | None = None,
) -> QualificationSuspension:
    """Accept no session of an operator between two days included, or until the suspension is lifted (no last day).

    What it punches for the days before or after stays due, even if it is known later. Raises a refusal without reason,
    when the qualification is withdrawn, or suspended already on one of these days.
    """
    by.require(permissions.QUALIFY, programme=qualification.programme)
    row = _live(qualification)
    why = checked_reason(reason)
    require_order(first_day, last_day)
    overlapping = row.suspensions.exclude(last_day__lt=first_day)
    other = (overlapping.filter(first_day__lte=last_day) if last_day else overlapping).order_by("first_day").first()
    if other is not None:
        raise ALREADY_SUSPENDED.filled(first=written(other.first_day))
    made = QualificationSuspension.objects.create(
        qualification=row,
        first_day=first_day,
        last_day=last_day,
        reason=why,
        decided_at=now or timezone.now(),
        decided_by_label=by.label[:200],
    )
    _note(by, "network.suspend_qualification", row, before={}, after=_span(made) | {"reason": why})
    return made


@transaction.atomic
def lift_suspension(*, by: Actor, qualification: Qualification, last_day: date) -> QualificationSuspension:
    """Pay an operator again from the day after ``last_day``. Raises a refusal when nothing is suspended then."""
    by.require(permissions.QUALIFY, programme=qualification.programme)
    row = _live(qualification)
    open_ = row.suspensions.exclude(last_day__lte=last_day).order_by("first_day").first()
    if open_ is None:
        raise NOT_SUSPENDED.filled()
    require_order(open_.first_day, last_day)
    before, open_.last_day = _span(open_), last_day
    open_.save(update_fields=["last_day"])
    _note(by, "network.lift_suspension", row, before=before, after=_span(open_))
    return open_


def _live(qualification: Qualification) -> Qualification:
    row = Qualification.objects.select_for_update(of=("self",), no_key=True).get(pk=qualification.pk)
    if row.withdrawn_on is not None:
        raise ALREADY_WITHDRAWN.filled(day=written(row.withdrawn_on))
    return row


def _span(row: QualificationSuspension) -> dict[str, object]:
    return {"first_day": row.first_day.isoformat(), "last_day": row.last_day.isoformat() if row.last_day else None}


def _note(by: Actor, action: str, row: Qualification, *, before: dict[str, object], after: dict[str, object]) -> None:
    touch_programme(row.programme_id)
    touch_organisation(row.operator_id)
    audit.record(by, action, row, programme_id=row.programme_id, before=before, after=after)


def _picture(row: Qualification) -> dict[str, object]:
    services = None if row.all_services else sorted(row.services.values_list("code", flat=True))
    withdrawn = row.withdrawn_on.isoformat() if row.withdrawn_on else None
    return {"services": services, "withdrawn_on": withdrawn, **dates(row)}
