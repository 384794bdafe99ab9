"""Creating a programme, its territories, publics, fundings and services in one go."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from poincon.kernel import audit
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.organisations.queries import find_organisation
from poincon.organisations.rules import normalise_email, normalise_public_phone
from poincon.programmes import permissions
from poincon.programmes.checks import Problem, refuse, spec_problems
from poincon.programmes.enums import Catalogue
from poincon.programmes.models import Funding, Programme, Public, Service, Territory
from poincon.programmes.services.catalogue import ensure_catalogue
from poincon.programmes.spec import FundingSpec, LocalServiceSpec, ProgrammeSpec, TerritorySpec
from poincon.territories.models import Commune, Departement, Epci

#: What a specification gives by reference or in tables; everything else is a column of the programme.
APART = {"owner", "lead_network", "services", "booklet_sizes", "territories", "publics", "fundings", "local_services"}
COLUMNS = tuple(field.name for field in fields(ProgrammeSpec) if field.name not in APART)


@transaction.atomic
def create_programme(*, by: Actor, spec: ProgrammeSpec, now: datetime | None = None) -> Programme:
    """Create a programme with everything that defines it.

    Raises one refusal that lists every fault: values, shares that do not make 100 %, unknown organisation, commune,
    EPCI, service, code taken. Nothing is written then.
    """
    owner = find_organisation(spec.owner)
    by.require(permissions.CREATE_PROGRAMME, organisation_id=owner.pk if owner else None)
    ensure_catalogue()
    refuse([*spec_problems(spec), *_reference_problems(spec)])
    programme = _write_programme(spec, now or timezone.now())
    write_local_services(programme, spec.local_services)
    if spec.services is not None:
        programme.services.set(Service.objects.filter(code__in=spec.services))
    for territory in spec.territories:
        write_territory(programme, territory)
    Public.objects.bulk_create([Public(programme=programme, **vars(public)) for public in spec.publics])
    Funding.objects.bulk_create([_funding(programme, funding) for funding in spec.fundings])
    audit.record(
        by,
        "programmes.create_programme",
        programme,
        programme_id=programme.pk,
        after={"code": spec.code, "name": spec.name, "owner": programme.owner_id},
    )
    return programme


def _write_programme(spec: ProgrammeSpec, now: datetime) -> Programme:
    values: dict[str, Any] = {name: getattr(spec, name) for name in COLUMNS}
    values |= {"phone": normalise_public_phone(spec.phone), "email": normalise_email(spec.email)}
    return Programme.objects.create(
        **values,
        owner=_organisation(spec.owner),
        lead_network=_organisation(spec.lead_network) if spec.lead_network else None,
        booklet_sizes=sorted(spec.booklet_sizes),
        all_services=spec.services is None,
        created_at=now,
    )


def _organisation(reference: str) -> Organisation:
    organisation = find_organisation(reference)
    if organisation is None:
        raise LookupError(reference)
    return organisation


def _funding(programme: Programme, spec: FundingSpec) -> Funding:
    return Funding(programme=programme, **(vars(spec) | {"funder": _organisation(spec.funder)}))


def write_local_services(programme: Programme, services: Iterable[LocalServiceSpec]) -> None:
    """Add services of this programme only."""
    nationals = Service.objects.filter(catalogue=Catalogue.NATIONAL).in_bulk(field_name="code")
    Service.objects.bulk_create(
        [
            Service(
                code=service.code,
                label=service.label,
                catalogue=Catalogue.LOCAL,
                national=nationals[service.national],
                programme=programme,
            )
            for service in services
        ]
    )


def write_territory(programme: Programme, spec: TerritorySpec) -> Territory:
    """Add a territory: the communes of its départements and EPCI, and those it names."""
    territory = Territory.objects.create(programme=programme, name=spec.name.strip())
    territory.communes.set(communes_of(spec))
    return territory


def communes_of(spec: TerritorySpec) -> QuerySet[Commune]:
    """The communes of the départements, of the EPCI, and those named one by one."""
    wanted = Q(departement__in=spec.departements) | Q(epci__in=spec.epcis) | Q(pk__in=spec.communes)
    return Commune.objects.filter(wanted, until=None).order_by("pk")


# --- what only the database can say -----------------------------------------------------------------------------------


def _reference_problems(spec: ProgrammeSpec) -> Iterator[Problem]:
    if Programme.objects.filter(code=spec.code).exists():
        yield Problem("code", _("un dispositif porte déjà ce code."))
    yield from _organisation_problems("owner", spec.owner, "is_funder")
    if spec.lead_network:
        yield from _organisation_problems("lead_network", spec.lead_network, "is_coordinator")
    yield from funder_problems(spec.fundings)
    for rank, territory in enumerate(spec.territories, 1):
        for problem in territory_reference_problems(territory):
            yield Problem(f"[[territories]] n° {rank}, {problem.where}", problem.text)
    for problem in taken_service_problems(spec.code, spec.local_services):
        yield Problem(f"[[local_services]], {problem.where}", problem.text)


def taken_service_problems(programme_code: str, services: Sequence[LocalServiceSpec]) -> Iterator[Problem]:
    """The local services whose code another programme, or this one, already gave."""
    taken = Service.objects.filter(code__in=[service.code for service in services], programme__isnull=False)
    for code in taken.order_by("code").values_list("code", flat=True):
        text = _("« %(code)s » est déjà celui d’un service local ; préférez « %(better)s ».")
        yield Problem("code", text % {"code": code, "better": f"{programme_code}--{code}"})


def funder_problems(fundings: Sequence[FundingSpec]) -> Iterator[Problem]:
    """The funders that are not registered, do not fund, or are named twice in two ways (a SIRET, a name)."""
    seen: dict[int, str] = {}
    for rank, funding in enumerate(fundings, 1):
        where = f"[[fundings]] n° {rank}, funder"
        yield from _organisation_problems(where, funding.funder, "is_funder")
        found = find_organisation(funding.funder)
        first = seen.setdefault(found.pk, funding.funder) if found else funding.funder
        if first != funding.funder:
            text = _("« %(reference)s » est la même organisation que « %(first)s ».")
            yield Problem(where, text % {"reference": funding.funder, "first": first})


def _organisation_problems(where: str, reference: str, kind: str) -> Iterator[Problem]:
    if not reference.strip():
        return
    organisation = find_organisation(reference)
    if organisation is None:
        text = _(
            "« %(reference)s » n’est pas enregistrée, ou plusieurs organisations portent ce nom ; donnez le SIRET."
        )
        yield Problem(where, text % {"reference": reference})
    elif not getattr(organisation, kind):
        text = {
            "is_funder": _("« %(name)s » n’est pas enregistrée comme financeur."),
            "is_coordinator": _("« %(name)s » n’est pas enregistrée comme coordinatrice."),
        }[kind]
        yield Problem(where, text % {"name": organisation.name})


def territory_reference_problems(territory: TerritorySpec) -> Iterator[Problem]:
    """The places of a territory that are not in the national lists of this edition. Three queries."""
    known = {
        "departements": set(Departement.objects.filter(pk__in=territory.departements).values_list("pk", flat=True)),
        "epcis": set(Epci.objects.filter(pk__in=territory.epcis, until=None).values_list("pk", flat=True)),
        "communes": set(Commune.objects.filter(pk__in=territory.communes, until=None).values_list("pk", flat=True)),
    }
    for field, codes in known.items():
        for code in sorted(set(getattr(territory, field)) - codes):
            text = _("« %(code)s » n’existe pas dans l’édition du découpage qui est chargée.")
            yield Problem(field, text % {"code": code})
