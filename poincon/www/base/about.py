"""Pages about the programme that is looked at, if the right of the page is held there."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from poincon.organisations.actors import Right
from poincon.passes.models import Batch, Booklet
from poincon.passes.queries.batch import day_of
from poincon.programmes.models import FundingReceipt, Programme, Public, Service, Territory
from poincon.www.base.hats import look_at, worn_hat
from poincon.www.base.request import actor_of

Page = Callable[..., HttpResponseBase]


def about_programme(right: Right) -> Callable[[Page], Page]:
    """Give a view the programme looked at. Without one, there is nothing to show: back to the home, which says so.

    Raises the refusal ``right_missing``.
    """

    def decorate(view: Page) -> Page:
        @wraps(view)
        def page(request: HttpRequest, /, **arguments: Any) -> HttpResponseBase:
            hat = worn_hat(request)
            if hat.programme is None:
                return redirect("home")
            own_id = hat.membership.organisation_id
            actor_of(request).require(right, programme=hat.programme, organisation_id=own_id)
            try:
                return view(request, hat.programme, **arguments)
            except Http404:
                other = _whose(hat.other_programmes, arguments)
                if other is None:
                    raise
            # A link found by a search, or kept in another tab, is about another programme of hers: look at that one.
            actor_of(request).require(right, programme=other, organisation_id=own_id)
            look_at(request, other.pk)
            return view(request, other, **arguments)

        return page

    return decorate


#: What an argument of an address names, and the programme it belongs to.
OWNED: dict[str, tuple[Any, str]] = {
    "batch_id": (Batch, "programme"),
    "booklet_id": (Booklet, "batch__programme"),
    "receipt_id": (FundingReceipt, "programme"),
    "territory_id": (Territory, "programme"),
    "public_id": (Public, "programme"),
    "service_id": (Service, "programme"),
}


def _whose(programmes: list[Programme], arguments: dict[str, Any]) -> Programme | None:
    """The one of these programmes that what the address names belongs to."""
    for name, (model, path) in OWNED.items():
        if name in arguments:
            owner = model.objects.filter(pk=arguments[name]).values_list(path, flat=True).first()
            return next((programme for programme in programmes if programme.pk == owner), None)
    return None


def may(request: HttpRequest, right: Right, programme: Programme) -> bool:
    """Whether to show a button; the verb behind it asks again."""
    return actor_of(request).may(right, programme=programme)


def today_of(programme: Programme) -> date:
    """Today where the programme is."""
    return day_of(programme, timezone.now())
