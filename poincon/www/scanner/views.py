"""The page of the scanner, its worker, its manifest, and the enrolment of the phone that opens it."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from poincon.kernel.refusals import Refusal
from poincon.organisations.services import enrol_device
from poincon.www.base.typography import kept_together
from poincon.www.operator.desk import desk_of
from poincon.www.scanner.files import ScannerFile, address_of, digest_of, scanner_files
from poincon.www.scanner.texts import said_by_the_screen

#: As for every page, and as much more as a decoder in WebAssembly needs: it is compiled, never evaluated.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
#: Ink blue and paper (tokens.css).
INK, PAPER = "#1b2a6b", "#f7f3ea"
ICON_SIZES = (192, 512)


@require_safe
def shell(_request: HttpRequest) -> HttpResponse:
    """The page: the same for everybody, so that it can be kept on the phone."""
    return _fresh(HttpResponse(_shell()))


@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The worker that keeps the scanner on the phone; its text changes whenever one of its files does."""
    page = reverse("scanner:shell")
    own = {page: _shell(), reverse("scanner:decoder_worker"): _decoder_worker()}
    files = [*scanner_files(), *(ScannerFile(address, digest_of(text.encode())) for address, text in own.items())]
    listed = [[file.address, file.digest] for file in files]
    version = hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:12]
    context = {"version": version, "files": json.dumps(listed, indent=1)}
    text = render_to_string("scanner/service-worker.js", context)
    return _fresh(HttpResponse(text, content_type="text/javascript; charset=utf-8"))


@require_safe
def decoder_worker(_request: HttpRequest) -> HttpResponse:
    """The worker that reads codes in pictures, where the browser has no reader of its own."""
    return _fresh(HttpResponse(_decoder_worker(), content_type="text/javascript; charset=utf-8"))


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """What a phone needs to install the scanner beside its other applications."""
    page = reverse("scanner:shell")
    described = {
        "id": page,
        "name": _("Scanner – %(site)s") % {"site": settings.SITE_NAME},
        "short_name": _("Scanner"),
        "description": _("Poinçonner les pass, avec ou sans réseau."),
        "lang": get_language(),
        "start_url": page,
        "scope": page,
        "display": "standalone",
        "orientation": "any",
        "background_color": PAPER,
        "theme_color": INK,
        "icons": _icons(),
    }
    return _fresh(HttpResponse(json.dumps(described, ensure_ascii=False), content_type="application/manifest+json"))


@require_safe
def sign_in(_request: HttpRequest) -> HttpResponse:
    """Where the scanner sends a person who must sign in, or prove a second factor: she comes back to it."""
    return redirect("scanner:shell")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrolment(request: HttpRequest) -> JsonResponse:
    """GET: who would enrol this phone, for which structure, and the token of the form. POST: the device's own token.

    The page of the scanner holds nothing of a session, which is why it asks here.
    """
    desk = desk_of(request)
    about: dict[str, Any] = {
        "operator": {"id": desk.operator.pk, "name": desk.operator.name},
        "person": desk.actor.label,
    }
    if request.method != "POST":
        return JsonResponse(about | {"csrf_token": get_token(request)})
    try:
        device, token = enrol_device(by=desk.actor, operator=desk.operator, label=request.POST.get("label", ""))
    except Refusal as refusal:
        said = {"code": refusal.code, "sentence": str(refusal.sentence), "next_step": str(refusal.next_step)}
        return JsonResponse(said, status=422)
    return JsonResponse(about | {"device": {"id": device.pk, "label": device.label}, "token": token}, status=201)


def _shell() -> str:
    # Without the request: the page must be the same whoever asks, or its digest would not be that of the worker.
    context = {
        "site_name": settings.SITE_NAME,
        "static_url": settings.STATIC_URL,
        "ink": INK,
        "touch_icon": address_of("poincon/scanner/icons/icon-180.png"),
        "texts": said_by_the_screen(),
    }
    # As every page leaves the site: what is served must have the digest announced.
    shell = render_to_string("scanner/shell.html", context)
    return kept_together(shell.encode(), language=get_language()).decode()


def _decoder_worker() -> str:
    return render_to_string("scanner/decoder-worker.js", {"static_url": settings.STATIC_URL})


def _icons() -> list[dict[str, str]]:
    return [
        {
            "src": address_of(f"poincon/scanner/icons/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in ICON_SIZES
    ]


def _fresh(response: HttpResponse) -> HttpResponse:
    """Asked again each time: a phone must see a new version at its next contact."""
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    return response
