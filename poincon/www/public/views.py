"""The first page of the site, and the page behind a printed code: is my booklet valid, how many passes are left, where
to go. Never a way to redeem."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from poincon.kernel.refusals import Refusal
from poincon.passes.queries import public_booklet
from poincon.programmes.models import Programme
from poincon.www.base.booklets import MISTYPED, number_fault
from poincon.www.base.limits import limited
from poincon.www.public.forms import NumberForm, TownForm
from poincon.www.public.scheme import scheme_page

#: Enough for a family or a village hall behind one connection; too slow to try numbers one after the other.
LOOKUPS_PER_MINUTE = 30


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """The home of the scheme when only one runs; else the schemes running, and a field for one's booklet number."""
    if request.user.is_authenticated:
        return redirect("home")
    programmes = list(programmes_running(timezone.localdate()))
    if len(programmes) == 1:
        return scheme_page(request, programmes[0])
    return render(request, "public/welcome.html", {"programmes": programmes, "form": NumberForm()})


def programmes_running(today: date) -> QuerySet[Programme]:
    return Programme.objects.filter(starts_on__lte=today, ends_on__gte=today).select_related("owner")


@require_safe
@never_cache
@limited("booklet", per_minute=LOOKUPS_PER_MINUTE)
def printed_code(request: HttpRequest, code: str) -> HttpResponse:
    """What anybody's phone shows when it scans a pass or a cover."""
    return _show(request, NumberForm(), code)


@require_safe
@never_cache
@limited("booklet", per_minute=LOOKUPS_PER_MINUTE)
def my_booklet(request: HttpRequest) -> HttpResponse:
    """The same, for a number typed by hand."""
    if "numero" not in request.GET:
        return _render(request, {"form": NumberForm()})
    form = NumberForm(request.GET)
    if not form.is_valid():
        return _render(request, {"form": form})
    return _show(request, form, form.cleaned_data["numero"])


def _show(request: HttpRequest, form: NumberForm, presented: str) -> HttpResponse:
    town_form = TownForm(request.GET if "ville" in request.GET else None)
    town = town_form.cleaned_data.get("ville") if town_form.is_valid() else None
    answer = public_booklet(presented, near=town)
    if isinstance(answer, Refusal):
        if form.is_bound:
            told = number_fault(presented) if answer.code in MISTYPED else str(answer.next_step)
            form.add_error("numero", told)
        return _render(request, {"form": form, "refusal": answer})
    context = {
        "form": NumberForm(),
        "booklet": answer,
        "programme": answer.programme,
        "themed_by": answer.programme,
        "used": sum(used for _position, used in answer.passes),
        "town_form": town_form,
        "town": town,
        # The number goes along when it was typed; a printed code is in the address already.
        "typed": presented if form.is_bound else "",
    }
    return _render(request, context)


def _render(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    response = render(request, "public/my_booklet.html", context)
    # A number is the person's own business: no search engine keeps it.
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
