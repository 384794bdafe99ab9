"""Hand over a booklet, in five screens at most: the booklet, the person, the public, check, done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from poincon.beneficiaries.models import CaseFile
from poincon.beneficiaries.queries import cases_seen_by, matching_cases, same_person
from poincon.beneficiaries.rules import NIR_FOUND, contains_nir
from poincon.beneficiaries.services import ALREADY_OPEN
from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.refusals import Refusal
from poincon.organisations.models import Organisation
from poincon.passes import codes
from poincon.passes.models import Booklet
from poincon.passes.queries.batch import day_of
from poincon.passes.queries.stock import to_hand
from poincon.passes.rules import french_day
from poincon.passes.services.hand_over import already_made
from poincon.programmes.enums import IdentityLevel
from poincon.programmes.models import Programme
from poincon.programmes.queries import commune_codes
from poincon.territories.models import Commune
from poincon.www.base.forms import typed
from poincon.www.base.hats import look_at
from poincon.www.base.request import actor_of
from poincon.www.prescriber.draft import FIELD, Draft, answers, draft_of, forget, keep, new_draft
from poincon.www.prescriber.forms.handing import BookletForm, PersonForm
from poincon.www.prescriber.handing import (
    BOOKLET,
    CHECK,
    NOT_YOURS,
    PERSON,
    PUBLIC,
    SCREENS,
    Handing,
    handing_of,
    steps,
)
from poincon.www.prescriber.people import left_by_case, name_of
from poincon.www.prescriber.reach import desk

PEOPLE_SHOWN = 8
#: Beyond, a list of suggestions weighs more than it helps.
MOST_SUGGESTIONS = 1000
ABOUT_PASSES = "too_few_passes"


@never_cache
def booklet(request: HttpRequest) -> HttpResponse:
    """1. Which booklet: its number typed, scanned, or the next one of the stock; all of it or some passes."""
    hat, organisation, programme = desk(request)
    sent = typed(request)
    draft = draft_of(request, organisation, sent) or new_draft(request, organisation)
    if request.method == "GET" and not sent:
        _start(request, draft)
    form = BookletForm(sent, initial=draft.booklet)
    if request.method == "POST" and form.is_valid():
        draft.booklet = answers({**form.cleaned_data, "nombre": form.cleaned_data["nombre"] or ""}, form.fields)
        try:
            handing = handing_of(request, organisation, draft)
            if handing.programme not in hat.programmes:
                raise NOT_YOURS.filled(number=handing.number)
        except Refusal as refusal:
            form.add_error("nombre" if refusal.code == ABOUT_PASSES else "numero", str(refusal))
        else:
            look_at(request, handing.programme.pk)
            return _onward(handing)
    pile = _top_of_the_pile(programme, organisation) if programme else None
    context = {
        "form": form,
        "draft": draft,
        "next": codes.written(pile.number) if pile else "",
        "next_place": pile,
        "next_left": pile.size - pile.handed.bit_count() if pile else 0,
        "known": _known_name(request, draft),
    }
    return _show(request, BOOKLET, "booklet", context)


@never_cache
def person(request: HttpRequest) -> HttpResponse:
    """2. Who it is for: somebody already accompanied, or what the programme asks of a person."""
    sent = typed(request)
    handing = _handing(request, sent)
    if isinstance(handing, HttpResponse):
        return handing
    chosen = request.POST.get("dossier", "")
    if request.method == "POST" and chosen.isdecimal():
        handing.draft.case_id = get_object_or_404(handing.known(), pk=int(chosen)).pk
        handing.draft.person = {}
        return _onward(handing)
    form = handing.person_form(sent)
    recognised = None
    if request.method == "POST" and form.is_valid():
        recognised = same_person(handing.programme, form.identity, level=form.level)
        if recognised is None:
            handing.draft.person, handing.draft.case_id = answers(request.POST, form.fields), None
            return _onward(handing)
        if recognised.prescriber_id != handing.organisation.pk:
            day = french_day(day_of(handing.programme, recognised.opened_at))
            form.add_error(None, str(ALREADY_OPEN.filled(number=recognised.pk, day=day)))
            recognised = None
    context = {"form": form, "recognised": recognised, **_search(request, handing), **_residence(form)}
    return _show(request, PERSON, "person", context, handing)


@never_cache
def public(request: HttpRequest) -> HttpResponse:
    """3. By which right: the public, and the proof it asks for."""
    sent = typed(request)
    handing = _handing(request, sent)
    if isinstance(handing, HttpResponse):
        return handing
    if handing.next_screen() == PERSON or handing.case is not None or not handing.asks_public():
        return _go(handing.next_screen())
    form = handing.public_form(sent)
    if request.method == "POST" and form.is_valid():
        handing.draft.public = answers(request.POST, form.fields)
        return _onward(handing)
    return _show(request, PUBLIC, "public", {"form": form}, handing)


@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """4. Everything once more, then the one button that hands over."""
    handing = _handing(request, typed(request))
    if isinstance(handing, HttpResponse):
        return handing
    found = None if handing.case is not None else handing.answered()
    if isinstance(found, int):
        return _go(found)
    refusal = None
    if request.method == "POST":
        try:
            given = handing.do()
        except Refusal as said:
            refusal = said
        else:
            forget(request)
            return redirect("prescriber:hand_over_done", given.pk)
    case, (person_form, public_form) = handing.case, found or (None, None)
    context = {
        "case": case,
        "person": _told(person_form) if person_form else [],
        "name": name_of(case) if case else _name_typed(person_form),
        "public": public_form.chosen if public_form else case.public if case else None,
        "left": left_by_case([case.pk]).get(case.pk, 0) if case else 0,
        "refusal": refusal,
    }
    return _show(request, CHECK, "check", context, handing)


@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    """Forget what was answered."""
    forget(request)
    messages.success(request, _("La remise est abandonnée. Rien n’a été enregistré."))
    return redirect("prescriber:home")


# --- the draft, from screen to screen ---------------------------------------------------------------------------------


def _start(request: HttpRequest, draft: Draft) -> None:
    """What the page one comes from already knows: the person, the booklet."""
    case = request.GET.get("dossier", "")
    if case.isdecimal() and cases_seen_by(actor_of(request)).filter(pk=int(case)).exists():
        draft.case_id, draft.person = int(case), {}
        keep(request, draft)
    if number := request.GET.get("numero", ""):
        draft.booklet = {"numero": number[: codes.LONGEST_URL]}


def _top_of_the_pile(programme: Programme, organisation: Organisation) -> Booklet | None:
    """The first booklet that nobody began; else the first one with passes left."""
    pile = to_hand(programme.pk, organisation.pk)
    return pile.filter(handed=0).first() or pile.first()


def _known_name(request: HttpRequest, draft: Draft) -> str:
    if draft.case_id is None:
        return ""
    case = cases_seen_by(actor_of(request)).filter(pk=draft.case_id).first()
    return name_of(case) if case else ""


def _handing(request: HttpRequest, sent: QueryDict | None) -> Handing | HttpResponseRedirect:
    """The hand-over under way; back to the first screen when there is none, or its booklet is not to give any more."""
    _worn, organisation, _programme = desk(request)
    draft = draft_of(request, organisation, sent)
    if draft is None or not draft.booklet:
        messages.warning(request, _("Commencez par le chéquier."))
        return _go(BOOKLET)
    keep(request, draft)
    try:
        return handing_of(request, organisation, draft)
    except Refusal as refusal:
        # A button pressed twice: the booklet is out of the stock because this very request gave it.
        if (done := already_made(draft.request_id, organisation)) is not None:
            return redirect("prescriber:hand_over_done", done.pk)
        messages.error(request, str(refusal))
        return _go(BOOKLET)


def _onward(handing: Handing) -> HttpResponseRedirect:
    keep(handing.request, handing.draft)
    return _go(handing.next_screen())


def _go(screen: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(SCREENS[screen][0]))


def _show(
    request: HttpRequest, screen: int, name: str, context: dict[str, Any], handing: Handing | None = None
) -> HttpResponse:
    draft = handing.draft if handing else context["draft"]
    shown = {"steps": steps(), "screen": screen, "handing": handing, "carried": (FIELD, draft.locked), "refusal": None}
    return render(request, f"prescriber/handing/{name}.html", {**shown, **context})


# --- people -----------------------------------------------------------------------------------------------------------


def _search(request: HttpRequest, handing: Handing) -> dict[str, Any]:
    """Those who fit the words searched, each with what is left to her."""
    words = request.GET.get("q", "").strip()[:100]
    searches = handing.programme.identity_level != IdentityLevel.ANONYMOUS
    if contains_nir(words):
        return {"searches": searches, "q": "", "found": [], "nir": NIR_FOUND.filled(field=_("Recherche"))}
    found: list[CaseFile] = []
    if words and searches:
        found = list(matching_cases(handing.known(), words)[:PEOPLE_SHOWN])
    left = left_by_case([case.pk for case in found])
    people = [(case, name_of(case), left.get(case.pk, 0)) for case in found]
    return {"searches": searches, "q": words if searches else "", "found": people, "nir": None}


def _residence(form: PersonForm) -> dict[str, Any]:
    """The communes of the programme, suggested as one types."""
    inside = commune_codes(form.programme.pk)
    if not inside or len(inside) > MOST_SUGGESTIONS:
        return {"communes": []}
    form.fields["commune"].widget.attrs["list"] = "communes"
    return {
        "communes": Commune.objects.filter(pk__in=inside).order_by(Alphabetical("name")).values_list("name", flat=True)
    }


def _told(form: PersonForm) -> list[tuple[str, str]]:
    """Each answer in words, those not given left out."""
    told = []
    for name, field in form.fields.items():
        value = form.cleaned_data[name]
        if value not in (None, ""):
            told.append((str(field.label), _in_words(field, value)))
    return told


def _in_words(field: Any, value: Any) -> str:
    if isinstance(value, Commune):
        return value.name
    if hasattr(value, "year"):
        return french_day(value)
    return str(dict(getattr(field, "choices", ())).get(value, value))


def _name_typed(form: PersonForm | None) -> str:
    if form is None:
        return ""
    names = [form.cleaned_data.get(name, "") for name in ("prenom", "nom")]
    return " ".join(filter(None, names)) or _("une personne anonyme")
