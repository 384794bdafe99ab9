"""The programme file (docs/programme-file.md), the other way round: ``ProgrammeSpec`` in, TOML out."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from poincon.programmes.checks.settings import IN_FILE_UNITS, SECTIONS
from poincon.programmes.spec import ProgrammeSpec

HEAD = ("code", "name", "owner", "lead_network", "starts_on", "ends_on", "time_zone")
#: What the file writes in euros and in percents stands with its section.
KEYS = {"unit_value": "unit_value_euros", "required_cover_bp": "required_cover_percent", "share_bp": "share_percent"}
NUMBERS = {"passes": ("unit_value", "required_cover_bp")}
TABLES = ("territories", "publics", "fundings", "local_services")
UNITS = IN_FILE_UNITS | {"share_bp": 100}


def programme_file(spec: ProgrammeSpec) -> str:
    """The file that describes this programme: ``read_programme`` gives the same specification back."""
    return "\n".join(_lines(vars(spec))) + "\n"


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    yield from _pairs(values, HEAD)
    for section, fields in SECTIONS.items():
        written = list(_pairs(values, (*NUMBERS.get(section, ()), *fields)))
        if written:
            yield from ("", f"[{section}]", *written)
    for table in TABLES:
        for row in values[table]:
            yield from ("", f"[[{table}]]", *_pairs(vars(row), vars(row)))


def _pairs(values: Mapping[str, Any], fields: Any) -> Iterator[str]:
    for field in fields:
        value = values[field]
        if value is not None and value not in ("", ()):
            yield f"{KEYS.get(field, field)} = {_written(value, UNITS.get(field, 1))}"


def _written(value: Any, unit: int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if unit == 1 else _hundredths(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "[" + ", ".join(_written(item, 1) for item in value) + "]"
    # A JSON text is a TOML one, but for this character.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _hundredths(value: int) -> str:
    whole, rest = divmod(value, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
