"""Every address under /api/v1. Whatever is asked there is answered in French and, when refused, by a problem."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, re_path
from django.utils import translation

from poincon.api.app import api
from poincon.api.problems import NOT_FOUND, method_not_allowed, problem

View = Callable[..., HttpResponse]
LANGUAGE = "fr"


def in_words(view: View) -> View:
    """What ``view`` answers, in French whatever the caller's language: verdicts are kept, and replayed to others."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(LANGUAGE):
            response = _answer(view, request, *args, **kwargs)
        response.headers["Content-Language"] = LANGUAGE
        return response

    # Nothing here trusts a cookie: a forged form gains nothing, and an unknown address must say so.
    answered.csrf_exempt = True  # type: ignore[attr-defined]  # the mark that Django looks for
    return answered


def _answer(view: View, request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        response = view(request, *args, **kwargs)
    except Http404:
        return problem(NOT_FOUND)
    if isinstance(response, HttpResponseNotAllowed):
        return method_not_allowed(request, response.headers["Allow"])
    return response


def _unknown(request: HttpRequest) -> HttpResponse:
    return problem(NOT_FOUND)


def _patterns() -> list[URLPattern]:
    operations = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
    patterns = [*operations, re_path(r"", _unknown)]
    for pattern in patterns:
        pattern.callback = in_words(pattern.callback)
    return patterns


app_name = "api"
urlpatterns = _patterns()
