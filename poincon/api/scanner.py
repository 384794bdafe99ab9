"""What a device keeps to work off line."""

import json

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from ninja import Query, Router, Schema
from ninja.decorators import decorate_view
from pydantic import AwareDatetime, Field

from poincon.api.devices import scanner_of
from poincon.passes.queries.device_state import device_state, state_tag

router = Router(tags=["Scanner"])


class StateQuery(Schema):
    since: AwareDatetime | None = Field(
        None, description="« version » d’une réponse précédente : rien que les changements"
    )


@router.get("/scanner/state", response={200: dict, 304: None}, summary="État hors ligne de l’appareil")
@decorate_view(gzip_page)
def get_state(request: HttpRequest, query: Query[StateQuery]) -> HttpResponse:
    """Clés publiques, lieux, offres, et un bit par pass utilisé. `ETag` et `If-None-Match` évitent de tout relire."""
    scanner = scanner_of(request)
    # The tag is read first: a change between both reads makes the next call ask again, never the contrary.
    tag = f'"{state_tag(scanner)}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    state = device_state(scanner, now=timezone.now(), since=query.since)
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json", headers={"ETag": tag, "Cache-Control": "private"})
