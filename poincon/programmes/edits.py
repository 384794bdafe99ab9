"""Changes of rules, named as in the programme file: ``passes.unit_value_euros=12``."""

import tomllib
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _

from poincon.programmes.checks import Problem, refuse
from poincon.programmes.checks.settings import FILE_KEYS
from poincon.programmes.enums import IdentityLevel
from poincon.programmes.models import Service
from poincon.programmes.services.change import RuleChanges
from poincon.programmes.services.theme import ThemeChanges
from poincon.programmes.tables import Table

#: Dates, owner and what a programme is stay: other verbs change what may change.
NOT_RULES = {"uses_passes", "logo_svg"}
FIELDS = {key: field for field, key in FILE_KEYS.items() if field not in NOT_RULES} | {"name": "name"}
#: What ``update_theme`` changes, by itself.
LOOK = ("name", "phone", "referent", "email", "ink_colour", "accent_colour", "welcome_text")
HUNDREDTHS = {"unit_value", "required_cover_bp"}
YES_NO = {"direct_use", "prescriber_training_required", "mediator_training_required"}
OPTIONAL: dict[str, Any] = {
    **dict.fromkeys(("max_passes_per_session", "max_passes_per_day", "max_passes_per_person", "evidence_until"), None),
    "services": None,
    **dict.fromkeys(("phone", "referent", "email", "welcome_text"), ""),
}


def read_edits(assignments: Iterable[str], *, unset: Iterable[str] = ()) -> tuple[RuleChanges, ThemeChanges]:
    """What these ``KEY=VALUE`` change, for ``update_rules`` and ``update_theme``; ``unset`` empties a key.

    A value is written as in the programme file; a text needs no quotes. Raises one refusal that lists every fault.
    One query, when services are named.
    """
    problems: list[Problem] = []
    changes: dict[str, Any] = {}
    for assignment in assignments:
        key, equal, written = assignment.partition("=")
        field = _field(key.strip(), problems)
        if field and not equal:
            problems.append(Problem(key, _("il manque sa valeur, après =.")))
        elif field:
            changes[field] = _value(key.strip(), field, written.strip(), problems)
    for key in unset:
        if (field := _field(key, problems)) in OPTIONAL:
            changes[field] = OPTIONAL[field]
        elif field:
            problems.append(Problem(key, _("cette règle a toujours une valeur : donnez-lui-en une autre.")))
    if changes.get("services") is not None:
        changes["services"] = _services(changes["services"], problems)
    refuse(problems)
    look = {field: changes.pop(field) for field in LOOK if field in changes}
    # FIELDS are those of both: a test says so.
    return cast("RuleChanges", changes), cast("ThemeChanges", look)


def _services(codes: Iterable[str], problems: list[Problem]) -> list[Service]:
    found = {service.code: service for service in Service.objects.filter(code__in=codes)}
    unknown = _("aucun service ne porte le code « %(code)s ».")
    problems += [Problem("rules.services", unknown % {"code": code}) for code in codes if code not in found]
    return list(found.values())


def _field(key: str, problems: list[Problem]) -> str:
    if key not in FIELDS:
        choices = ", ".join(sorted(FIELDS))
        problems.append(
            Problem(key, _("cette règle n’existe pas. Choisissez parmi : %(choices)s.") % {"choices": choices})
        )
    return FIELDS.get(key, "")


def _value(key: str, field: str, written: str, problems: list[Problem]) -> Any:
    value = _unquoted(written) if field in {*LOOK, "identity_level"} else _parsed(written)
    return READERS.get(field, _whole)(Table({key: value}, problems), key)


def _whole(table: Table, key: str) -> int:
    return table.whole(key, 0)


READERS: dict[str, Callable[[Table, str], Any]] = {
    **dict.fromkeys(LOOK, Table.text),
    **dict.fromkeys(HUNDREDTHS, lambda table, key: table.hundredths(key, None)),
    **dict.fromkeys(YES_NO, lambda table, key: table.yes_no(key, default=False)),
    "services": Table.texts,
    "booklet_sizes": lambda table, key: list(table.wholes(key)),
    "evidence_until": Table.day,
    "identity_level": lambda table, key: table.choice(key, IdentityLevel),
}


def _parsed(written: str) -> Any:
    """The value as the programme file would give it; what is no TOML is a text."""
    try:
        return tomllib.loads(f"value = {written}", parse_float=Decimal)["value"]
    except tomllib.TOMLDecodeError:
        return written


def _unquoted(written: str) -> str:
    parsed = _parsed(written)
    return parsed if isinstance(parsed, str) else written
