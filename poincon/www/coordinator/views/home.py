from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from poincon.passes.queries import funnel
from poincon.passes.queries.stock import glance
from poincon.www.base.hats import worn_hat
from poincon.www.coordinator.decisions import Watch, decisions
from poincon.www.coordinator.reach import own


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """« Ce qui demande une décision »: what waits in the network looked at, then where its booklets are."""
    hat, programme = worn_hat(request), worn_hat(request).programme
    if programme is None:
        return render(request, "coordinator/home.html", {"hat": hat, "programme": None})
    mine = own(request)
    subjects = decisions(Watch(programme, mine.pk))
    context = {
        "hat": hat,
        "programme": programme,
        "subjects": subjects,
        "waiting": sum(subject.total for subject in subjects),
        "steps": funnel(programme.pk) if programme.uses_passes else None,
        "pile": glance(programme.pk, mine.pk),
    }
    return render(request, "coordinator/home.html", context)
