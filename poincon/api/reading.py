"""From the JSON of a request to a request of the domain. One bad scan never blocks the others."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from poincon.api.problems import NOT_JSON, NOT_JSON_TYPE
from poincon.kernel.refusals import Refusal
from poincon.passes.rules import ScanRequest
from poincon.programmes.models.programme import LARGEST_BOOKLET

MOST_SCANS = 1_000
LONGEST_CODE = 500
LARGEST_ID = 2**63 - 1
#: A clock without battery says 1970, a joker says 9999: both are answered. Beyond, no engine stores the moment.
YEARS = range(1900, 2201)
#: A longer number is beyond every bound anyway, and Python refuses to read those of 4,300 digits.
LONGEST_INTEGER = 20

TOO_MANY_SCANS = Refusal(
    "too_many_scans",
    gettext_lazy("La demande contient %(count)s scans ; elle peut en contenir %(most)s."),
    gettext_lazy("Envoyez-les en plusieurs demandes."),
)

# As RFC 9562 writes it. UUID() also takes braces, underscores and the digits of other scripts.
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class FaultyItemError(ValueError):
    """An item that cannot be read; the message says in French which field and why."""


def read_json(request: HttpRequest) -> Any:
    """The body of a request. Raises Refusal ``unsupported_media_type`` or ``not_json``."""
    if request.content_type != "application/json":
        raise NOT_JSON_TYPE.filled()
    try:
        return json.loads(request.body, parse_int=_bounded_integer, parse_constant=_not_json)
    except (ValueError, RecursionError):
        raise NOT_JSON.filled() from None


def _bounded_integer(text: str) -> int | float:
    return int(text) if len(text) <= LONGEST_INTEGER else float(text)


def _not_json(constant: str) -> NoReturn:
    raise ValueError(constant)


def invalid_field(name: str, words: str) -> ValidationError:
    """The same error as the checker of types raises, for a field that we read ourselves."""
    error = PydanticCustomError("fault", "{words}", {"words": words})
    return ValidationError.from_exception_data("request", [InitErrorDetails(type=error, loc=(name,), input=None)])


def read_items(document: Any) -> list[Any]:
    """The items of ``{"scans": [...]}``. Raises ValidationError, or Refusal ``too_many_scans``."""
    items = document.get("scans") if isinstance(document, dict) else None
    if not isinstance(items, list) or not items:
        raise invalid_field("scans", _("Une liste d’au moins un scan est attendue."))
    if len(items) > MOST_SCANS:
        raise TOO_MANY_SCANS.filled(count=len(items), most=MOST_SCANS)
    return items


def read_scan(item: Any, *, now: datetime) -> ScanRequest:
    """One item. Raises FaultyItemError only when it has no usable identifier; other faults travel in the request."""
    uuid = _identifier(item)
    try:
        return ScanRequest(
            uuid=uuid,
            presented=_code(item),
            venue_id=_integer(item, "venue", most=LARGEST_ID),
            service=_text(item, "service"),
            occurred_at=_moment(item),
            passes=None if item.get("passes") is None else _integer(item, "passes", most=LARGEST_BOOKLET),
            mediator_id=None if item.get("mediator") is None else _integer(item, "mediator", most=LARGEST_ID),
        )
    except FaultyItemError as fault:
        presented = item.get("code")
        return ScanRequest(
            uuid=uuid,
            presented=printable(presented) if isinstance(presented, str) else "",
            venue_id=0,
            service="",
            occurred_at=now,
            fault=str(fault),
        )


def _identifier(item: Any) -> UUID:
    if not isinstance(item, Mapping):
        raise FaultyItemError(_("un scan est un objet JSON"))
    text = item.get("id")
    if not isinstance(text, str) or not _UUID.fullmatch(text):
        raise FaultyItemError(_("le champ « id » doit être un UUID"))
    return UUID(text)


def _code(item: Mapping[str, Any]) -> str:
    code = _text(item, "code")
    if len(code) > LONGEST_CODE:
        raise FaultyItemError(_("le champ « code » dépasse %(most)s caractères") % {"most": LONGEST_CODE})
    return code


def _text(item: Mapping[str, Any], field: str) -> str:
    value = item.get(field)
    if not isinstance(value, str) or not value.strip():
        raise FaultyItemError(_("le champ « %(field)s » doit être un texte") % {"field": field})
    return printable(value)


def printable(text: str) -> str:
    """``text`` without what no database keeps: null characters and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _integer(item: Mapping[str, Any], field: str, *, most: int) -> int:
    value = item.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise FaultyItemError(
            _("le champ « %(field)s » doit être un nombre entier de 1 à %(most)s") % {"field": field, "most": most}
        )
    return value


def _moment(item: Mapping[str, Any]) -> datetime:
    try:
        return moment(item.get("occurred_at"))
    except ValueError:
        raise FaultyItemError(
            _("le champ « occurred_at » doit être une date et une heure avec fuseau, comme 2026-03-04T10:00:00+01:00")
        ) from None


def moment(value: Any) -> datetime:
    """A date and time in ISO 8601, with its time zone. Raises ValueError."""
    found = parse_datetime(value) if isinstance(value, str) else None
    if found is None or found.tzinfo is None or found.year not in YEARS:
        raise ValueError(value)
    # PostgreSQL reads no offset beyond 15 hours; the moment is the same.
    return found.astimezone(UTC)
