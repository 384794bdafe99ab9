"""What every public site must say: who publishes it, what it does with people's data, what was checked for everyone."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from poincon.www.account.sessions import LONG, SHORT

#: Written by scripts/accessibility.py from the tests themselves.
CHECKED = Path(__file__).parent / "data" / "accessibility.json"


@cache
def what_is_checked() -> dict[str, Any]:
    """What the tests check of accessibility, as they say it."""
    found: dict[str, Any] = json.loads(CHECKED.read_text(encoding="utf-8"))
    return found


@require_safe
def legal_notice(request: HttpRequest) -> HttpResponse:
    """Who publishes the site, who hosts it."""
    return render(request, "public/legal_notice.html", {"legal": settings.LEGAL})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of people, why, who sees it, whom to ask."""
    kept = {"long_days": LONG // (24 * 3600), "short_hours": SHORT // 3600}
    return render(request, "public/privacy.html", {"legal": settings.LEGAL, **kept})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was checked so that everybody can use the site, and what was not."""
    return render(request, "public/accessibility.html", {"legal": settings.LEGAL, "checked": what_is_checked()})
