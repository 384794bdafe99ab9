"""Filling the forms of a page: with what could be true, then with what no field should take."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.www.reading import Field, Form

TOKEN = "csrfmiddlewaretoken"
CHOICES = frozenset({"select", "radio", "checkbox"})
NUMBERS = frozenset({"number", "range"})
EXACT = CHOICES | NUMBERS | {"date", "datetime-local", "month", "time", "email", "color"}
PLAUSIBLE = {
    "text": "Essai",
    "search": "Essai",
    "textarea": "Essai",
    "email": "essai@essai.example",
    "tel": "05 55 44 30 00",
    "url": "https://essai.example",
    "password": "un essai assez long",
    "date": timezone.localdate().isoformat(),
    "color": "#1b2a6b",
}


@dataclass(frozen=True)
class Bad:
    """One way to fill a field badly. ``refused``: the fields that must say so; the others may take it or not."""

    name: str
    value: str
    refused: Callable[[Field], bool]

    def __str__(self) -> str:
        return self.name


def _is_choice(field: Field) -> bool:
    return field.kind in CHOICES


def _is_exact(field: Field) -> bool:
    return field.kind in EXACT


def _is_limited(field: Field) -> bool:
    return "maxlength" in field.attributes or field.kind in EXACT - {"checkbox"}


def _is_positive(field: Field) -> bool:
    return field.kind == "number" and float(field.attributes.get("min") or "-inf") >= 0


BADS = [
    Bad("empty", "", lambda field: field.is_required and field.kind != "file"),
    Bad("too long", "x" * 60_000, _is_limited),
    Bad("wrong type", "pas cela", _is_exact),
    Bad("nul bytes", "a\x00b", lambda field: field.kind not in {"file", "hidden", "password", "checkbox"}),
    Bad("emoji", "🧑🏽‍🦽‍➡️ ﷽", _is_exact),
    Bad("negative", "-1", _is_positive),
    Bad("huge", "9" * 40, _is_choice),
    Bad("somebody else’s", "987654321", _is_choice),
]
#: What is not typed by a person, and a lone box, which is ticked whatever it is sent.
NOT_FILLED = frozenset({"hidden", "file"})


def filled_fields(form: Form) -> list[Field]:
    """The fields a person types or chooses in."""
    return [field for field in form.fields.values() if field.name != TOKEN and field.kind not in NOT_FILLED]


def is_lone_box(field: Field) -> bool:
    return field.kind == "checkbox" and len(field.options) == 1


def plausible(form: Form) -> dict[str, Any]:
    """Every field with the value it holds or, failing that, one that could be true."""
    return {name: _plausible(field) for name, field in form.fields.items() if name != TOKEN}


def _plausible(field: Field) -> Any:
    if field.kind == "file":
        return SimpleUploadedFile("essai.csv", b"nom\nEssai\n")
    if any(field.values):
        return field.values
    if field.options:
        return [next(filter(None, field.options), "")]
    if field.kind in NUMBERS:
        return field.attributes.get("min") or "1"
    return PLAUSIBLE.get(field.kind, "")


def spoiled(form: Form, fields: Iterable[Field], bad: Bad) -> dict[str, Any]:
    """The form as it could be true, except these fields."""
    data = plausible(form)
    for field in fields:
        data[field.name] = bad.value
    return data
