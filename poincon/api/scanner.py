"""What a device keeps to work off line."""

import json
from datetime import datetime, timedelta
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags
from django.views.decorators.gzip import gzip_page
from ninja import Header, Query, Router
from ninja.decorators import decorate_view

from poincon.api.description import ETAG, described
from poincon.api.devices import device_of, heard, scanner_of
from poincon.api.schemas import DeviceEnded, Moment, State
from poincon.organisations.devices import Scanner
from poincon.organisations.services import end_device
from poincon.passes.queries.device_state import device_state, is_current, state_tag

router = Router(tags=["Scanner"])

#: After a month away, the changes weigh more than the bitmap.
CHANGES_KEPT = timedelta(days=31)

#: A device keeps one state; whoever sends more tags than this is not asking.
MOST_TAGS = 4

Since = Annotated[
    Moment | None,
    Query(
        description="« version » d’une réponse précédente : rien que les changements. "
        "Trop ancienne ou à venir, l’état est rendu complet."
    ),
]
IfNoneMatch = Annotated[str, Header(alias="If-None-Match", description="ETag d’une réponse précédente")]
DESCRIBED = described("invalid_request")
DESCRIBED["responses"] |= {200: {"headers": ETAG}, 304: {"description": "Rien n’a changé", "headers": ETAG}}


@router.get(
    "/scanner/state",
    response={200: State, 304: None},
    openapi_extra=DESCRIBED,
    summary="État hors ligne de l’appareil",
)
@decorate_view(gzip_page)
def get_state(request: HttpRequest, since: Since = None, if_none_match: IfNoneMatch = "") -> HttpResponse:
    """Clés publiques, lieux, offres, et un bit par pass utilisé. `ETag` et `If-None-Match` évitent de tout relire."""
    scanner, now = scanner_of(request), timezone.now()
    heard(scanner, now)
    # The tag is read first: a change between both reads makes the next call ask again, never the contrary.
    known = _known(scanner, if_none_match, now)
    tag = known or state_tag(scanner, now=now)
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
    if known:
        return _not_modified(headers)
    state = device_state(scanner, now=now, since=_usable(since, now))
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json", headers=headers)


@router.delete(
    "/scanner/device",
    response=DeviceEnded,
    openapi_extra=described(),
    summary="Ne plus utiliser cet appareil",
)
def delete_device(request: HttpRequest) -> DeviceEnded:
    """L’appareil se retire lui-même : envoyez d’abord la file, car son jeton est ensuite refusé (`unauthenticated`).

    Redemander ne change rien : `unauthenticated` dit alors que c’est déjà fait.
    """
    device = end_device(device_id=device_of(request))
    return DeviceEnded.model_validate({"id": device.pk, "label": device.label, "ended_at": device.revoked_at})


def _not_modified(headers: dict[str, str]) -> HttpResponse:
    response = HttpResponse(status=304, headers=headers)
    del response.headers["Content-Type"]
    return response


def _known(scanner: Scanner, if_none_match: str, now: datetime) -> str:
    """The tag that the device kept and that is still good, or nothing.

    Weak comparison, as RFC 9110 asks: compression marks our tags as weak.
    """
    kept = parse_etags(if_none_match)[:MOST_TAGS]
    if "*" in kept:
        return state_tag(scanner, now=now)
    tags = (written.removeprefix("W/").strip('"') for written in kept)
    return next((tag for tag in tags if is_current(scanner, tag, now=now)), "")


def _usable(since: datetime | None, now: datetime) -> datetime | None:
    """``since``, or None for the complete state when it is not a version that we gave lately."""
    return since if since is not None and now - CHANGES_KEPT <= since <= now else None
