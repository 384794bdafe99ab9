"""What every form of ours shares: words that name the field, nothing typed lost, refusals said where one types."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.www.base.typed import kept_for

Row = TypeVar("Row", bound=Model)
#: What Django says without naming the field, and what we say instead. A field with words of its own keeps them.
OURS = {
    "required": _("Remplissez «\N{NO-BREAK SPACE}%(label)s\N{NO-BREAK SPACE}»."),
    "invalid_choice": _("Choisissez «\N{NO-BREAK SPACE}%(label)s\N{NO-BREAK SPACE}» dans la liste."),
    "invalid_list": _("Choisissez «\N{NO-BREAK SPACE}%(label)s\N{NO-BREAK SPACE}» dans la liste."),
    "invalid_pk_value": _("Choisissez «\N{NO-BREAK SPACE}%(label)s\N{NO-BREAK SPACE}» dans la liste."),
}
#: Django fills in the wrong value: a "%" of ours must come out as it went in.
FILLED_IN = frozenset({"invalid_choice", "invalid_pk_value"})


class HouseForm(forms.Form):
    """A form whose messages name the field: ``Remplissez « Commune ».``"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # A label is a title, not the beginning of a sentence.
        super().__init__(*args, **({"label_suffix": ""} | kwargs))

    def full_clean(self) -> None:
        """Judge what was typed, in our words: fields that a form adds to itself are there by now."""
        for field in self.fields.values():
            _say_in_our_words(field)
        super().full_clean()


def _say_in_our_words(field: forms.Field) -> None:
    for code, words in OURS.items():
        if field.error_messages.get(code) in _of_django(field, code):
            said = str(words) % {"label": field.label}
            field.error_messages[code] = said.replace("%", "%%") if code in FILLED_IN else said


def _of_django(field: forms.Field, code: str) -> list[Any]:
    """What the classes that came with Django say of this fault."""
    known = [one.__dict__.get("default_error_messages", {}) for one in type(field).__mro__ if _is_django(one)]
    return [messages[code] for messages in known if code in messages]


def _is_django(one: type) -> bool:
    return one.__module__.startswith("django.")


#: No row has a longer key: SQLite breaks on one that does not fit 64 bits.
LONGEST_KEY = 18


class SeveralField(forms.ModelMultipleChoiceField[Row]):
    """Several rows of a list; a key that no row can have is a wrong choice like any other."""

    def clean(self, value: Any) -> "QuerySet[Row]":
        for key in value or ():
            if len(str(key)) > LONGEST_KEY:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        chosen: QuerySet[Row] = super().clean(value)
        return chosen


class DayInput(forms.DateInput):
    """A day, picked in the calendar of the browser."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


@dataclass
class Done:
    """Whether what was tried was done. False until the end of ``refusals_in``."""

    done: bool = False

    def __bool__(self) -> bool:
        return self.done


def typed(request: HttpRequest) -> QueryDict | None:
    """What to fill a form with: what was just sent, or what was sent when the session had ended; None at first."""
    return request.POST if request.method == "POST" else kept_for(request)


@contextmanager
def refusals_in(
    form: forms.BaseForm, field: str | None = None, *, at: Mapping[str, str] | None = None
) -> Iterator[Done]:
    """Call a verb inside: its refusal becomes an error of ``form``, and what was typed stays.

    It is the error of the field that it names first (« Montant : … »), else of ``field``; ``at`` names the field of
    some refusals, by their code.
    What it yields is true afterwards only if the verb did its work.
    """
    outcome = Done()
    try:
        yield outcome
        outcome.done = True
    except Refusal as refusal:
        named, said = _told(refusal, form)
        form.add_error((at or {}).get(refusal.code) or named or field, said)


def _told(refusal: Refusal, form: forms.BaseForm) -> tuple[str | None, str]:
    """The field that a refusal names, and what it says of it."""
    said = str(refusal)
    for name, field in form.fields.items():
        for start in beginnings(field.label):
            if said.startswith(start):
                return name, capfirst(said.removeprefix(start))
    return None, said


def beginnings(label: Any) -> tuple[str, ...]:
    """How a sentence that names a field begins, in French and in English."""
    return (f"{label} : ", f"{label}: ") if label else ()
