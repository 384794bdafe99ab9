"""What an entry of the journal keeps, said to a person: names of fields, days, amounts, states, not their codes."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from poincon.kernel.documents.french import count
from poincon.kernel.models import AuditEntry
from poincon.kernel.money import euros
from poincon.kernel.refusals import Text
from poincon.organisations.enums import Role
from poincon.www.templatetags.humane import month, percent, short_day

#: Names of the journal that are not those of a field of what changed.
WORDS: dict[str, Text] = {
    "reason": _("motif"),
    "on": _("le"),
    "booklets": _("chéquiers"),
    "in_stock": _("en stock"),
    "note": _("précision"),
    "value": _("valeur"),
    "statements": _("relevés"),
    "payments": _("paiements"),
    "holders": _("détenteurs"),
    "first_day": _("du"),
    "last_day": _("au"),
    "from_day": _("à partir du"),
    "services": _("services"),
    "retired_on": _("retiré le"),
    "fundings": _("parts"),
    "territory": _("territoire"),
    "added": _("communes ajoutées"),
    "removed": _("communes retirées"),
    "communes": _("communes"),
    "departements": _("départements"),
    "epcis": _("intercommunalités"),
    "logo": _("taille du logo"),
    "month": _("mois"),
    "amount": _("montant"),
    "total": _("total"),
    "organisations": _("organisations"),
    "venues": _("lieux"),
    "invitations": _("invitations"),
    "holder": _("titulaire"),
    "iban_end": _("fin de l’IBAN"),
    "bic": _("BIC"),
}
#: Amounts in cents that are not fields of what changed.
MONEY = frozenset({"value", "amount", "total"})
#: Keys of rows, and codes: what they stand for is said in the column before, or elsewhere on the line.
SILENT = frozenset({"venue", "service", "corrects", "code", "for"})
UNIT = re.compile(r" \((.+)\)$")
MONTH = re.compile(r"\d{4}-\d{2}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def details(entry: AuditEntry) -> str:
    """What changed, name by name. What is known of a person stays with who knows her."""
    if entry.subject.startswith("beneficiaries."):
        return ""
    names = [*entry.after, *(name for name in entry.before if name not in entry.after)]
    told = (_change(entry.subject, name, entry.before.get(name), entry.after.get(name)) for name in names)
    return " ; ".join(filter(None, told))


def _change(subject: str, name: str, before: Any, after: Any) -> str:
    field = _field(subject, name)
    same = before == after or (_nothing(before) and _nothing(after))
    if same or name in SILENT or isinstance(field, models.ForeignKey):
        return ""
    label, unit = _label(name, field)
    if _nothing(before):
        return f"{label} : {_told(name, field, unit, after)}"
    return f"{label} : {_told(name, field, unit, before)} → {_told(name, field, unit, after)}"


def _nothing(value: Any) -> bool:
    return value in (None, "", [], {})


@cache
def _field(subject: str, name: str) -> Any:
    """The field of the model that changed; None when the journal calls it otherwise."""
    try:
        return apps.get_model(subject)._meta.get_field(name)
    except (LookupError, FieldDoesNotExist):
        return None


def _label(name: str, field: Any) -> tuple[str, str]:
    """What a name says, and the unit its field gives between brackets."""
    verbose = str(field.verbose_name) if field is not None and name not in WORDS else ""
    unit = UNIT.search(verbose)
    return str(WORDS.get(name) or UNIT.sub("", verbose) or name.replace("_", " ")), unit[1] if unit else ""


def _told(name: str, field: Any, unit: str, value: Any) -> str:
    if _nothing(value):
        return "–"
    if isinstance(value, bool):
        return gettext("oui") if value else gettext("non")
    if name == "fundings":
        return " + ".join(percent(one["share_bp"]) for one in value)
    if isinstance(value, list | dict):
        return count(len(value)) if name != "booklet_sizes" else ", ".join(map(str, value))
    if isinstance(value, str):
        return _text(name, field, value)
    return _number(name, unit, value)


def _text(name: str, field: Any, value: str) -> str:
    choices = dict(getattr(field, "flatchoices", ()) or (Role.choices if name == "role" else ()))
    if value in choices:
        return str(choices[value])
    if MONTH.fullmatch(value):
        return month(date.fromisoformat(f"{value}-01"))
    return short_day(datetime.fromisoformat(value)) if DAY.match(value) else value


def _number(name: str, unit: str, value: Any) -> str:
    if unit == str(_CENTS) or name in MONEY:
        return euros(value)
    written: Callable[[Any], str] = count if isinstance(value, int) else str
    if unit == str(_POINTS):
        return percent(value)
    return f"{written(value)} {unit}".strip() if unit in {str(_MINUTES), str(_DAYS), str(_MONTHS)} else written(value)


#: The units that fields give between brackets, in their own words.
_CENTS, _POINTS = _("centimes"), _("points de base")
_MINUTES, _DAYS, _MONTHS = _("minutes"), _("jours"), _("mois")
