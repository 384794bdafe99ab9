"""The language of a page: the one chosen, else the one the browser asks for, else French."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from poincon.organisations.models import User
from poincon.organisations.services import choose_language
from poincon.www.base.errors import API_PREFIX
from poincon.www.base.request import actor_of


class LanguageMiddleware(LocaleMiddleware):
    """What programs read stays in French: the verdict of a scan is sent again byte for byte, whoever asks for it.

    The thread that answered is given back its own language: what runs there next must not speak the visitor's.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(translation.get_language()):
            response: Any = super().__call__(request)
            if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
                # Taken before it is replaced: a stream that read itself would never begin.
                response.streaming_content = _spoken(iter(response), translation.get_language())
        answered: HttpResponseBase = response
        return answered

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(API_PREFIX):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
            return
        super().process_request(request)


def _spoken(lines: Iterator[bytes], language: str) -> Iterator[bytes]:
    """What is written while it is sent, in the language of the page."""
    with translation.override(language):
        yield from lines


@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen at the foot of a page; a person signed in finds it again on her other devices."""
    language = request.POST.get("langue", "")
    response = HttpResponseRedirect(_back(request))
    if language in dict(settings.LANGUAGES):
        remember(response, language)
        if isinstance(request.user, User):
            choose_language(by=actor_of(request), language=language)
    return response


def remember(response: HttpResponseBase, language: str) -> None:
    """Have the browser ask for this language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def _back(request: HttpRequest) -> str:
    where = request.POST.get("suite", "")
    ours = url_has_allowed_host_and_scheme(where, {request.get_host()}, require_https=request.is_secure())
    return where if ours else "/"
