"""One field to find anything one may see: each audience declares what its people look for, in its ``finders.py``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from poincon.beneficiaries.rules import contains_nir
from poincon.kernel.refusals import Text
from poincon.organisations.enums import Role
from poincon.www.base.hats import Hat, wardrobe

SHOWN = 8
SHORTEST, LONGEST = 2, 200


@dataclass(frozen=True)
class Found:
    """Something found: what it is called, its page, what tells it from others."""

    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Finder:
    """One kind of thing to look for, in one statement. ``find`` is given the request, the hat and what was typed."""

    label: Text
    find: Callable[[HttpRequest, Hat, str], Iterable[Found]]


@dataclass(frozen=True)
class Group:
    label: Text
    found: list[Found]
    more: bool


#: What each role looks for. Filled by ``declare_finders`` when the audience folders' finders.py are imported.
FINDERS: dict[Role, list[Finder]] = {}


def declare_finders(*finders: Finder, roles: Iterable[Role]) -> None:
    """These roles look for these things, after those they look for already."""
    for role in roles:
        FINDERS.setdefault(role, []).extend(finders)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found under the hat worn, kind by kind. A single find is opened at once."""
    hat = wardrobe(request).worn
    if hat is None:
        # The home says why there is nothing to find yet.
        return redirect("home")
    words = request.GET.get("q", "").strip()[:LONGEST]
    # A social security number is nowhere here, and must not come back on a screen either.
    forbidden = contains_nir(words)
    groups = [] if forbidden or len(words) < SHORTEST else _groups(request, hat, words)
    if len(groups) == 1 and len(groups[0].found) == 1:
        return redirect(groups[0].found[0].url)
    context = {
        "words": "" if forbidden else words,
        "groups": groups,
        "too_short": bool(words) and len(words) < SHORTEST,
        "forbidden": forbidden,
        "kinds": [finder.label for finder in FINDERS.get(hat.role, [])],
    }
    return render(request, "search.html", context)


def _groups(request: HttpRequest, hat: Hat, words: str) -> list[Group]:
    groups = []
    for finder in FINDERS.get(hat.role, []):
        found = list(islice(finder.find(request, hat, words), SHOWN + 1))
        if found:
            groups.append(Group(finder.label, found[:SHOWN], len(found) > SHOWN))
    return groups
