"""Where a person signed in arrives: the home of the hat she wears; and how she takes another."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from poincon.organisations.models import Membership
from poincon.www.base.hats import look_at, wardrobe, wear
from poincon.www.base.navigation import home_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home of the role worn; a page that says whom to ask, for a person who has none."""
    worn = wardrobe(request).worn
    if worn is None:
        return render(request, "no_role.html", {"ended": _last_role(request)})
    return redirect(home_of(worn.role))


def _last_role(request: HttpRequest) -> Membership | None:
    """The last role this person had: she is told that it ended, not that she never had one."""
    mine = Membership.objects.filter(user=request.user.pk).exclude(ended_at=None)
    return mine.select_related("organisation").order_by("-ended_at", "-pk").first()


@require_POST
def change_hat(request: HttpRequest) -> HttpResponse:
    """Take another role (``casquette``) or look at another programme (``dispositif``), and start from its home."""
    wear(request, _number(request, "casquette"))
    look_at(request, _number(request, "dispositif"))
    return redirect("home")


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() else 0
