"""The guides, for anybody: a volunteer reads how to hand a booklet over before she has an account."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from poincon.www.base.guides import GUIDES
from poincon.www.guide.reading import guide_text


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """All the guides, with what each one is for."""
    return render(request, "guide/guides.html", {"guides": [guide_text(slug) for slug in GUIDES]})


@require_safe
def guide(request: HttpRequest, guide_slug: str) -> HttpResponse:
    """One guide."""
    if guide_slug not in GUIDES:
        raise Http404
    return render(request, "guide/guide.html", {"guide": guide_text(guide_slug)})
