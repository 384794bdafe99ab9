"""What every template may use. No query here: error pages use it too."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(_: HttpRequest) -> dict[str, Any]:
    """The name of this instance, and whether it is the demonstration."""
    return {"site_name": settings.SITE_NAME, "demo": settings.DEMO}
