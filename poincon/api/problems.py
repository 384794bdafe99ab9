"""Errors, as RFC 9457 describes them: problem+json, in French, with a stable code."""

import json
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from poincon.kernel.refusals import Refusal

CONTENT_TYPE = "application/problem+json"

#: The HTTP status of the refusals that are not simply "not now" (409).
STATUS = {
    "right_missing": HTTPStatus.FORBIDDEN,
    "scan_unknown": HTTPStatus.NOT_FOUND,
    "unknown_booklet": HTTPStatus.NOT_FOUND,
    "unreadable_code": HTTPStatus.UNPROCESSABLE_ENTITY,
    "wrong_check_character": HTTPStatus.UNPROCESSABLE_ENTITY,
    "position_out_of_range": HTTPStatus.UNPROCESSABLE_ENTITY,
    "malformed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "too_many_requests": HTTPStatus.TOO_MANY_REQUESTS,
    "too_many_scans": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
UNAUTHENTICATED = Refusal(
    "unauthenticated",
    _("Cet appareil n’est pas reconnu : son jeton est absent, inconnu ou révoqué."),
    _("Enrôlez l’appareil de nouveau depuis la page de votre structure."),
)
INVALID = Refusal(
    "invalid_request", _("La demande ne suit pas la description de l’interface."), _("Voir /api/v1/docs.")
)
NOT_FOUND = Refusal("not_found", _("Rien ne se trouve à cette adresse."))


def problem(refusal: Refusal, *, status: int | None = None, **more: Any) -> HttpResponse:
    """One refusal as a problem document. ``type`` is a stable URN, ``code`` the same word without prefix."""
    status = status or STATUS.get(refusal.code, HTTPStatus.CONFLICT)
    document = {
        "type": f"urn:poincon:problem:{refusal.code}",
        "title": str(refusal.sentence),
        "status": int(status),
        "detail": str(refusal.next_step),
        "code": refusal.code,
        **more,
    }
    return HttpResponse(json.dumps(document, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)


def install(api: NinjaAPI) -> None:
    """Every error of the API leaves it as a problem."""

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
        return problem(error)

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        answer = problem(UNAUTHENTICATED, status=HTTPStatus.UNAUTHORIZED)
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [{"field": ".".join(map(str, fault["loc"])), "fault": str(fault["msg"])} for fault in error.errors]
        return problem(INVALID, status=HTTPStatus.UNPROCESSABLE_ENTITY, faults=faults)

    @api.exception_handler(HttpError)
    def failed(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(INVALID, status=error.status_code)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(NOT_FOUND, status=HTTPStatus.NOT_FOUND)
