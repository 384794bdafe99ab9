"""Creating a programme in steps: nothing typed is lost, every step can be corrected, the last one creates."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal, Text
from poincon.organisations.actors import NOT_ALLOWED
from poincon.organisations.models import Organisation
from poincon.programmes.checks import Invalid
from poincon.programmes.models import Programme, ProgrammeDraft
from poincon.programmes.permissions import CREATE_PROGRAMME
from poincon.programmes.services import DRAFT_CREATED, create_from_draft, drop_draft, keep_draft, start_draft
from poincon.programmes.templates import programme_template, programme_templates
from poincon.www.base.forms import HouseForm, typed
from poincon.www.base.hats import worn_hat
from poincon.www.base.parts import Step as Stage
from poincon.www.base.request import actor_of
from poincon.www.funder.programmes import read_sections
from poincon.www.funder.programmes_check import Fault, faults_of, named_fundings, prepared
from poincon.www.funder.programmes_draft import (
    Answers,
    all_drafts_of,
    blank_answers,
    copied_answers,
    creator_of,
    drafts_of,
    template_answers,
)
from poincon.www.funder.programmes_places import found_places, places_of, read_place, with_place, without_place
from poincon.www.funder.programmes_sections import WITHOUT
from poincon.www.funder.programmes_steps import (
    CHECK,
    LIMITS,
    STEPS,
    TERRITORY,
    Step,
    after,
    filled,
    step_named,
    typed_answers,
)
from poincon.www.funder.programmes_territories import LONGEST_SEARCH
from poincon.www.funder.receipts import form_page
from poincon.www.funder.rows import is_arranging

#: What the buttons of the step of territories send.
SEARCH, TAKE, LEAVE = "chercher", "prendre", "laisser"


class BeginForm(HouseForm):
    """Where to begin: from nothing, from a model, from an earlier programme."""

    modele = forms.ChoiceField(label=_("Partir de"), choices=())

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["modele"].choices = choices  # type: ignore[attr-defined]  # a choice


def about_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the draft of its address. One that became a programme, in another tab, leads to that programme."""

    @wraps(view)
    def page(request: HttpRequest, /, draft_id: int, **arguments: Any) -> HttpResponse:
        _creator(request)
        found = all_drafts_of(request).select_related("organisation", "programme")
        draft = get_object_or_404(found, pk=draft_id)
        if draft.programme is None:
            return view(request, draft, **arguments)
        messages.info(request, str(DRAFT_CREATED.filled(name=draft.programme.name).sentence))
        return redirect("funder:look", draft.programme.code, "regles")

    return page


@form_page
def create(request: HttpRequest) -> HttpResponse:
    """Choose what to start from."""
    owner = _creator(request)
    earlier = [one for one in worn_hat(request).programmes if one.owner_id == owner.pk]
    models = programme_templates()
    choices = [("vide", ""), *((f"modele-{one.key}", str(one.title)) for one in models)]
    choices += [(f"copie-{one.code}", one.name) for one in earlier]
    form = BeginForm(typed(request), choices=choices)
    if request.method == "POST" and form.is_valid():
        answers = _begun(form.cleaned_data["modele"], earlier, owner)
        draft = start_draft(by=actor_of(request), organisation=owner, answers=answers)
        return redirect("funder:draft_step", draft.pk, STEPS[0].key)
    context = {"form": form, "models": models, "earlier": earlier, "drafts": drafts_of(request)}
    return render(request, "funder/create.html", context)


@form_page
@about_draft
def resume_draft(_request: HttpRequest, draft: ProgrammeDraft) -> HttpResponse:
    """Take up a draft where it was left: the first step that nobody sent yet."""
    left = next((step for step in STEPS if not draft.answers.get(step.key, {}).get("seen")), CHECK)
    return redirect("funder:draft_step", draft.pk, left.key)


@form_page
@about_draft
def draft_step(request: HttpRequest, draft: ProgrammeDraft, step: str) -> HttpResponse:
    """One step: what is sent is kept at once, right or wrong; the next one opens when it is right."""
    shown = step_named(step)
    if shown is None:
        raise Http404
    if shown is TERRITORY:
        return _territory_step(request, draft)
    if shown is CHECK:
        return _check_step(request, draft)
    sent = typed(request)
    answered = filled(shown, sent, draft.answers)
    if request.method == "POST" and sent is not None:
        draft = _kept(request, draft, shown, sent)
        if not is_arranging(sent) and answered.is_valid():
            return redirect("funder:draft_step", draft.pk, after(shown).key)
    context = {**_frame(draft, shown), "form": answered.form, "rows": answered.rows, "rows_of": shown.rows}
    context["nothing_to_limit"] = shown is LIMITS and _has_no_passes(draft)
    return render(request, "funder/draft_step.html", context)


@form_page
@about_draft
def drop(request: HttpRequest, draft: ProgrammeDraft) -> HttpResponse:
    """Give up a draft, after a question."""
    if request.method == "POST":
        drop_draft(by=actor_of(request), draft=draft)
        messages.success(request, str(_("Le brouillon est abandonné.")))
        return redirect("funder:home")
    back = reverse("funder:resume_draft", args=[draft.pk])
    context = {"draft": draft, "verb": _("Abandonner ce brouillon"), "danger": True, "cancel_url": back, "form": None}
    return render(request, "funder/draft_drop.html", context)


# --- the steps that are not a form ------------------------------------------------------------------------------------


def _territory_step(request: HttpRequest, draft: ProgrammeDraft) -> HttpResponse:
    """Places searched, taken into a territory, left out; the names typed are kept whatever the button."""
    sent = typed(request)
    rows = draft.answers.get(TERRITORY.key, {}).get("rows", [])
    searched = ""
    if request.method == "POST" and sent is not None:
        rows = _changed_territories(rows, sent)
        answers = {"seen": True, "rows": rows}
        draft = keep_draft(by=actor_of(request), draft=draft, step=TERRITORY.key, answers=answers)
        searched = "" if TAKE in sent else sent.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
        if not {SEARCH, TAKE, LEAVE} & set(sent):
            return redirect("funder:draft_step", draft.pk, after(TERRITORY).key)
    context = {
        **_frame(draft, TERRITORY),
        "territories": places_of(rows),
        "searched": searched,
        "results": found_places(searched),
        "form": None,
    }
    return render(request, "funder/draft_territory.html", context)


def _changed_territories(rows: list[dict[str, Any]], sent: QueryDict) -> list[dict[str, Any]]:
    named = [{**row, "name": sent.get(f"nom-{rank}", row["name"])[:200]} for rank, row in enumerate(rows)]
    taken = read_place(sent.get(TAKE, ""))
    if taken is not None:
        into = sent.get("dans", "")
        if into.isdecimal() and int(into) < len(named):
            named[int(into)] = with_place(named[int(into)], taken)
        else:
            named.append(with_place({"name": taken.label}, taken))
    rank, _colon, value = sent.get(LEAVE, "").partition(":")
    if rank.isdecimal() and int(rank) < len(named):
        named[int(rank)] = without_place(named[int(rank)], value)
    return [row for row in named if any(row.get(kind) for kind in ("departements", "epcis", "communes"))]


def _check_step(request: HttpRequest, draft: ProgrammeDraft) -> HttpResponse:
    """Everything read again in plain French, what is left to correct, and the button that creates."""
    made = prepared(draft.answers, draft.organisation)
    faults = made.faults
    if request.method == "POST" and made.spec is not None and not faults:
        try:
            programme = create_from_draft(by=actor_of(request), draft=draft, spec=made.spec)
        except Invalid as refusal:
            faults = faults_of(refusal.problems)
        except Refusal as refusal:
            faults = [Fault(CHECK, str(refusal))]
        else:
            messages.success(request, str(_created(programme)) % {"name": programme.name})
            # The hat of this request was read before the programme existed: the next one finds it.
            return redirect("funder:look", programme.code, "regles")
    context = {**_frame(draft, CHECK), "faults": _by_step(faults, draft), "spec": made.spec, "form": None}
    if made.spec is not None:
        context |= {"sections": read_sections(made.spec), "territories": places_of(_territories(draft))}
        context["fundings"] = named_fundings(made.spec)
    return render(request, "funder/draft_check.html", context)


def _has_no_passes(draft: ProgrammeDraft) -> bool:
    return bool(draft.answers.get("pass", {}).get("fields", {}).get("avec") == WITHOUT)


def _created(programme: Programme) -> Text:
    """What comes next depends on whether there are passes, and whether they are paid."""
    if not programme.uses_passes:
        return _("« %(name)s » est créé. Faites maintenant entrer ceux qui animeront les séances.")
    if not programme.unit_value:
        return _("« %(name)s » est créé. Commandez maintenant un premier lot.")
    return _("« %(name)s » est créé. Enregistrez maintenant l’argent reçu, puis commandez un premier lot.")


def _by_step(faults: list[Fault], draft: ProgrammeDraft) -> list[dict[str, Any]]:
    return [
        {
            "title": fault.step.title,
            "sentence": fault.sentence,
            "url": reverse("funder:draft_step", args=[draft.pk, fault.step.key]),
        }
        for fault in faults
    ]


def _territories(draft: ProgrammeDraft) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = draft.answers.get(TERRITORY.key, {}).get("rows", [])
    return found


# --- what every step shares -------------------------------------------------------------------------------------------


def _creator(request: HttpRequest) -> Organisation:
    owner = creator_of(request)
    if owner is None:
        raise NOT_ALLOWED.filled(right=CREATE_PROGRAMME.label)
    return owner


def _begun(chosen: str, earlier: list[Any], owner: Organisation) -> Answers:
    today = timezone.localdate()
    template = programme_template(chosen.removeprefix("modele-"))
    copied = next((one for one in earlier if chosen == f"copie-{one.code}"), None)
    if copied is not None:
        return copied_answers(copied, today)
    return template_answers(template, owner, today) if template is not None else blank_answers(today)


def _kept(request: HttpRequest, draft: ProgrammeDraft, step: Step, sent: QueryDict) -> ProgrammeDraft:
    name = str(sent.get("nom", "")) if step is STEPS[0] else ""
    return keep_draft(by=actor_of(request), draft=draft, step=step.key, answers=typed_answers(step, sent), name=name)


def _frame(draft: ProgrammeDraft, step: Step) -> dict[str, Any]:
    rank = STEPS.index(step)
    addresses = [reverse("funder:draft_step", args=[draft.pk, one.key]) for one in STEPS]
    return {
        "draft": draft,
        "step": step,
        "stages": [Stage(one.title, address) for one, address in zip(STEPS, addresses, strict=True)],
        "current": rank + 1,
        "back_url": addresses[rank - 1] if rank else "",
    }
