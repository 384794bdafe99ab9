"""Test a booklet without using it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from poincon.api.description import described
from poincon.api.problems import problem
from poincon.api.schemas import TestedBooklet
from poincon.kernel.refusals import Refusal
from poincon.passes import codes, positions
from poincon.passes.queries import examine

router = Router(tags=["Chéquiers"])


@router.get(
    "/booklets/{path:presented}",
    response=TestedBooklet,
    openapi_extra=described(
        "unreadable_code",
        "wrong_check_character",
        "forged_signature",
        "unknown_key",
        "revoked_key",
        "unknown_booklet",
        "position_out_of_range",
        "invalid_request",
    ),
    summary="Tester un chéquier sans l’utiliser",
)
def get_booklet(request: HttpRequest, presented: str) -> TestedBooklet | HttpResponse:
    """Le code scanné ou le numéro tapé : pass restants, validité, et pourquoi il serait refusé."""
    examined = examine(presented)
    if isinstance(examined, Refusal):
        return problem(examined)
    booklet, refusal = examined.booklet, examined.refusal
    return TestedBooklet(
        number=codes.written(booklet.number),
        size=booklet.size,
        left=booklet.left,
        valid_until=examined.valid_until.isoformat(),
        position=examined.position,
        positions_used=positions.positions_of(booklet.used),
        usable=refusal is None,
        reason=refusal.code if refusal else None,
        message=str(refusal.sentence) if refusal else _("Ce chéquier est valable."),
        next_step=str(refusal.next_step) if refusal else "",
        programme=booklet.batch.programme.name,
    )
