"""Changing a programme along the way: rules, publics, territory, dates."""

from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.rules import normalise_email, normalise_public_phone
from poincon.programmes import permissions
from poincon.programmes.checks import Problem, public_problems, refuse, setting_problems, territory_problems
from poincon.programmes.enums import ChangeKind, IdentityLevel
from poincon.programmes.models import Programme, ProgrammeChange, Public, Service, Territory
from poincon.programmes.services.create import territory_reference_problems, write_territory
from poincon.programmes.services.version import touch_rules
from poincon.programmes.spec import PublicSpec, TerritorySpec

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
TERRITORY_TWICE = Refusal(
    "programmes.territory_twice",
    gettext_lazy("Nom : ce dispositif a déjà un territoire « %(name)s »."),
    gettext_lazy("Donnez à celui-ci un autre nom."),
)
PUBLIC_TWICE = Refusal(
    "programmes.public_twice",
    gettext_lazy("Code : ce dispositif a déjà un public « %(code)s »."),
    gettext_lazy("Donnez à celui-ci un autre code."),
)


class RuleChanges(TypedDict, total=False):
    """What may be changed of a programme once created. Units are those of ``ProgrammeSpec``.

    What a pass is worth changes for the batches ordered from now on: each batch freezes its own.
    """

    name: str
    phone: str
    referent: str
    email: str
    ink_colour: str
    accent_colour: str
    logo_svg: str
    welcome_text: str
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
    row = _locked(programme)
    values: dict[str, Any] = dict(changes)
    services_given = "services" in values
    services: list[Service] | None = values.pop("services", None)
    before = {name: _plain(getattr(row, name)) for name in values} | {"services": _listed(row)}
    for name, value in values.items():
        setattr(row, name, value)
    refuse([*setting_problems(model_to_dict(row)), *_service_problems(row, services)])
    row.phone, row.email = normalise_public_phone(row.phone), normalise_email(row.email)
    if services_given:
        row.all_services = services is None
        row.services.set(services or [])
    row.save()
    after = {name: _plain(getattr(row, name)) for name in values} | {"services": _listed(row)}
    _note(by, "programmes.update_rules", row, before=before, after=after)
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


def _listed(row: Programme) -> list[str] | None:
    return None if row.all_services else sorted(row.services.values_list("code", flat=True))


@transaction.atomic
def add_public(
    *,
    by: Actor,
    programme: Programme,
    code: str,
    label: str,
    national_code: str = "",
    proof: str = "",
    open_from: date | None = None,
    open_until: date | None = None,
) -> Public:
    """Enlarge the programme to one more public, from a day on. Raises a refusal that names the fields."""
    by.require(permissions.UPDATE_RULES, programme=programme)
    spec = PublicSpec(
        code=code,
        label=label,
        national_code=national_code,
        proof=proof,
        open_from=open_from,
        open_until=open_until,
    )
    refuse(list(public_problems(spec)))
    if programme.publics.filter(code=code).exists():
        raise PUBLIC_TWICE.filled(code=code)
    public = Public.objects.create(programme=programme, **vars(spec))
    after = {name: _plain(value) for name, value in vars(spec).items()}
    audit.record(by, "programmes.add_public", public, programme_id=programme.pk, after=after)
    return public


@transaction.atomic
def add_territory(*, by: Actor, programme: Programme, territory: TerritorySpec) -> Territory:
    """Spread the programme to more communes. Raises one refusal that lists every fault."""
    by.require(permissions.UPDATE_RULES, programme=programme)
    refuse([*territory_problems(territory), *territory_reference_problems(territory)])
    if programme.territories.filter(name=territory.name.strip()).exists():
        raise TERRITORY_TWICE.filled(name=territory.name.strip())
    created = write_territory(programme, territory)
    _note(by, "programmes.add_territory", programme, after={"territory": created.name, **_codes(territory)})
    return created


def _codes(territory: TerritorySpec) -> dict[str, list[str]]:
    return {name: list(getattr(territory, name)) for name in ("departements", "epcis", "communes")}


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
    row = _locked(programme)
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
    _note(by, "programmes.extend", row, before=before, after={"ends_on": until.isoformat(), "reason": change.reason})
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
    row = _locked(programme)
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
    _note(by, "programmes.suspend", row, after=after)
    return change


def _decide(by: Actor, change: ProgrammeChange, *, reason: str, now: datetime | None) -> None:
    if not 0 < len(reason.strip()) <= 300:
        raise REASON_MISSING.filled()
    change.reason = reason.strip()
    change.decided_at = now or timezone.now()
    change.decided_by_label = by.label
    change.save()


def _locked(programme: Programme) -> Programme:
    return Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)


def _note(
    by: Actor,
    action: str,
    programme: Programme,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Tell the scanners and the journal."""
    touch_rules(programme.pk)
    audit.record(by, action, programme, programme_id=programme.pk, before=before, after=after)


def _day(value: date) -> str:
    return value.strftime("%d/%m/%Y")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
