"""A fault of the domain, named by its key in the programme file, put where it was typed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django import forms

from poincon.kernel.refusals import Refusal
from poincon.programmes.checks import Invalid, Problem
from poincon.programmes.checks.settings import FILE_KEYS
from poincon.www.base.forms import Done
from poincon.www.funder.programmes_sections import FORM_FIELDS

_NAMES = {key: name for name, key in FILE_KEYS.items()}


@contextmanager
def faults_in(form: forms.BaseForm, fields: Mapping[str, str] | None = None) -> Iterator[Done]:
    """``refusals_in`` for the verbs of programmes: each fault of what they refuse goes to its own field.

    ``fields``: key of the programme file → field of the form, for what is not a rule of a section.
    """
    outcome = Done()
    try:
        yield outcome
        outcome.done = True
    except Invalid as refusal:
        for problem in refusal.problems:
            _put(form, problem, fields or {})
    except Refusal as refusal:
        form.add_error(None, str(refusal))


def _put(form: forms.BaseForm, problem: Problem, fields: Mapping[str, str]) -> None:
    field = fields.get(key_of(problem)) or form_field(problem)
    if field in form.fields:
        form.add_error(field, said(problem))
    else:
        form.add_error(None, str(problem))


def form_field(problem: Problem) -> str:
    """The field of a section’s form that a fault is about; empty when none is."""
    return FORM_FIELDS.get(_NAMES.get(problem.where, ""), "")


def said(problem: Problem) -> str:
    """A fault as a sentence, for whoever sees what it is about."""
    return problem.text[:1].upper() + problem.text[1:]


def key_of(problem: Problem) -> str:
    """``[[publics]] n° 2, code`` → ``code``."""
    return problem.where.rpartition(", ")[2]
