"""Redeem and annul."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from poincon.api.devices import scanner_of
from poincon.api.reading import FaultyItemError, read_items, read_scan
from poincon.api.schemas import ScanBatch, Verdicts
from poincon.passes import codes, positions, refusals
from poincon.passes.rules import ScanRequest
from poincon.passes.services.annul import annul_own
from poincon.passes.services.redeem import redeem
from poincon.passes.verdicts import verdict

router = Router(tags=["Scans"])

REQUEST_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": ScanBatch.model_json_schema(ref_template="#/components/schemas/{model}")}
        },
    }
}


@router.post("/scans", response={200: Verdicts}, openapi_extra=REQUEST_BODY, summary="Poinçonner de 1 à 1 000 fois")
def post_scans(request: HttpRequest) -> HttpResponse:
    """Répond à chaque scan, dans l’ordre. Rejouer un identifiant rend la première réponse, à l’octet près."""
    now = timezone.now()
    read = [_read(item, now) for item in read_items(request.body)]
    wanted = [item for item in read if isinstance(item, ScanRequest)]
    # The verdicts are sent as the very texts that are kept: nothing rewrites them.
    answers = iter(redeem(wanted, scanner=scanner_of(request), now=now) if wanted else ())
    results = [next(answers) if isinstance(item, ScanRequest) else item for item in read]
    return HttpResponse(f'{{"results":[{",".join(results)}]}}', content_type="application/json")


def _read(item: Any, now: datetime) -> ScanRequest | str:
    """A request or, when it has no identifier to keep an answer under, its refusal."""
    try:
        return read_scan(item, now=now)
    except FaultyItemError as fault:
        given = item.get("id") if isinstance(item, dict) else None
        shown = given[:100] if isinstance(given, str) else ""
        return verdict(shown, refusals.MALFORMED.filled(fault=fault))


class AnnulRequest(Schema):
    reason: str = Field("", max_length=300, description="Pourquoi, en quelques mots")
    occurred_at: AwareDatetime | None = Field(None, description="Heure de l’appareil, si l’annulation a attendu")


class Annulled(Schema):
    id: UUID
    annulled_at: datetime
    number: str
    left: int
    positions: list[int]


@router.post("/scans/{uuid:scan_id}/annul", response=Annulled, summary="Annuler un poinçon, dans les 15 minutes")
def post_annul(request: HttpRequest, scan_id: UUID, body: AnnulRequest) -> Annulled:
    """Les pass redeviennent utilisables. Redemander rend la même annulation."""
    annulment = annul_own(scanner=scanner_of(request), uuid=scan_id, reason=body.reason, occurred_at=body.occurred_at)
    redemptions = list(annulment.redemptions.select_related("booklet").order_by("position"))
    booklet = redemptions[0].booklet
    return Annulled(
        id=scan_id,
        annulled_at=annulment.at,
        number=codes.written(booklet.number),
        left=booklet.left,
        positions=positions.positions_of(positions.mask_of(redemption.position for redemption in redemptions)),
    )
