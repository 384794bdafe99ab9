"""Error pages: what happened, what to do next, in French. Programs that call the API get the same as problem+json."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal, Text
from poincon.organisations.actors import NOT_ALLOWED
from poincon.www.base.typed import keep

API_PREFIX = "/api/"
#: The refusals that say: not you.
NOT_OPEN = frozenset({NOT_ALLOWED.code, "role_missing", "no_role"})


@dataclass(frozen=True)
class ErrorPage:
    status: HTTPStatus
    code: str
    title: Text
    sentence: Text
    next_step: Text


BAD_REQUEST = ErrorPage(
    HTTPStatus.BAD_REQUEST,
    "bad_request",
    _("Cette demande est illisible"),
    _("L’adresse ou le formulaire envoyé n’est pas complet."),
    _("Revenez à la page précédente et recommencez."),
)
FORBIDDEN = ErrorPage(
    HTTPStatus.FORBIDDEN,
    "forbidden",
    _("Cette page ne vous est pas ouverte"),
    _("Votre compte n’a pas le droit de voir cette page."),
    _("Si vous en avez besoin, demandez ce droit à la personne qui administre votre organisation."),
)
FORM_EXPIRED = ErrorPage(
    HTTPStatus.FORBIDDEN,
    "form_expired",
    _("Ce formulaire a expiré"),
    _("La page est restée ouverte trop longtemps, ou votre navigateur refuse les cookies de ce site."),
    _("Revenez à la page précédente, rechargez-la, puis envoyez de nouveau."),
)
NOT_FOUND = ErrorPage(
    HTTPStatus.NOT_FOUND,
    "not_found",
    _("Cette page n’existe pas"),
    _("L’adresse est peut-être mal recopiée, ou la page a été déplacée."),
    _("Vérifiez l’adresse, ou repartez de l’accueil."),
)
TOO_MANY_REQUESTS = ErrorPage(
    HTTPStatus.TOO_MANY_REQUESTS,
    "too_many_requests",
    _("Trop de demandes à la suite"),
    _("Trop de demandes sont parties de votre connexion en une minute."),
    _("Attendez une minute, puis recommencez."),
)
SERVER_ERROR = ErrorPage(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "server_error",
    _("Une erreur est survenue"),
    _("L’erreur vient de notre site, pas de vous. Cette demande n’est pas enregistrée."),
    _("Attendez une minute, puis recommencez."),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django gives it
    return _answer(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django gives it
    return _answer(request, FORBIDDEN)


def form_expired(request: HttpRequest, **_why: Any) -> HttpResponse:
    """A form without its token. Left open while its person signed in again elsewhere, it is shown again, filled in."""
    if _was_left_open(request) and keep(request):
        return HttpResponseRedirect(request.path)
    return _answer(request, FORM_EXPIRED)


def _was_left_open(request: HttpRequest) -> bool:
    """Whether it comes from its own page, here, in a browser that takes our cookies: no other site can send that."""
    has_cookies = settings.CSRF_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
    return has_cookies and urlsplit(_page_before(request)).path == request.path


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django gives it
    return _answer(request, NOT_FOUND)


def too_many_requests(request: HttpRequest, **_why: Any) -> HttpResponse:
    response = _answer(request, TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The only page that asks nothing of the database, of the session, or of anything else that may be down."""
    if request.path.startswith(API_PREFIX):
        return _problem(SERVER_ERROR)
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal of the domain as a page: 403 for a missing right or role, 422 for a rule."""
    missing_right = refusal.code in NOT_OPEN
    page = ErrorPage(
        HTTPStatus.FORBIDDEN if missing_right else HTTPStatus.UNPROCESSABLE_ENTITY,
        refusal.code,
        FORBIDDEN.title if missing_right else _("Cela n’a pas été fait"),
        refusal.sentence,
        refusal.next_step,
    )
    return _answer(request, page)


def _answer(request: HttpRequest, page: ErrorPage) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return _problem(page)
    return render(request, "error.html", {"page": page, "back_url": _page_before(request)}, status=page.status)


def _page_before(request: HttpRequest) -> str:
    """The page of this site that one came from, to go back to what one was doing; empty when it is unknown."""
    before = request.headers.get("Referer", "")
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    ours = url_has_allowed_host_and_scheme(before, {host}, require_https=request.is_secure())
    reloaded = request.method == "GET" and before == request.build_absolute_uri()
    return before if ours and not reloaded else ""


def _problem(page: ErrorPage) -> JsonResponse:
    body: dict[str, Any] = {
        "type": f"urn:poincon:problem:{page.code}",
        "title": str(page.title),
        "status": int(page.status),
        "detail": str(page.sentence),
        "next_step": str(page.next_step),
        "code": page.code,
    }
    return JsonResponse(body, status=page.status, content_type="application/problem+json")
