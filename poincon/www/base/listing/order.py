"""In which order rows come: texts and choices as one reads them, what is empty at the end, the same on both engines."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Case, CharField, F, Field, IntegerField, QuerySet, TextField, Value, When
from django.db.models.expressions import Expression, OrderBy
from django.db.models.functions import NullIf

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.texts import alphabetical


def ordering(rows: QuerySet[Any], fields: Iterable[str], *, descends: bool) -> list[OrderBy]:
    """The terms that sort ``rows`` by these fields (``-`` before one turns it), then by the key.

    An empty cell comes last both ways: what one sorts for is what is filled.
    """
    return [*(_term(rows, field, descends=descends) for field in fields), OrderBy(F("pk"), descending=descends)]


def _term(rows: QuerySet[Any], asked: str, *, descends: bool) -> OrderBy:
    path = asked.removeprefix("-")
    fields = _fields_along(rows, path)
    # Only where something may be empty: an index on a full column is then read in its own order.
    empty_last = True if any(_may_be_empty(field) for field in fields) else None
    return OrderBy(_as_read(path, fields[-1]), descending=descends != asked.startswith("-"), nulls_last=empty_last)


def _as_read(path: str, field: Any) -> Expression | F:
    if isinstance(field, CharField) and field.choices:
        return _by_label(path, field.flatchoices)
    if isinstance(field, CharField | TextField):
        name = Alphabetical(F(path))
        return NullIf(name, Value("")) if field.blank else name
    return F(path)


def _by_label(path: str, choices: Iterable[tuple[Any, Any]]) -> Case:
    """The place of each choice among the words that the page shows: they depend on its language."""
    codes = sorted(choices, key=lambda choice: alphabetical(str(choice[1])))
    places = [When(**{path: code}, then=Value(place)) for place, (code, _label) in enumerate(codes)]
    return Case(*places, output_field=IntegerField())


def _fields_along(rows: QuerySet[Any], path: str) -> list[Any]:
    """The fields that a path goes through; None for what the database computes."""
    model, found = rows.model, []
    for name in path.split("__"):
        try:
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return [None]
        found.append(field)
        model = field.related_model or model
    return found


def _may_be_empty(field: Any) -> bool:
    if not isinstance(field, Field):
        return True
    return field.null or (field.blank and isinstance(field, CharField | TextField))
