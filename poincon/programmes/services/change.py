"""Changing a programme along the way: its rules, its dates, who leads its network."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.organisations.rules import normalise_email, normalise_public_phone
from poincon.programmes import permissions
from poincon.programmes.checks import Problem, refuse, setting_problems
from poincon.programmes.enums import ChangeKind, FunderKind, IdentityLevel
from poincon.programmes.models import Programme, ProgrammeChange, Service
from poincon.programmes.services.version import locked, note, plain

REASON_MISSING = Refusal(
    "programmes.reason_missing",
    gettext_lazy("Motif : il manque, ou dépasse 300 caractères."),
    gettext_lazy("Écrivez pourquoi : ce motif reste au dossier du dispositif."),
)
EXTENDS_NOTHING = Refusal(
    "programmes.extends_nothing",
    gettext_lazy("Jusqu’au : le dispositif dure déjà jusqu’au %(ends_on)s."),
    gettext_lazy("Donnez une date plus lointaine."),
)
SUSPENSION_DATES = Refusal(
    "programmes.suspension_dates",
    gettext_lazy("Du, au : la suspension doit tenir entre le %(starts_on)s et le %(ends_on)s, dates du dispositif."),
    gettext_lazy("Corrigez ces deux dates."),
)
ALREADY_SUSPENDED = Refusal(
    "programmes.already_suspended",
    gettext_lazy("Du, au : le dispositif est déjà suspendu du %(first_day)s au %(last_day)s."),
    gettext_lazy("Choisissez des jours en dehors de cette suspension."),
)
ALREADY_STARTED = Refusal(
    "programmes.already_started",
    gettext_lazy("Début : le dispositif a commencé le %(starts_on)s."),
    gettext_lazy("Sa fin se repousse encore : prolongez-le."),
)
START_WRONG = Refusal(
    "programmes.start_wrong",
    gettext_lazy("Début : choisissez un jour à venir, au plus tard le %(ends_on)s, fin du dispositif."),
    gettext_lazy("Repoussez d’abord la fin si le dispositif commence plus tard."),
)
NOT_A_COORDINATOR = Refusal(
    "programmes.lead_not_a_coordinator",
    gettext_lazy("Tête de réseau : « %(name)s » n’est pas enregistrée comme coordinatrice."),
    gettext_lazy("Modifiez d’abord ce que fait cette organisation."),
)


class RuleChanges(TypedDict, total=False):
    """What may be changed of a programme once created; its looks have a verb of their own (``update_theme``).

    Units are those of ``ProgrammeSpec``.
    What a pass is worth changes for the batches ordered from now on: each batch freezes its own.
    """

    unit_value: int
    unit_minutes: int
    booklet_sizes: list[int]
    validity_months: int
    grace_days: int
    required_cover_bp: int
    max_passes_per_session: int | None
    max_passes_per_day: int | None
    max_passes_per_person: int | None
    direct_use: bool
    offline_max_days: int
    offline_max_passes: int
    prescriber_training_required: bool
    mediator_training_required: bool
    identity_level: IdentityLevel
    evidence_until: date | None
    services: list[Service] | None


@transaction.atomic
def update_rules(*, by: Actor, programme: Programme, **changes: Unpack[RuleChanges]) -> Programme:
    """Change the rules that are given; ``services=None`` admits the whole catalogue.

    Raises one refusal that lists every fault. Scanners learn it at their next exchange.
    """
    by.require(permissions.UPDATE_RULES, programme=programme)
    row = locked(programme)
    values: dict[str, Any] = dict(changes)
    services_given = "services" in values
    services: list[Service] | None = values.pop("services", None)
    before = {name: plain(getattr(row, name)) for name in values} | {"services": _listed(row)}
    for name, value in values.items():
        setattr(row, name, value)
    refuse([*setting_problems(model_to_dict(row)), *_service_problems(row, services), *_identity_problems(row)])
    row.phone, row.email = normalise_public_phone(row.phone), normalise_email(row.email)
    if services_given:
        row.all_services = services is None
        row.services.set(services or [])
    row.save()
    after = {name: plain(getattr(row, name)) for name in values} | {"services": _listed(row)}
    note(by, "programmes.update_rules", row, before=before, after=after)
    return row


def _service_problems(row: Programme, services: list[Service] | None) -> list[Problem]:
    foreign = [service.code for service in services or [] if service.programme_id not in {None, row.pk}]
    problems = [
        Problem("rules.services", _("« %(code)s » est un service d’un autre dispositif.") % {"code": code})
        for code in foreign
    ]
    if services is not None and not services:
        problems.append(Problem("rules.services", _("la liste est vide : plus rien ne pourrait être payé.")))
    return problems


def _identity_problems(row: Programme) -> Iterator[Problem]:
    # sharing_problems is asked of the shares still to come: a past convention no longer asks anything.
    esf = row.fundings.filter(kind=FunderKind.ESF, valid_until=None).exists()
    if esf and row.identity_level != IdentityLevel.IDENTIFIED:
        yield Problem(
            "people.identity_level", _("le Fonds social européen demande des personnes identifiées (identified).")
        )


def _listed(row: Programme) -> list[str] | None:
    return None if row.all_services else sorted(row.services.values_list("code", flat=True))


@transaction.atomic
def set_lead_network(*, by: Actor, programme: Programme, lead_network: Organisation | None) -> Programme:
    """Name who runs the network from now on, or nobody. Its coordinators steer the programme; the former ones no more.

    Raises a refusal when the organisation does not coordinate.
    """
    by.require(permissions.UPDATE_RULES, programme=programme)
    row = locked(programme)
    if lead_network is not None and not lead_network.is_coordinator:
        raise NOT_A_COORDINATOR.filled(name=lead_network.name)
    before, row.lead_network = row.lead_network_id, lead_network
    row.save(update_fields=["lead_network"])
    after = {"lead_network": row.lead_network_id}
    note(by, "programmes.set_lead_network", row, before={"lead_network": before}, after=after)
    return row


@transaction.atomic
def move_start(*, by: Actor, programme: Programme, starts_on: date, now: datetime | None = None) -> Programme:
    """Start a programme another day, while neither the former nor the new one has come. Raises a refusal otherwise."""
    by.require(permissions.CHANGE_DATES, programme=programme)
    row = locked(programme)
    today = (now or timezone.now()).astimezone(ZoneInfo(row.time_zone)).date()
    if row.starts_on <= today:
        raise ALREADY_STARTED.filled(starts_on=_day(row.starts_on))
    if not today < starts_on <= row.ends_on:
        raise START_WRONG.filled(ends_on=_day(row.ends_on))
    before, row.starts_on = row.starts_on, starts_on
    row.save(update_fields=["starts_on"])
    after = {"starts_on": starts_on.isoformat()}
    note(by, "programmes.move_start", row, before={"starts_on": before.isoformat()}, after=after)
    return row


@transaction.atomic
def extend(
    *,
    by: Actor,
    programme: Programme,
    until: date,
    reason: str,
    moves_validity: bool,
    now: datetime | None = None,
) -> ProgrammeChange:
    """Make the programme last until that day; with ``moves_validity`` every pass is valid at least until then.

    Every pass ordered before, of a batch not expired yet: expiring is final, its money may be promised elsewhere.
    Raises a refusal when the day is not later than the present end, or the reason is missing.
    """
    by.require(permissions.CHANGE_DATES, programme=programme)
    row = locked(programme)
    if until <= row.ends_on:
        raise EXTENDS_NOTHING.filled(ends_on=_day(row.ends_on))
    change = ProgrammeChange(
        programme=row,
        kind=ChangeKind.EXTENSION,
        first_day=row.ends_on + timedelta(days=1),
        last_day=until,
        moves_validity=moves_validity,
    )
    _decide(by, change, reason=reason, now=now)
    before = {"ends_on": row.ends_on.isoformat()}
    row.ends_on = until
    row.save(update_fields=["ends_on"])
    note(by, "programmes.extend", row, before=before, after={"ends_on": until.isoformat(), "reason": change.reason})
    return change


@transaction.atomic
def suspend(
    *,
    by: Actor,
    programme: Programme,
    first_day: date,
    last_day: date,
    reason: str,
    moves_validity: bool,
    now: datetime | None = None,
) -> ProgrammeChange:
    """Stop redemptions from one day to another (both included), possibly past ones.

    With ``moves_validity`` the passes get back the days they lost. Raises a refusal when the days are outside the
    programme, already suspended, or the reason is missing.
    """
    by.require(permissions.CHANGE_DATES, programme=programme)
    row = locked(programme)
    if not row.starts_on <= first_day <= last_day <= row.ends_on:
        raise SUSPENSION_DATES.filled(starts_on=_day(row.starts_on), ends_on=_day(row.ends_on))
    other = row.changes.filter(kind=ChangeKind.SUSPENSION, first_day__lte=last_day, last_day__gte=first_day).first()
    if other is not None:
        raise ALREADY_SUSPENDED.filled(first_day=_day(other.first_day), last_day=_day(other.last_day))
    change = ProgrammeChange(
        programme=row,
        kind=ChangeKind.SUSPENSION,
        first_day=first_day,
        last_day=last_day,
        moves_validity=moves_validity,
    )
    _decide(by, change, reason=reason, now=now)
    after = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat(), "reason": change.reason}
    note(by, "programmes.suspend", row, after=after)
    return change


def _decide(by: Actor, change: ProgrammeChange, *, reason: str, now: datetime | None) -> None:
    if not 0 < len(reason.strip()) <= 300:
        raise REASON_MISSING.filled()
    change.reason = reason.strip()
    change.decided_at = now or timezone.now()
    change.decided_by_label = by.label
    change.save()


def _day(value: date) -> str:
    return value.strftime("%d/%m/%Y")
