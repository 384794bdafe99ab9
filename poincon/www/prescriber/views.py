from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from poincon.www.base.hats import worn_hat


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The programmes one acts in, and whom to call."""
    return render(request, "prescriber/home.html", {"hat": worn_hat(request)})
