"""What the structure punched: every scan, and a month added up."""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from poincon.passes.queries.activity import Period
from poincon.passes.queries.punches import punches_of, undoable_now
from poincon.www.base.parts import Empty
from poincon.www.operator.desk import Desk, desk_of
from poincon.www.operator.lists import PUNCHES, PunchFilters
from poincon.www.operator.views.home import MonthSoFar, total
from poincon.www.templatetags.humane import month as month_said

NOTHING_THIS_MONTH = Empty(
    _("Aucun pass ce mois-ci"),
    _("Ici s’additionnent les pass poinçonnés dans le mois : par jour, par lieu, par personne."),
    _("Poinçonner"),
    reverse_lazy("operator:punch"),
)
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@require_safe
def punches(request: HttpRequest) -> HttpResponseBase:
    """Every scan of the structure, with search, filters and exports."""
    desk = desk_of(request)
    return PUNCHES.answer(
        request,
        punches_of(desk.operator.pk, programme_id=desk.only_id),
        "operator/punches.html",
        {"undoable": undoable_now(desk.operator.pk, timezone.now())},
        filters=partial(PunchFilters, desk=desk),
    )


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """One month added up (``?mois=2026-03``), the present one unless told otherwise."""
    desk, today = desk_of(request), timezone.localdate()
    first = min(_asked(request.GET.get("mois", "")) or today, today).replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    before, after = (first - timedelta(days=1)).replace(day=1), last + timedelta(days=1)
    context = {
        "name": month_said(first),
        "first": first,
        "last": last,
        "goes_on": last >= today,
        "before": f"{before:%Y-%m}",
        "before_name": month_said(before),
        "after": f"{after:%Y-%m}" if after <= today else "",
        "after_name": month_said(after),
        "empty": NOTHING_THIS_MONTH,
        **_added_up(desk, first, last),
    }
    return render(request, "operator/month.html", context)


def _asked(written: str) -> date | None:
    found = _MONTH.fullmatch(written)
    return date(int(found[1]), int(found[2]), 1) if found else None


def _added_up(desk: Desk, first: date, last: date) -> dict[str, object]:
    period = Period(desk.operator.pk, [programme.pk for programme in desk.programmes], first, last)
    by_programme, days = period.by_programme(), period.by_day()
    known = [programme for programme in desk.programmes if programme.pk in by_programme]
    months = [MonthSoFar(programme, by_programme[programme.pk]) for programme in known]
    return {
        "months": months,
        "total": total(months),
        "days": list(days.items()),
        "most": max((activity.passes for activity in days.values()), default=1),
        "services": period.by_venue_and_service(),
        "mediators": period.by_mediator(),
    }
