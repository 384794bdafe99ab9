"""What was handed over: the last screen of a hand-over, its letter, and how it is undone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from poincon.kernel.refusals import Refusal
from poincon.passes import codes
from poincon.passes.documents.layout import Paper
from poincon.passes.models import HandOver
from poincon.passes.positions import positions_of
from poincon.passes.queries.batch import batch_last_day
from poincon.passes.services.hand_over import cancel_hand_over
from poincon.passes.services.letters import distance_said, nearest_to, orientation_letter
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.prescriber.forms.stock import CancelForm
from poincon.www.prescriber.handing import DONE, labels
from poincon.www.prescriber.lists import HAND_OVERS, given_to, hand_over_state
from poincon.www.prescriber.reach import desk, reach

PLACES_SHOWN = 4


@require_safe
def hand_overs(request: HttpRequest) -> HttpResponseBase:
    """Every hand-over of the organisation in the programme looked at."""
    _worn, organisation, programme = desk(request)
    rows = HandOver.objects.filter(prescriber=organisation, booklet__batch__programme=programme)
    rows = rows.select_related("booklet", "case_file__beneficiary")
    return HAND_OVERS.answer(request, rows, "prescriber/hand_overs.html")


@require_safe
def done(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """5. Done: the letter to print, where to go, and how to undo."""
    given = _mine(request, hand_over_id)
    context = {**_about(given), "steps": labels(), "screen": DONE, "places": _places(given)}
    return render(request, "prescriber/handing/done.html", context)


@require_safe
def given(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """One hand-over: to whom, what is left of it, what can be done about it."""
    found = _mine(request, hand_over_id)
    return render(request, "prescriber/given.html", {**_about(found), "places": _places(found)})


@require_safe
def letter(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """The orientation letter, on A4 or on A5 (``?papier=a5``)."""
    found = _mine(request, hand_over_id)
    paper = Paper.A5 if request.GET.get("papier") == Paper.A5 else Paper.A4
    pdf = orientation_letter(by=actor_of(request), hand_over=found, paper=paper)
    number = codes.written(found.booklet.number).replace(" ", "")
    # Shown in the browser, which prints it at once.
    disposition = f'inline; filename="lettre-{number}-{paper}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


@require_POST
def undo(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """Undo what was just done, in one press."""
    found = _mine(request, hand_over_id)
    try:
        cancel_hand_over(by=actor_of(request), hand_over=found, reason=_("Annulée aussitôt après"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("prescriber:given", found.pk)
    _say_undone(request, found)
    return redirect("prescriber:home")


def cancel(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """Undo a hand-over of another day, saying why."""
    found = _mine(request, hand_over_id)
    form = CancelForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as outcome:
            cancel_hand_over(by=actor_of(request), hand_over=found, reason=form.reason)
        if outcome:
            _say_undone(request, found)
            return redirect("prescriber:given", found.pk)
    about = _about(found)
    context = {
        **about,
        "form": form,
        "verb": _("Annuler cette remise"),
        "danger": True,
        "impossible": not about["may_cancel"],
        "cancel_url": reverse("prescriber:given", args=[found.pk]),
    }
    return render(request, "prescriber/cancel.html", context)


def _mine(request: HttpRequest, hand_over_id: int) -> HandOver:
    hers = reach(request, organisation="prescriber", programme="booklet__batch__programme")
    found = HandOver.objects.filter(hers).select_related(
        "booklet__batch__programme__owner",
        "case_file__beneficiary__commune",
        "case_file__public",
        "prescriber__commune",
        "cancellation",
    )
    return get_object_or_404(found, pk=hand_over_id)


def _about(found: HandOver) -> dict[str, Any]:
    used = found.passes & found.booklet.used
    return {
        "given": found,
        "number": codes.written(found.booklet.number),
        "name": given_to(found),
        "passes": found.passes.bit_count(),
        "used": used.bit_count(),
        "used_positions": positions_of(used),
        "state": hand_over_state(found),
        "until": batch_last_day(found.booklet.batch),
        "programme": found.booklet.batch.programme,
        "may_cancel": found.cancellation_id is None and not used,
    }


def _places(found: HandOver) -> list[tuple[Any, str]]:
    return [(near.venue, distance_said(near.km)) for near in nearest_to(found, limit=PLACES_SHOWN)]


def _say_undone(request: HttpRequest, found: HandOver) -> None:
    number = codes.written(found.booklet.number)
    messages.success(
        request,
        _("La remise est annulée. Le chéquier %(number)s est de nouveau dans votre stock.") % {"number": number},
    )
