"""From the JSON of a scan to a request of the domain. One bad item never blocks the others."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from poincon.kernel.refusals import Refusal
from poincon.passes.rules import ScanRequest

MOST_SCANS = 1_000
LONGEST_CODE = 500
MOST_PASSES = 60
LARGEST_ID = 2**63 - 1

NOT_JSON = Refusal(
    "malformed", gettext_lazy("Le corps de la demande n’est pas du JSON."), gettext_lazy("Voir /api/v1/docs.")
)
NO_SCANS = Refusal(
    "malformed",
    gettext_lazy("Le champ « scans » doit être une liste d’au moins un scan."),
    gettext_lazy("Voir /api/v1/docs."),
)
TOO_MANY_SCANS = Refusal(
    "too_many_scans",
    gettext_lazy("La demande contient %(count)s scans ; elle peut en contenir %(most)s."),
    gettext_lazy("Envoyez-les en plusieurs demandes."),
)


class FaultyItemError(ValueError):
    """An item that cannot be read; the message says in French which field and why."""


def read_items(body: bytes) -> list[Any]:
    """The items of ``{"scans": [...]}``. Raises Refusal ``malformed`` or ``too_many_scans``."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise NOT_JSON from None
    items = document.get("scans") if isinstance(document, dict) else None
    if not isinstance(items, list) or not items:
        raise NO_SCANS
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
            passes=None if item.get("passes") is None else _integer(item, "passes", most=MOST_PASSES),
            mediator_id=None if item.get("mediator") is None else _integer(item, "mediator", most=LARGEST_ID),
        )
    except FaultyItemError as fault:
        presented = item.get("code")
        return ScanRequest(
            uuid=uuid,
            presented=_printable(presented) if isinstance(presented, str) else "",
            venue_id=0,
            service="",
            occurred_at=now,
            fault=str(fault),
        )


def _identifier(item: Any) -> UUID:
    if not isinstance(item, Mapping):
        raise FaultyItemError(_("un scan est un objet JSON"))
    text = item.get("id")
    try:
        return UUID(text) if isinstance(text, str) else UUID("")
    except ValueError:
        raise FaultyItemError(_("le champ « id » doit être un UUID")) from None


def _code(item: Mapping[str, Any]) -> str:
    code = _text(item, "code")
    if len(code) > LONGEST_CODE:
        raise FaultyItemError(_("le champ « code » dépasse %(most)s caractères") % {"most": LONGEST_CODE})
    return code


def _text(item: Mapping[str, Any], field: str) -> str:
    value = item.get(field)
    if not isinstance(value, str) or not value.strip():
        raise FaultyItemError(_("le champ « %(field)s » doit être un texte") % {"field": field})
    return _printable(value)


def _printable(text: str) -> str:
    """No database keeps a null character or half a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _integer(item: Mapping[str, Any], field: str, *, most: int) -> int:
    value = item.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise FaultyItemError(
            _("le champ « %(field)s » doit être un nombre entier de 1 à %(most)s") % {"field": field, "most": most}
        )
    return value


def _moment(item: Mapping[str, Any]) -> datetime:
    value = item.get("occurred_at")
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise FaultyItemError(
            _("le champ « occurred_at » doit être une date et une heure avec fuseau, comme 2026-03-04T10:00:00+01:00")
        )
    return moment
