"""« Où en est mon dispositif » : where the booklets and the money are, and what asks for action."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from poincon.organisations.actors import Actor
from poincon.passes.cover import cover
from poincon.passes.queries import funnel
from poincon.programmes.models import Programme
from poincon.programmes.permissions import CREATE_PROGRAMME, SEE_MONEY
from poincon.settlement.progress import progress
from poincon.www.base.hats import Hat, look_at, worn_hat
from poincon.www.base.request import actor_of
from poincon.www.funder.attention import attentions
from poincon.www.funder.cover import said_cover
from poincon.www.funder.programmes_draft import drafts_of

#: The pages one may be sent to about a programme named in an address: mails and the home lead there.
PAGES = {
    "accueil": "funder:home",
    "regles": "funder:programme",
    "financements": "funder:fundings",
    "versements": "funder:receipts",
    "couverture": "funder:cover",
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The programme looked at in full, the others in one line each."""
    hat, actor = worn_hat(request), actor_of(request)
    context = {"hat": hat, "others": _others(hat), "drafts": drafts_of(request), "creates": _creates(hat, actor)}
    if hat.programme is not None:
        context |= _about(hat.programme, actor)
    return render(request, "funder/home.html", context)


@require_safe
def look(request: HttpRequest, programme_code: str, page: str) -> HttpResponse:
    """Look at the programme of this code, then open one of its pages: an address that says of which it speaks."""
    found = next((one for one in worn_hat(request).programmes if one.code == programme_code), None)
    if found is None or page not in PAGES:
        raise Http404
    look_at(request, found.pk)
    return redirect(PAGES[page])


def _about(programme: Programme, actor: Actor) -> dict[str, Any]:
    figures = cover(programme)
    asked = attentions(programme, actor, figures)
    return {
        "programme": programme,
        "attentions": asked,
        "steps": funnel(programme.pk) if programme.uses_passes else None,
        "progress": progress(programme.pk),
        **said_cover(figures),
        "sees_money": actor.may(SEE_MONEY, programme=programme),
    }


def _others(hat: Hat) -> list[tuple[Programme, Any]]:
    return [(one, funnel(one.pk) if one.uses_passes else None) for one in hat.other_programmes]


def _creates(hat: Hat, actor: Actor) -> bool:
    return hat.organisation is not None and actor.may(CREATE_PROGRAMME, organisation_id=hat.organisation.pk)
