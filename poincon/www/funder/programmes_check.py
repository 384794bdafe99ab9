"""The end of the preparation: the specification that the steps make, and what keeps it from being created."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from poincon.kernel.refusals import Text
from poincon.organisations.models import Organisation
from poincon.organisations.queries import find_organisation
from poincon.programmes.checks import Problem, spec_problems
from poincon.programmes.checks.settings import FILE_KEYS
from poincon.programmes.described import reference
from poincon.programmes.spec import FundingSpec, ProgrammeSpec
from poincon.www.funder.programmes_draft import LOOK, Answers
from poincon.www.funder.programmes_faults import form_field
from poincon.www.funder.programmes_places import spec_of
from poincon.www.funder.programmes_sections import SECTIONS
from poincon.www.funder.programmes_steps import CHECK, IDENTITY, STEPS, TERRITORY, Step, refilled, step_named

#: How the key of a fault begins → the step where it is typed; the first that fits.
PLACES = (
    ("[[territories]]", "territoire"),
    ("[[publics]]", "publics"),
    ("[[fundings]]", "financements"),
    ("fundings", "financements"),
    ("[[local_services]]", "services"),
    ("rules.services", "services"),
    ("passes.", "pass"),
    ("rules.max_", "plafonds"),
    ("rules.", "personnes"),
    ("people.", "personnes"),
    ("", "identite"),
)
#: What no section asks, in the words of its step.
WORDS: dict[str, Text] = {
    "code": IDENTITY.form.base_fields["code"].label or "" if IDENTITY.form else "",
    "presentation.phone": IDENTITY.form.base_fields["telephone"].label or "" if IDENTITY.form else "",
    "presentation.email": IDENTITY.form.base_fields["courriel"].label or "" if IDENTITY.form else "",
}


@dataclass(frozen=True)
class Fault:
    """What is to correct, and on which step."""

    step: Step
    sentence: str


@dataclass(frozen=True)
class Prepared:
    """What the steps make: a specification, or what is missing to make one."""

    spec: ProgrammeSpec | None
    faults: list[Fault]


def prepared(answers: Answers, owner: Organisation) -> Prepared:
    """Read every step again. The specification is there when each one can be read, faults or not between them."""
    steps = [refilled(step, answers) for step in STEPS if step not in (TERRITORY, CHECK)]
    unread = [one.step for one in steps if not one.is_valid()]
    if unread:
        return Prepared(None, [Fault(step, _("Cette étape est à compléter ou à corriger.")) for step in unread])
    values: dict[str, Any] = {name: value for name, value in answers.get(LOOK, {}).items() if value}
    for one in steps:
        values |= one.values(str(values.get("code", "")))
    values["territories"] = tuple(spec_of(one) for one in answers.get(TERRITORY.key, {}).get("rows", []))
    spec = ProgrammeSpec(owner=reference(owner), **values)
    return Prepared(spec, faults_of(spec_problems(spec)))


def named_fundings(spec: ProgrammeSpec) -> list[tuple[str, FundingSpec]]:
    """Who pays each share, by name: the specification holds a SIRET. One query for each funder."""
    found = [(find_organisation(one.funder), one) for one in spec.fundings]
    return [(funder.name if funder else one.funder, one) for funder, one in found]


def faults_of(problems: Iterable[Problem]) -> list[Fault]:
    """Faults of the domain, each with the step where it is corrected."""
    return [Fault(_step(problem), _sentence(problem)) for problem in problems]


def _step(problem: Problem) -> Step:
    key = next(step for beginning, step in PLACES if problem.where.startswith(beginning))
    return step_named(key) or IDENTITY


def _sentence(problem: Problem) -> str:
    label = _label(problem)
    text = f"{label} : {problem.text}" if label else problem.text
    return text[:1].upper() + text[1:]


def _label(problem: Problem) -> Text:
    """The field as its step calls it."""
    field = form_field(problem)
    for section in SECTIONS.values():
        if field in section.names:
            return section.form.base_fields[field].label or ""
    if problem.where in WORDS:
        return WORDS[problem.where]
    return "" if problem.where in FILE_KEYS.values() else problem.where.replace("[[", "").replace("]]", "")
