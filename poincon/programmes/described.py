"""A programme that exists, described as the file that would create it again; and the copy of a description."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from typing import Any

from poincon.organisations.models import Organisation
from poincon.programmes.enums import FunderKind, IdentityLevel
from poincon.programmes.models import Funding, Programme, Territory
from poincon.programmes.spec import FundingSpec, LocalServiceSpec, ProgrammeSpec, PublicSpec, TerritorySpec
from poincon.territories.models import Commune
from poincon.territories.queries import resolve_commune

SAME_NAME = {
    field.name
    for field in fields(ProgrammeSpec)
    if field.name in {column.name for column in Programme._meta.concrete_fields}
} - {"owner", "lead_network", "booklet_sizes", "identity_level"}


def described(programme: Programme) -> ProgrammeSpec:
    """Everything that defines a programme, as it stands: its last day extended, its latest shares, its open services.

    Territories are written as the départements, then the EPCI, that they hold whole, then commune by commune.
    """
    values: dict[str, Any] = {name: getattr(programme, name) for name in SAME_NAME}
    retired = set(programme.local_services.filter(retired_on__isnull=False).values_list("code", flat=True))
    listed = sorted(set(programme.services.order_by().values_list("code", flat=True)) - retired)
    return ProgrammeSpec(
        **values,
        owner=reference(programme.owner),
        lead_network=reference(programme.lead_network) if programme.lead_network else "",
        booklet_sizes=tuple(programme.booklet_sizes),
        identity_level=IdentityLevel(programme.identity_level),
        services=None if programme.all_services else tuple(listed),
        territories=tuple(_territory(one) for one in programme.territories.order_by("name")),
        publics=tuple(
            PublicSpec(one.code, one.label, one.national_code, one.proof, one.open_from, one.open_until)
            for one in programme.publics.order_by("pk")
        ),
        fundings=tuple(
            _funding(one) for one in programme.fundings.filter(valid_until=None).select_related("funder").order_by("pk")
        ),
        local_services=tuple(
            LocalServiceSpec(one.code, one.label, one.national.code if one.national else "")
            for one in programme.local_services.filter(retired_on=None).select_related("national").order_by("code")
        ),
    )


def reference(organisation: Organisation) -> str:
    """What names an organisation in a file, for ever if it can: its SIRET, else its RNA number, else its name."""
    return organisation.siret or organisation.rna or organisation.name


def _funding(row: Funding) -> FundingSpec:
    return FundingSpec(
        funder=reference(row.funder),
        kind=FunderKind(row.kind),
        share_bp=row.share_bp,
        reference=row.reference,
        reporting_rules=row.reporting_rules,
        evidence_until=row.evidence_until,
    )


def _territory(territory: Territory) -> TerritorySpec:
    held = _current(territory.communes.all())
    departements = _whole("departement_id", held)
    left = [commune for commune in held if commune.departement_id not in departements]
    epcis = _whole("epci_id", held) & {commune.epci_id for commune in left}
    alone = [commune.pk for commune in left if commune.epci_id not in epcis]
    return TerritorySpec(
        name=territory.name,
        departements=tuple(sorted(departements)),
        epcis=tuple(sorted(epcis)),
        communes=tuple(sorted(alone)),
    )


def _current(communes: Iterable[Commune]) -> list[Commune]:
    """The communes of today: one that was merged since gives its place to the one that took it in."""
    found = {commune.pk: commune for commune in communes if commune.is_current}
    merged = [resolve_commune(commune.pk) for commune in communes if not commune.is_current]
    found |= {commune.pk: commune for commune in merged if commune is not None and commune.is_current}
    return list(found.values())


def _whole(field: str, held: list[Commune]) -> set[str]:
    """The départements, or the EPCI, of which every commune of today is held."""
    counted = Counter(str(code) for commune in held if (code := getattr(commune, field)) is not None)
    of_them = Commune.objects.filter(until=None, **{f"{field}__in": list(counted)}).order_by()
    return {code for code, total in Counter(of_them.values_list(field, flat=True)).items() if counted[code] == total}


# --- the copy of a description ----------------------------------------------------------------------------------------


def copied(spec: ProgrammeSpec, *, code: str, name: str, starts_on: date, ends_on: date) -> ProgrammeSpec:
    """The same programme under another code, for other dates, ready for ``create_programme``.

    Local services get codes of their own; publics that are over, conventions and dates of evidence that no longer
    hold are left out.
    """
    codes = {one.code: _own_code(one.code, spec.code, code) for one in spec.local_services}
    return replace(
        spec,
        code=code,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        evidence_until=_still(spec.evidence_until, ends_on),
        services=None if spec.services is None else tuple(codes.get(one, one) for one in spec.services),
        local_services=tuple(replace(one, code=codes[one.code]) for one in spec.local_services),
        publics=tuple(
            replace(one, open_from=one.open_from if one.open_from and one.open_from > starts_on else None)
            for one in spec.publics
            if one.open_until is None or one.open_until >= starts_on
        ),
        fundings=tuple(
            replace(one, reference="", evidence_until=_still(one.evidence_until, ends_on)) for one in spec.fundings
        ),
    )


def _own_code(local: str, former: str, code: str) -> str:
    return f"{code}--{local.removeprefix(f'{former}--')}"


def _still(day: date | None, ends_on: date) -> date | None:
    return day if day is not None and day >= ends_on else None
