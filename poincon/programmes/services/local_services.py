"""The services of one programme only, added and retired along the way."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.programmes import permissions
from poincon.programmes.checks import local_service_problems, refuse
from poincon.programmes.models import Programme, Service
from poincon.programmes.services.create import taken_service_problems, write_local_services
from poincon.programmes.services.version import locked, note
from poincon.programmes.spec import LocalServiceSpec

NOT_LOCAL = Refusal(
    "programmes.service_not_local",
    _("« %(label)s » est un service national : il ne se retire pas."),
    _("Pour ne plus le financer, ôtez-le des services admis par le dispositif."),
)
RETIRED_IN_THE_PAST = Refusal(
    "programmes.service_retired_in_the_past",
    _("Retiré le : ce jour est passé, et des séances ont pu s’y tenir."),
    _("Choisissez aujourd’hui ou un jour à venir."),
)


@transaction.atomic
def add_local_service(*, by: Actor, programme: Programme, code: str, label: str, national: str) -> Service:
    """Add to the catalogue of a programme a service of its own, part of the national one whose code is given.

    Raises a refusal that names the fields: code malformed or taken, label missing, national service unknown.
    """
    by.require(permissions.UPDATE_RULES, programme=programme)
    row = locked(programme)
    spec = LocalServiceSpec(code=code.strip(), label=label.strip(), national=national)
    refuse([*local_service_problems(spec), *taken_service_problems(row.code, [spec])])
    write_local_services(row, [spec])
    note(by, "programmes.add_local_service", row, after=vars(spec))
    return Service.objects.get(code=spec.code)


@transaction.atomic
def retire_local_service(*, by: Actor, service: Service, on: date, now: datetime | None = None) -> Service:
    """Stop offering a local service from that day on. Twice changes nothing.

    Offers of that service end that day: ``mediation.services.retire_service`` does both, and is what screens call.
    Raises a refusal for a national service, or a day gone by.
    """
    programme = service.programme
    if programme is None:
        raise NOT_LOCAL.filled(label=service.label)
    by.require(permissions.UPDATE_RULES, programme=programme)
    locked(programme)
    row = Service.objects.select_for_update(of=("self",), no_key=True).get(pk=service.pk)
    if row.retired_on is not None:
        return row
    if on < (now or timezone.now()).astimezone(ZoneInfo(programme.time_zone)).date():
        raise RETIRED_IN_THE_PAST.filled()
    row.retired_on = on
    row.save(update_fields=["retired_on"])
    note(by, "programmes.retire_local_service", programme, after={"code": row.code, "retired_on": on.isoformat()})
    return row
