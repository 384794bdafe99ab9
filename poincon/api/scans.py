"""Redeem and annul."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from poincon.api.description import described
from poincon.api.devices import scanner_of
from poincon.api.reading import FaultyItemError, printable, read_items, read_json, read_scan
from poincon.api.schemas import Annulled, AnnulRequest, ScanBatch, Verdicts
from poincon.passes import codes, positions, refusals
from poincon.passes.rules import ScanRequest
from poincon.passes.services.annul import annul_own
from poincon.passes.services.redeem import redeem
from poincon.passes.verdicts import verdict

router = Router(tags=["Scans"])
SHOWN = 100


@router.post(
    "/scans",
    response={200: Verdicts},
    openapi_extra=described("too_many_scans", body=ScanBatch),
    summary="Poinçonner de 1 à 1 000 fois",
)
def post_scans(request: HttpRequest) -> HttpResponse:
    """Répond à chaque scan, dans l’ordre ; un scan fautif n’empêche pas les autres.

    Rejouer un identifiant rend la première réponse, à l’octet près. Les refus sont gardés aussi, sauf d’un scan sans
    identifiant lisible.
    """
    now = timezone.now()
    read = [_read(item, now) for item in read_items(read_json(request))]
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
        shown = printable(given[:SHOWN]) if isinstance(given, str) else ""
        return verdict(shown, refusals.MALFORMED.filled(fault=fault))


@router.post(
    "/scans/{scan_id}/annul",
    response=Annulled,
    openapi_extra=described(
        "scan_unknown", "nothing_to_annul", "annul_too_late", body=AnnulRequest, body_required=False
    ),
    summary="Annuler un poinçon, dans les 15 minutes",
)
def post_annul(request: HttpRequest, scan_id: UUID) -> Annulled:
    """Les pass redeviennent utilisables. Redemander rend la même annulation."""
    asked = AnnulRequest.model_validate(read_json(request) if request.body else {})
    annulment = annul_own(
        scanner=scanner_of(request), uuid=scan_id, reason=asked.reason_kept, occurred_at=asked.occurred_at
    )
    redemptions = list(annulment.redemptions.select_related("booklet").order_by("position"))
    booklet = redemptions[0].booklet
    return Annulled(
        id=scan_id,
        annulled_at=annulment.at,
        number=codes.written(booklet.number),
        left=booklet.left,
        positions=positions.positions_of(positions.mask_of(redemption.position for redemption in redemptions)),
    )
