from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from poincon.passes.queries import funnel
from poincon.www.base.hats import worn_hat


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where the booklets of each programme are."""
    hat = worn_hat(request)
    funnels = [(programme, funnel(programme.pk)) for programme in hat.programmes]
    return render(request, "coordinator/home.html", {"hat": hat, "funnels": funnels})
