"""What every form of ours shares: words that name the field, nothing typed lost, refusals said where one types."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.www.base.typed import kept_for

Row = TypeVar("Row", bound=Model)
REQUIRED = _("Remplissez «\N{NO-BREAK SPACE}%(label)s\N{NO-BREAK SPACE}».")
DJANGO_REQUIRED = forms.Field.default_error_messages["required"]


class HouseForm(forms.Form):
    """A form whose messages name the field: ``Remplissez « Commune ».``"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # A label is a title, not the beginning of a sentence.
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        for field in self.fields.values():
            if field.error_messages.get("required") == DJANGO_REQUIRED:
                field.error_messages["required"] = str(REQUIRED) % {"label": field.label}


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
def refusals_in(form: forms.BaseForm, field: str | None = None) -> Iterator[Done]:
    """Call a verb inside: its refusal becomes an error of ``form`` (of ``field``, if named), and what was typed stays.

    What it yields is true afterwards only if the verb did its work.
    """
    outcome = Done()
    try:
        yield outcome
        outcome.done = True
    except Refusal as refusal:
        form.add_error(field, str(refusal))
