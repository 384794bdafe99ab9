"""A programme being prepared: what a draft keeps of each step, and the specification it makes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from poincon.organisations.models import Organisation
from poincon.organisations.queries import find_organisation
from poincon.programmes.described import copied, described, reference
from poincon.programmes.enums import FunderKind
from poincon.programmes.models import Programme, ProgrammeDraft
from poincon.programmes.permissions import CREATE_PROGRAMME
from poincon.programmes.rules import as_long_from, months_from
from poincon.programmes.spec import ProgrammeSpec
from poincon.programmes.templates import ProgrammeTemplate
from poincon.www.base.hats import worn_hat
from poincon.www.base.request import actor_of
from poincon.www.funder.fields import written_hundredths
from poincon.www.funder.programmes_places import territory_of
from poincon.www.funder.programmes_publics import NAMES as PUBLIC_NAMES
from poincon.www.funder.programmes_sections import SECTIONS, WITH, WITHOUT, typed_value
from poincon.www.funder.programmes_services import ALL, SOME
from poincon.www.funder.rows import Row

Answers = dict[str, Any]
#: Kept beside the steps: the texts and colours of the programme that was copied, which no step asks.
LOOK = "apparence"
LOOK_FIELDS = ("welcome_text", "ink_colour", "accent_colour", "logo_svg")


def drafts_of(request: HttpRequest) -> QuerySet[ProgrammeDraft]:
    """The drafts that this person may take up again: those of the organisation of her hat."""
    return all_drafts_of(request).filter(programme=None)


def all_drafts_of(request: HttpRequest) -> QuerySet[ProgrammeDraft]:
    """Those, and the ones that became a programme."""
    organisation = creator_of(request)
    found = ProgrammeDraft.objects.filter(organisation=organisation) if organisation else ProgrammeDraft.objects.none()
    return found.order_by("-changed_at", "-pk")


def creator_of(request: HttpRequest) -> Organisation | None:
    """The organisation in whose name this person may create a programme; None when she may not."""
    organisation = worn_hat(request).organisation
    if organisation is None or not actor_of(request).may(CREATE_PROGRAMME, organisation_id=organisation.pk):
        return None
    return organisation


def blank_answers(today: date) -> Answers:
    """Where one starts from nothing: what most programmes choose."""
    return answers_of(
        ProgrammeSpec(
            code="",
            name="",
            owner="",
            starts_on=_next_month(today),
            ends_on=months_from(_next_month(today), 24),
            unit_value=1000,
            unit_minutes=120,
            booklet_sizes=(10,),
        ),
        owner=None,
    )


def template_answers(template: ProgrammeTemplate, owner: Organisation, today: date) -> Answers:
    """The rules of a model, for dates to come."""
    first = _next_month(today)
    spec = template.filled(code="modele", name=template.spec.name, owner=reference(owner), starts_on=first)
    return answers_of(replace(spec, code=""), owner=owner)


def copied_answers(programme: Programme, today: date) -> Answers:
    """An earlier programme again, for as long, from the next month on."""
    first = max(_next_month(today), programme.ends_on + timedelta(days=1))
    last = as_long_from(first, as_from=programme.starts_on, until=programme.ends_on)
    spec = copied(described(programme), code=f"{programme.code}-2", name="", starts_on=first, ends_on=last)
    return answers_of(replace(spec, code=""), owner=programme.owner)


def answers_of(spec: ProgrammeSpec, *, owner: Organisation | None) -> Answers:
    """A specification as the steps would have typed it."""
    answers: Answers = {
        "identite": {"fields": _identity(spec)},
        "territoire": {"rows": [territory_of(one) for one in spec.territories]},
        "publics": {"rows": [_typed_row(one, PUBLIC_NAMES) for one in spec.publics]},
        "financements": {"rows": [_funding_row(one, owner) for one in spec.fundings]},
        "services": {
            "fields": {"admis": ALL if spec.services is None else SOME, "services": _published(spec)},
            "rows": [{"libelle": one.label, "rattache": one.national} for one in spec.local_services],
        },
        LOOK: {name: getattr(spec, name) for name in LOOK_FIELDS},
    }
    for section in SECTIONS.values():
        shown = section.initial(spec)
        answers.setdefault(step_of(section.key), {"fields": {}})["fields"] |= {
            field: typed_value(field, value) for field, value in shown.items()
        }
    answers["pass"]["fields"]["avec"] = WITH if spec.uses_passes else WITHOUT
    return answers


def step_of(section: str) -> str:
    """What is asked of people and what happens in the places are one step."""
    return "personnes" if section == "terrain" else section


def _identity(spec: ProgrammeSpec) -> dict[str, Any]:
    lead = find_organisation(spec.lead_network) if spec.lead_network else None
    return {
        "nom": spec.name,
        "code": spec.code,
        "debut": spec.starts_on.isoformat(),
        "fin": spec.ends_on.isoformat(),
        "fuseau": spec.time_zone,
        "reseau": str(lead.pk) if lead else "",
        "referent": spec.referent,
        "telephone": spec.phone,
        "courriel": spec.email,
    }


def _typed_row(row: Any, names: Mapping[str, str]) -> Row:
    return {field: typed_value(field, getattr(row, name)) for field, name in names.items()}


def _funding_row(row: Any, owner: Organisation | None) -> Row:
    found = owner if row.kind == FunderKind.OWNER else find_organisation(row.funder)
    return {
        "financeur": str(found.pk) if found is not None and found.is_funder else "",
        "nature": str(row.kind),
        "part": written_hundredths(row.share_bp),
        "reference": row.reference,
        "preuves": row.evidence_until.isoformat() if row.evidence_until else "",
        "regles": row.reporting_rules,
    }


def _published(spec: ProgrammeSpec) -> list[str]:
    own = {one.code for one in spec.local_services}
    return [code for code in spec.services or () if code not in own]


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
