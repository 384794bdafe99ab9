"""Where the structure stands in each programme, and what stands behind its passes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from poincon.www.operator.covers import covers_of
from poincon.www.operator.desk import desk_of
from poincon.www.operator.standings import standings_of


@require_safe
def qualification(request: HttpRequest) -> HttpResponse:
    """Each programme: qualified until when, for what, whom to call; and the money recorded behind the passes."""
    desk = desk_of(request)
    standings = standings_of(desk, timezone.localdate())
    covers = covers_of([standing.programme for standing in standings if standing.runs])
    context = {"desk": desk, "standings": [(standing, covers.get(standing.programme.pk)) for standing in standings]}
    return render(request, "operator/qualification.html", context)
