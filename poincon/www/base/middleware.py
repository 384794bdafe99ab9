"""What happens around every page: the content policy, the second factor, refusals shown in words."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from poincon.kernel.refusals import Refusal
from poincon.organisations.models import User
from poincon.www.base.errors import API_PREFIX, refused
from poincon.www.base.rights import Door, declared_access

Handler = Callable[[HttpRequest], HttpResponse]

#: The site of the maps' background, when there is one.
TILES_SITE = urlsplit(settings.MAP_TILES)
TILES_ORIGIN = f" {TILES_SITE.scheme}://{TILES_SITE.netloc}" if settings.MAP_TILES else ""
#: Everything comes from this site. No script and no style inside a page; pictures may be written in the style sheet.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        f"img-src 'self' data:{TILES_ORIGIN}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
DOORS_BEFORE_SECOND_FACTOR = frozenset({Door.PUBLIC, Door.ACCOUNT})


class ContentPolicyMiddleware:
    """Says to the browser, for each page, that only this site may be loaded (Content-Security-Policy)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        return response


class NulMiddleware:
    """Drops from an address the character NUL, which nobody types and PostgreSQL refuses; forms refuse it by name."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self.get_response(request)


class SecondFactorMiddleware:
    """A person whose roles move money or rights proves a second factor before anything but her account's pages.

    Having one is not enough: this very session must have used it, or a session opened before it was set up, perhaps by
    somebody else, would keep working. Demonstrations do without.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        # The API knows devices, not sessions: whoever is signed in beside is not even looked up.
        if request.path.startswith(API_PREFIX):
            return None
        access = declared_access(view)
        if settings.DEMO or (access and access.door in DOORS_BEFORE_SECOND_FACTOR):
            return None
        user = request.user
        if not isinstance(user, User) or has_used_second_factor(request) or not user.needs_second_factor():
            return None
        return HttpResponseRedirect(_where_to_prove(request, user))


def has_used_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed since, with an authenticator app, a passkey or a rescue code."""
    if not isinstance(request.user, User):
        return False
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def _where_to_prove(request: HttpRequest, user: User) -> str:
    if not is_mfa_enabled(user, SECOND_FACTORS):
        return reverse("mfa_index")
    return f"{reverse('mfa_reauthenticate')}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}"


class RefusalMiddleware:
    """A refusal that no view answered is shown as a page: what happened, why, what to do next."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(request, exception) if isinstance(exception, Refusal) else None
