"""Pages about the programme that is looked at, if the right of the page is held there."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from poincon.organisations.actors import Right
from poincon.passes.queries.batch import day_of
from poincon.programmes.models import Programme
from poincon.www.base.hats import worn_hat
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
            return view(request, hat.programme, **arguments)

        return page

    return decorate


def may(request: HttpRequest, right: Right, programme: Programme) -> bool:
    """Whether to show a button; the verb behind it asks again."""
    return actor_of(request).may(right, programme=programme)


def today_of(programme: Programme) -> date:
    """Today where the programme is."""
    return day_of(programme, timezone.now())
