"""What every template may use. Nothing is read before a template asks: error pages use it too."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from poincon.www.base.guides import help_address
from poincon.www.base.hats import wardrobe
from poincon.www.base.navigation import Line, menu


def site(request: HttpRequest) -> dict[str, Any]:
    """The name of this instance, whether it is the demonstration, where the page is explained.

    On working pages, the hat worn and its menu.
    """
    return {
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "wardrobe": SimpleLazyObject(lambda: wardrobe(request)),
        "menu": SimpleLazyObject(lambda: _menu(request)),
        "help_url": SimpleLazyObject(lambda: help_address(request)),
    }


def _menu(request: HttpRequest) -> list[Line]:
    worn = wardrobe(request).worn
    return menu(worn, request.path) if worn else []
