"""The first page: for anybody, what this site is; for a person signed in, the hats she wears and what is there."""

from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from poincon.organisations.actors import Actor
from poincon.passes.permissions import SEE_BATCHES
from poincon.passes.queries import funnel
from poincon.programmes.models import Programme
from poincon.www.base.request import actor_of
from poincon.www.public.forms import NumberForm


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """What this site is, the programmes running, a field for one's booklet number."""
    if request.user.is_authenticated:
        return redirect("home")
    programmes = programmes_running(timezone.localdate())
    return render(request, "welcome.html", {"programmes": programmes, "form": NumberForm()})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The roles of the person signed in, and the programmes they open to her: with figures where she may see them."""
    actor = actor_of(request)
    programmes = programmes_of(actor)
    seen = [programme for programme in programmes if actor.may(SEE_BATCHES, programme=programme)]
    names = {programme.pk: programme.name for programme in programmes}
    context = {
        "roles": [(membership, names.get(membership.programme_id or 0, "")) for membership in actor.memberships],
        "figures": [(programme, funnel(programme.pk)) for programme in seen],
        "others": [programme for programme in programmes if programme not in seen],
    }
    return render(request, "home.html", context)


def programmes_running(today: date) -> QuerySet[Programme]:
    return Programme.objects.filter(starts_on__lte=today, ends_on__gte=today).select_related("owner")


def programmes_of(actor: Actor) -> list[Programme]:
    """The programmes that this person's organisations own, lead, serve or prescribe, and those her roles name."""
    organisations = {membership.organisation_id for membership in actor.memberships if membership.organisation_id}
    named = {membership.programme_id for membership in actor.memberships if membership.programme_id}
    concerned = (
        Q(pk__in=named)
        | Q(owner__in=organisations)
        | Q(lead_network__in=organisations)
        | Q(qualifications__operator__in=organisations)
        | Q(agreements__prescriber__in=organisations)
    )
    return list(Programme.objects.filter(concerned).select_related("owner").distinct())
