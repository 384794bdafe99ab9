"""Files of scans, JSON or CSV: read whole, every fault named with its line, before anything is punched."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from poincon.cli.shape import Refused
from poincon.passes.rules import ScanRequest

FIELDS = ("id", "code", "venue", "service", "passes", "mediator", "occurred_at")
LARGEST_ID = 2**63 - 1
MOST_PASSES = 60
MOST_SHOWN = 20
#: A line without identifier gets one made of what it says: the same file sent twice punches once.
NAMESPACE = UUID("5d0c6cb8-3f1e-4a0e-9d6b-0c1a6f1b7a10")


@dataclass(frozen=True)
class Defaults:
    """What the command line says for the lines that do not."""

    venue_id: int | None
    service: str
    occurred_at: datetime | None


class Fault(ValueError):  # noqa: N818  not an error of ours: what is wrong with one line
    """What is wrong with one line, in French."""


def read_scans(text: str, defaults: Defaults) -> list[ScanRequest]:
    """The scans of a JSON document (a list, or ``{"scans": […]}`` as the API takes) or of a CSV file with a header.

    Raises one refusal that names each faulty line and field.
    """
    requests, faults, alike = [], [], Counter[str]()
    for place, row in _rows(text):
        try:
            requests.append(_request(row, defaults, alike))
        except Fault as fault:
            faults.append(f"– {place}, {fault}")
    if faults:
        more = [f"– et {len(faults) - MOST_SHOWN} autres"] if len(faults) > MOST_SHOWN else []
        raise Refused(
            "file_wrong",
            "\n".join([f"Ce fichier contient {len(faults)} erreur(s) :", *faults[:MOST_SHOWN], *more]),
            "Corrigez puis recommencez : rien n’a été poinçonné.",
        )
    if not requests:
        raise Refused("file_empty", "Ce fichier ne contient aucun scan.", "Vérifiez que c’est le bon.")
    return requests


def _rows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if text.lstrip("\ufeff \r\n\t")[:1] in {"{", "["}:
        yield from _json_rows(text.lstrip("\ufeff"))
    else:
        yield from _csv_rows(text.lstrip("\ufeff"))


def _json_rows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Refused("file_wrong", f"Ce n’est pas du JSON : {fault}.", "Corrigez le fichier.") from None
    rows = document.get("scans") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise Refused("file_wrong", "Le champ « scans » doit être une liste.", "Corrigez le fichier.")
    for rank, row in enumerate(rows, start=1):
        yield f"scan n° {rank}", row if isinstance(row, dict) else {}


def _csv_rows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    first_line = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first_line else ",")
    unknown = sorted(set(rows.fieldnames or ()) - set(FIELDS))
    if unknown or "code" not in (rows.fieldnames or ()):
        wrong = f"Colonnes inconnues : {', '.join(unknown)}." if unknown else "La colonne « code » manque."
        raise Refused("file_wrong", wrong, f"Les colonnes sont : {', '.join(FIELDS)}.")
    for row in rows:
        yield f"ligne {rows.line_num}", row


def _request(row: Mapping[str, Any], defaults: Defaults, alike: Counter[str]) -> ScanRequest:
    occurred_at = _moment(row) or defaults.occurred_at
    read: dict[str, Any] = {
        "presented": _text(row, "code"),
        "venue_id": _whole(row, "venue", defaults.venue_id, LARGEST_ID),
        "service": _text(row, "service", defaults.service),
        "passes": _optional(row, "passes", MOST_PASSES),
        "mediator_id": _optional(row, "mediator", LARGEST_ID),
    }
    uuid = _given_identifier(row) or _made_identifier(read, occurred_at, alike)
    return ScanRequest(uuid=uuid, occurred_at=occurred_at or timezone.now(), **read)


def _given_identifier(row: Mapping[str, Any]) -> UUID | None:
    given = row.get("id")
    if not given:
        return None
    try:
        return UUID(str(given))
    except ValueError:
        raise Fault(f"id : « {given} » n’est pas un UUID.") from None


def _made_identifier(read: dict[str, Any], occurred_at: datetime | None, alike: Counter[str]) -> UUID:
    if occurred_at is None:
        raise Fault("id, occurred_at : il faut l’un des deux, pour qu’un fichier relu ne poinçonne pas deux fois.")
    said = json.dumps([*read.values(), occurred_at.astimezone(UTC).isoformat()])
    alike[said] += 1
    return uuid5(NAMESPACE, f"{said} {alike[said]}")


def _text(row: Mapping[str, Any], field: str, default: str = "") -> str:
    value = row.get(field) or default
    if not isinstance(value, str) or not value.strip():
        raise Fault(f"{field} : il manque.")
    return value.strip().replace("\x00", "")


def _optional(row: Mapping[str, Any], field: str, most: int) -> int | None:
    return None if row.get(field) in {None, ""} else _whole(row, field, None, most)


def _whole(row: Mapping[str, Any], field: str, default: int | None, most: int) -> int:
    value = row.get(field) if row.get(field) not in {None, ""} else default
    if value is None:
        raise Fault(f"{field} : il manque.")
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
        raise Fault(f"{field} : « {value} » n’est pas un nombre de 1 à {most}.")
    return int(text)


def _moment(row: Mapping[str, Any]) -> datetime | None:
    value = row.get("occurred_at")
    if not value:
        return None
    try:
        moment = parse_datetime(str(value))
    except ValueError:
        moment = None
    if moment is None:
        raise Fault(f"occurred_at : « {value} » n’est pas un moment comme 2026-03-31T14:30.")
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def answers_of(verdicts: Iterable[str]) -> list[dict[str, Any]]:
    """Verdicts as data, in order."""
    return [json.loads(verdict) for verdict in verdicts]
