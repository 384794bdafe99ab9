"""What narrows a list: a search of words, and a form sent by GET."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, ClassVar, TypeVar

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from poincon.kernel.refusals import Text
from poincon.kernel.texts import written_as
from poincon.www.templatetags.humane import short_day

RowModel = TypeVar("RowModel", bound=Model)
Search = Callable[[Any, str], Any]
MOST_WORDS = 8
#: What Django shows for no choice at all: a line of dashes says nothing.
DJANGO_EMPTY_LABEL = forms.ModelChoiceField(queryset=None).empty_label
PATTERNS = {"startswith": "^%s", "exact": "^%s$"}
#: Groups of a SIRET, of a booklet number, of a telephone.
NUMERO = re.compile(r"\bn°\s*(?=\d)", re.IGNORECASE)
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.]+(?=\d)")


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force: what it says, and the parameter that removing it takes out of the address."""

    name: str
    label: Text
    value: str


class Filters(forms.Form):
    """The filters of a list. Every field is optional; its name is the parameter of the address.

    ``lookups`` says which field of the rows each one compares: ``{"etat": "state", "depuis": "sent_at__date__gte"}``.
    A filter that compares otherwise overrides ``narrow``.
    """

    lookups: ClassVar[dict[str, str]] = {}

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked, auto_id="filtre-%s")
        for field in self.fields.values():
            field.required = False
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == DJANGO_EMPTY_LABEL:
                field.empty_label = str(_("tous"))

    def narrow(self, rows: QuerySet[RowModel]) -> QuerySet[RowModel]:
        """``rows`` without those that the filters leave out. A filter that is not understood leaves none out."""
        self.is_valid()
        wanted = {lookup: self.cleaned_data.get(name) for name, lookup in self.lookups.items()}
        return rows.filter(**{lookup: value for lookup, value in wanted.items() if _is_given(value)})

    def active(self) -> list[ActiveFilter]:
        self.is_valid()
        given = {name: self.cleaned_data.get(name) for name in self.fields}
        return [
            ActiveFilter(name, self[name].label, "" if value is True else _shown(self.fields[name], value))
            for name, value in given.items()
            if _is_given(value)
        ]


def words_in(*fields: str) -> Search:
    """A search: every word typed is in one of ``fields``, anywhere or as its lookup says (``number__startswith``).

    Accents, capitals and hyphens do not matter. A number is found with « n° » before it or not, and whether its groups
    are written apart or together.
    """
    places = [_place(field) for field in fields]

    def search(rows: QuerySet[RowModel], typed: str) -> QuerySet[RowModel]:
        words = NUMERO.sub("", typed)
        together = BETWEEN_DIGITS.sub("", words)
        found = _every_word(words, places)
        return rows.filter(found if together == words else found | _every_word(together, places))

    return search


def _place(field: str) -> tuple[str, str]:
    path, _, lookup = field.rpartition("__")
    return (path, PATTERNS[lookup]) if lookup in PATTERNS else (field, "%s")


def _every_word(typed: str, places: list[tuple[str, str]]) -> Q:
    words = map(written_as, typed.split()[:MOST_WORDS])
    found = [reduce(or_, (Q(**{f"{path}__regex": shape % word}) for path, shape in places)) for word in words]
    return reduce(and_, found, Q())


def _is_given(value: Any) -> bool:
    return value not in (None, "", False)


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(value, date):
        return short_day(value)
    if isinstance(field, forms.ModelChoiceField):
        return str(field.label_from_instance(value))
    choices = dict(_flat(getattr(field, "choices", ())))
    return str(choices.get(str(value), value))


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), label
