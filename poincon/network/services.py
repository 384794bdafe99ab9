"""The verbs of a programme's network: qualify, agree, train."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.network import permissions
from poincon.network.enums import TrainingKind
from poincon.network.models import PrescriberAgreement, Qualification, TrainingRecord
from poincon.network.rules import first_day_kept
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation, User
from poincon.organisations.services import touch_rules as touch_organisation
from poincon.programmes.models import Programme, Service
from poincon.programmes.queries import allowed_service_codes
from poincon.programmes.services import touch_rules as touch_programme

NOT_AN_OPERATOR = Refusal(
    "network.not_an_operator",
    _("« %(organisation)s » n’est pas enregistrée comme opérateur de médiation."),
    _("Modifiez d’abord ce que fait cette organisation."),
)
NOT_A_PRESCRIBER = Refusal(
    "network.not_a_prescriber",
    _("« %(organisation)s » n’est pas enregistrée comme prescripteur."),
    _("Modifiez d’abord ce que fait cette organisation."),
)
DATES_REVERSED = Refusal(
    "network.dates_reversed",
    _("Jusqu’au : cette date précède le premier jour, le %(first)s."),
    _("Corrigez l’une des deux dates."),
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
REASON_MISSING = Refusal(
    "network.reason_missing",
    _("Motif : il manque."),
    _("Écrivez pourquoi la qualification est retirée : l’opérateur le lira."),
)
TRAINED_LATER = Refusal(
    "network.training_in_the_future",
    _("Suivie le : cette date n’est pas encore passée."),
    _("Enregistrez la formation quand elle a eu lieu."),
)
ALREADY_TRAINED = Refusal(
    "network.already_trained",
    _("%(person)s a déjà suivi cette formation, le %(day)s."),
    _("Il n’y a rien à enregistrer."),
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
    _require_order(valid_from, valid_until)
    chosen = _chosen(programme, services)
    row = _locked(operator, programme)
    before = _picture(row) if row.pk else {}
    if row.pk and row.withdrawn_on is None:
        valid_from = first_day_kept(row, valid_from)
    row.all_services, row.valid_from, row.valid_until = services is None, valid_from, valid_until
    row.withdrawn_on, row.decided_at = None, now or timezone.now()
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
    row = Qualification.objects.select_for_update(of=("self",), no_key=True).get(pk=qualification.pk)
    if row.withdrawn_on is not None:
        raise ALREADY_WITHDRAWN.filled(day=_day(row.withdrawn_on))
    if not reason.strip():
        raise REASON_MISSING.filled()
    before = _picture(row)
    row.withdrawn_on = from_day
    row.save(update_fields=["withdrawn_on"])
    after = _picture(row) | {"reason": reason.strip()}
    _note(by, "network.withdraw_qualification", row, before=before, after=after)
    return row


@transaction.atomic
def agree_prescriber(
    *,
    by: Actor,
    prescriber: Organisation,
    programme: Programme,
    valid_from: date,
    valid_until: date | None = None,
) -> PrescriberAgreement:
    """Let this organisation hand booklets of the programme over, between two days included.

    Agreeing again changes the dates, and so may end the agreement; the journal keeps the dates before. One that goes
    on keeps its first day.
    """
    by.require(permissions.AGREE_PRESCRIBER, programme=programme)
    if not prescriber.is_prescriber:
        raise NOT_A_PRESCRIBER.filled(organisation=prescriber.name)
    _require_order(valid_from, valid_until)
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=prescriber.pk)
    row = PrescriberAgreement.objects.filter(prescriber=prescriber, programme=programme).first()
    before = _dates(row) if row else {}
    first_day = first_day_kept(row, valid_from) if row else valid_from
    row = row or PrescriberAgreement(prescriber=prescriber, programme=programme)
    row.valid_from, row.valid_until = first_day, valid_until
    row.save()
    touch_programme(programme.pk)
    touch_organisation(prescriber.pk)
    audit.record(by, "network.agree_prescriber", row, programme_id=programme.pk, before=before, after=_dates(row))
    return row


@transaction.atomic
def record_training(
    *,
    by: Actor,
    user: User,
    programme: Programme,
    kind: TrainingKind,
    done_on: date,
    now: datetime | None = None,
) -> TrainingRecord:
    """Record that a person followed a training of the programme. Raises a refusal if it is already, or not yet."""
    by.require(permissions.RECORD_TRAINING, programme=programme)
    if done_on > (now or timezone.now()).astimezone(ZoneInfo(programme.time_zone)).date():
        raise TRAINED_LATER.filled()
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    before = TrainingRecord.objects.filter(user=user, programme=programme, kind=kind).first()
    if before is not None:
        raise ALREADY_TRAINED.filled(person=user, day=_day(before.done_on))
    row = TrainingRecord.objects.create(user=user, programme=programme, kind=TrainingKind(kind), done_on=done_on)
    touch_programme(programme.pk)
    after = {"user": user.pk, "kind": row.kind, "done_on": done_on.isoformat()}
    audit.record(by, "network.record_training", row, programme_id=programme.pk, after=after)
    return row


def _require_order(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise DATES_REVERSED.filled(first=_day(first))


def _note(by: Actor, action: str, row: Qualification, *, before: dict[str, object], after: dict[str, object]) -> None:
    touch_programme(row.programme_id)
    touch_organisation(row.operator_id)
    audit.record(by, action, row, programme_id=row.programme_id, before=before, after=after)


def _picture(row: Qualification) -> dict[str, object]:
    services = None if row.all_services else sorted(row.services.values_list("code", flat=True))
    withdrawn = row.withdrawn_on.isoformat() if row.withdrawn_on else None
    return {"services": services, "withdrawn_on": withdrawn, **_dates(row)}


def _dates(row: Qualification | PrescriberAgreement) -> dict[str, object]:
    until = row.valid_until.isoformat() if row.valid_until else None
    return {"valid_from": row.valid_from.isoformat(), "valid_until": until}


def _day(value: date) -> str:
    return value.strftime("%d/%m/%Y")
