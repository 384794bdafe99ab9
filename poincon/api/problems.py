"""Errors, as RFC 9457 describes them: problem+json, in French, with a stable code.

``title`` names the kind of error, ``detail`` and ``next_step`` are the two sentences of a refusal, as in a verdict.
docs/api.md lists every code.
"""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError
from ninja.errors import ValidationError as NinjaValidationError
from pydantic import ValidationError

from poincon.kernel.refusals import Refusal

CONTENT_TYPE = "application/problem+json"

NOT_JSON = Refusal(
    "not_json", _("Le corps de la demande n’est pas du JSON."), _("Écrivez-le en UTF-8, comme le dit /api/v1/docs.")
)
UNAUTHENTICATED = Refusal(
    "unauthenticated",
    _("Cet appareil n’est pas reconnu : son jeton est absent, inconnu ou révoqué."),
    _("Enrôlez l’appareil de nouveau depuis la page de votre structure."),
)
NOT_FOUND = Refusal("not_found", _("Rien ne se trouve à cette adresse."), _("Voir /api/v1/docs."))
METHOD_NOT_ALLOWED = Refusal(
    "method_not_allowed", _("Cette adresse n’accepte pas %(method)s."), _("Elle accepte : %(allowed)s.")
)
BODY_TOO_LARGE = Refusal(
    "body_too_large", _("La demande est trop longue."), _("Envoyez les scans en plusieurs demandes.")
)
NOT_JSON_TYPE = Refusal(
    "unsupported_media_type",
    _("Le corps de la demande n’est pas annoncé comme du JSON."),
    _("Ajoutez l’en-tête « Content-Type: application/json »."),
)
INVALID = Refusal(
    "invalid_request",
    _("La demande ne suit pas la description de l’interface."),
    _("Corrigez les champs nommés dans « faults » ; voir /api/v1/docs."),
)

#: The HTTP status of each refusal that leaves the API as a problem. A refusal of the domain not named here is a 409.
STATUS: Mapping[str, HTTPStatus] = {
    "not_json": HTTPStatus.BAD_REQUEST,
    "unauthenticated": HTTPStatus.UNAUTHORIZED,
    "right_missing": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "scan_unknown": HTTPStatus.NOT_FOUND,
    "unknown_booklet": HTTPStatus.NOT_FOUND,
    "unknown_key": HTTPStatus.NOT_FOUND,
    "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "annul_too_late": HTTPStatus.CONFLICT,
    "nothing_to_annul": HTTPStatus.CONFLICT,
    "revoked_key": HTTPStatus.CONFLICT,
    "body_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_many_scans": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "forged_signature": HTTPStatus.UNPROCESSABLE_ENTITY,
    "invalid_request": HTTPStatus.UNPROCESSABLE_ENTITY,
    "position_out_of_range": HTTPStatus.UNPROCESSABLE_ENTITY,
    "unreadable_code": HTTPStatus.UNPROCESSABLE_ENTITY,
    "wrong_check_character": HTTPStatus.UNPROCESSABLE_ENTITY,
    "too_many_requests": HTTPStatus.TOO_MANY_REQUESTS,
    # Written by the pages of the site, which answer when nothing else can (poincon/www/base/errors.py).
    "bad_request": HTTPStatus.BAD_REQUEST,
    "server_error": HTTPStatus.INTERNAL_SERVER_ERROR,
}

TITLES: Mapping[int, Any] = {
    HTTPStatus.BAD_REQUEST: _("Demande illisible"),
    HTTPStatus.UNAUTHORIZED: _("Appareil non reconnu"),
    HTTPStatus.FORBIDDEN: _("Droit manquant"),
    HTTPStatus.NOT_FOUND: _("Introuvable"),
    HTTPStatus.METHOD_NOT_ALLOWED: _("Méthode non permise"),
    HTTPStatus.CONFLICT: _("Demande refusée"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("Demande trop longue"),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: _("Type de contenu non accepté"),
    HTTPStatus.UNPROCESSABLE_ENTITY: _("Demande incorrecte"),
    HTTPStatus.TOO_MANY_REQUESTS: _("Trop de demandes"),
    HTTPStatus.INTERNAL_SERVER_ERROR: _("Erreur du serveur"),
}

#: What the checker of types says, in French; by the beginning of its own code.
FAULTS = {
    "missing": _("Ce champ est obligatoire."),
    "string_too_long": _("%(max_length)s caractères au plus."),
    "string": _("Un texte est attendu."),
    "uuid": _("Un UUID est attendu, comme 0190a6e0-1c5b-7c3e-9d2f-3a5b7c9d1e2f."),
    "datetime": _("Une date et une heure avec fuseau sont attendues, comme 2026-03-04T10:00:00+01:00."),
    "timezone": _("Le fuseau horaire manque : écrivez par exemple 2026-03-04T10:00:00+01:00."),
    "model": _("Un objet JSON est attendu."),
    "dict": _("Un objet JSON est attendu."),
    # A fault that we found ourselves, already in words.
    "fault": _("%(words)s"),
}
NOT_ACCEPTED = _("Cette valeur n’est pas acceptée.")


class RateError(Exception):
    """A device asks too often; ``refusal`` says so, ``seconds`` is how long it must wait."""

    def __init__(self, refusal: Refusal, seconds: int) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.seconds = seconds


def problem(refusal: Refusal, *, headers: Mapping[str, str] | None = None, **more: Any) -> HttpResponse:
    """One refusal as a problem document. ``type`` is a stable URN, ``code`` the same word without prefix."""
    status = STATUS.get(refusal.code, HTTPStatus.CONFLICT)
    document = {
        "type": f"urn:poincon:problem:{refusal.code}",
        "title": str(TITLES[status]),
        "status": int(status),
        "detail": str(refusal.sentence),
        "next_step": str(refusal.next_step),
        "code": refusal.code,
        **more,
    }
    text = json.dumps(document, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=CONTENT_TYPE, headers=headers)


def invalid(errors: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """The problem of a request that does not follow the description: each field at fault, and why."""
    faults = [{"field": _field(error["loc"]), "fault": _fault(error)} for error in errors]
    return problem(INVALID, faults=faults)


def _field(location: Iterable[Any]) -> str:
    """``scans`` rather than ``body.scans``: who reads knows where it was written."""
    names = [str(name) for name in location if name not in {"body", "path", "query", "header"}]
    return ".".join(names)


def _fault(error: Mapping[str, Any]) -> str:
    words = (text for beginning, text in FAULTS.items() if error["type"].startswith(beginning))
    sentence: str = str(next(words, NOT_ACCEPTED)) % error.get("ctx", {})
    return sentence


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """The problem of an address that exists but not for this method."""
    refusal = METHOD_NOT_ALLOWED.filled(method=request.method, allowed=allowed)
    return problem(refusal, headers={"Allow": allowed})


def install(api: NinjaAPI) -> None:
    """Every error of an operation leaves it as a problem. What crashes is left to Django: logged, then handler500."""

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
        return problem(error)

    @api.exception_handler(RateError)
    def too_often(request: HttpRequest, error: RateError) -> HttpResponse:
        return problem(error.refusal, headers={"Retry-After": str(error.seconds)})

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(UNAUTHENTICATED, headers={"WWW-Authenticate": "Bearer"})

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return problem(BODY_TOO_LARGE)

    @api.exception_handler(ValidationError)
    def invalid_body(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return invalid(error.errors(include_url=False))

    @api.exception_handler(NinjaValidationError)
    def invalid_parameter(request: HttpRequest, error: NinjaValidationError) -> HttpResponse:
        return invalid(error.errors)
