"""The home: one big action, today, the month so far, what may stop one from punching."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from poincon.passes.models import Scan
from poincon.passes.queries.activity import Activity, Period
from poincon.passes.queries.punches import punches_between, punches_of
from poincon.programmes.models import Programme
from poincon.www.operator.desk import Desk, desk_of
from poincon.www.operator.rows import rows_of
from poincon.www.operator.standings import Standing, standings_of

#: Enough to find the one that was a mistake; the list has the others.
MOST_SHOWN = 8
NOTHING = Activity((), 0, 0, 0, 0)


@dataclass(frozen=True)
class MonthSoFar:
    """What the structure did for one programme since the first of the month."""

    programme: Programme
    activity: Activity

    @property
    def pays(self) -> bool:
        return self.programme.unit_value > 0


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Punch; what was punched today; the month so far."""
    desk, now = desk_of(request), timezone.now()
    today = timezone.localdate(now)
    found, months = _today(desk, now), _months(desk, today)
    standings = standings_of(desk, today)
    context = {
        "desk": desk,
        "punches": rows_of(found[:MOST_SHOWN], now),
        "more": len(found) > MOST_SHOWN,
        "months": months,
        "total": total(months),
        "month": today,
        "warnings": [standing for standing in standings if standing.warns],
        "programmes": _running(standings),
    }
    return render(request, "operator/home.html", context)


def total(months: list[MonthSoFar]) -> Activity:
    """Several programmes added up; a booklet belongs to one, and is counted once."""
    done = [one.activity for one in months]
    return Activity(
        (),
        passes=sum(one.passes for one in done),
        minutes=sum(one.minutes for one in done),
        value=sum(one.value for one in done),
        booklets=sum(one.booklets for one in done),
    )


def _today(desk: Desk, now: datetime) -> list[Scan]:
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
    punches = punches_of(desk.operator.pk, programme_id=desk.only_id)
    return list(punches_between(punches, midnight, midnight + timedelta(days=1))[: MOST_SHOWN + 1])


def _months(desk: Desk, today: date) -> list[MonthSoFar]:
    """The programmes that were punched this month; the one looked at when none was."""
    ids = [programme.pk for programme in desk.programmes]
    activity = Period(desk.operator.pk, ids, today.replace(day=1), today).by_programme()
    active = [programme for programme in desk.programmes if programme.pk in activity]
    shown = active or list(desk.programmes[:1])
    return [MonthSoFar(programme, activity.get(programme.pk, NOTHING)) for programme in shown]


def _running(standings: list[Standing]) -> list[Programme]:
    return [standing.programme for standing in standings if standing.runs]
