"""Extending and suspending a programme: what it does to the passes is told before one confirms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal, Text
from poincon.passes.queries.effects import moved_batches
from poincon.programmes.enums import ChangeKind
from poincon.programmes.models import Programme, ProgrammeChange
from poincon.programmes.permissions import CHANGE_DATES
from poincon.programmes.rules import months_from
from poincon.programmes.services import extend as extend_programme
from poincon.programmes.services import suspend as suspend_programme
from poincon.www.base.about import about_programme, today_of
from poincon.www.base.forms import DayInput, HouseForm, typed
from poincon.www.base.request import actor_of
from poincon.www.funder.receipts import form_page

CONFIRM = "confirmer"
REASON_HELP = _("Il reste au dossier du dispositif, et dans le journal.")


class ExtendForm(HouseForm):
    jusqu_au = forms.DateField(label=_("Jusqu’au"), widget=DayInput())
    motif = forms.CharField(label=_("Motif"), help_text=REASON_HELP, max_length=300)
    pass_aussi = forms.BooleanField(
        label=_("Les pass déjà commandés restent valables jusqu’à cette date"),
        help_text=_("Sinon, seul le dispositif dure plus longtemps ; chaque pass garde sa date."),
        required=False,
        initial=True,
    )


class SuspendForm(HouseForm):
    du = forms.DateField(label=_("Du"), help_text=_("Premier jour sans poinçon."), widget=DayInput())
    au = forms.DateField(label=_("Au"), help_text=_("Dernier jour sans poinçon."), widget=DayInput())
    motif = forms.CharField(label=_("Motif"), help_text=REASON_HELP, max_length=300)
    pass_aussi = forms.BooleanField(
        label=_("Rendre aux pass les jours perdus"),
        help_text=_("Chaque pass dure d’autant plus longtemps. Sinon, il garde sa date."),
        required=False,
        initial=True,
    )


@dataclass(frozen=True)
class Decision:
    """``imagine`` makes the change that is not written yet; ``take`` calls the verb."""

    title: Text
    verb: Text
    said: Text
    imagine: Callable[[Programme, dict[str, Any]], ProgrammeChange]
    take: Callable[[HttpRequest, Programme, dict[str, Any]], object]


@form_page
@about_programme(CHANGE_DATES)
def extend(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Make the programme last longer."""
    form = ExtendForm(typed(request), initial={"jusqu_au": _half_a_year_more(programme.ends_on)})
    return _decided(request, programme, form, EXTENSION)


@form_page
@about_programme(CHANGE_DATES)
def suspend(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Stop redemptions for some days, possibly past ones."""
    form = SuspendForm(typed(request), initial={"du": today_of(programme)})
    return _decided(request, programme, form, SUSPENSION)


def _decided(request: HttpRequest, programme: Programme, form: HouseForm, decision: Decision) -> HttpResponse:
    """First the form, then what it would do, then the decision: two buttons of one page."""
    effects, confirming = None, CONFIRM in request.POST
    if request.method == "POST" and form.is_valid():
        if confirming:
            try:
                decision.take(request, programme, form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, str(decision.said))
                return redirect("funder:programme")
        elif not _impossible(programme, form):
            effects = moved_batches(decision.imagine(programme, form.cleaned_data))
    context = {"programme": programme, "form": form, "effects": effects}
    context |= {"title": decision.title, "verb": decision.verb}
    context["cancel_url"] = reverse("funder:programme")
    return render(request, "funder/programme_dates.html", context)


def _half_a_year_more(last: date) -> date:
    return months_from(last + timedelta(days=1), 6)


def _impossible(programme: Programme, form: HouseForm) -> bool:
    """Days that no validity could be computed from; the verb says the rest."""
    first, last = form.cleaned_data.get("du"), form.cleaned_data.get("au")
    if first is not None and last is not None and last < first:
        form.add_error("au", _("La suspension finit avant de commencer."))
        return True
    until = form.cleaned_data.get("jusqu_au")
    if until is not None and until <= programme.ends_on:
        form.add_error("jusqu_au", _("Le dispositif dure déjà jusque-là : donnez une date plus lointaine."))
        return True
    return False


def _extension(programme: Programme, values: dict[str, Any]) -> ProgrammeChange:
    return ProgrammeChange(
        programme=programme,
        kind=ChangeKind.EXTENSION,
        first_day=programme.ends_on + timedelta(days=1),
        last_day=values["jusqu_au"],
        moves_validity=values["pass_aussi"],
        decided_at=timezone.now(),
    )


def _suspension(programme: Programme, values: dict[str, Any]) -> ProgrammeChange:
    return ProgrammeChange(
        programme=programme,
        kind=ChangeKind.SUSPENSION,
        first_day=values["du"],
        last_day=values["au"],
        moves_validity=values["pass_aussi"],
        decided_at=timezone.now(),
    )


def _extend(request: HttpRequest, programme: Programme, values: dict[str, Any]) -> object:
    return extend_programme(
        by=actor_of(request),
        programme=programme,
        until=values["jusqu_au"],
        reason=values["motif"],
        moves_validity=values["pass_aussi"],
    )


def _suspend(request: HttpRequest, programme: Programme, values: dict[str, Any]) -> object:
    return suspend_programme(
        by=actor_of(request),
        programme=programme,
        first_day=values["du"],
        last_day=values["au"],
        reason=values["motif"],
        moves_validity=values["pass_aussi"],
    )


EXTENSION = Decision(
    _("Prolonger le dispositif"), _("Prolonger"), _("Le dispositif est prolongé."), _extension, _extend
)
SUSPENSION = Decision(
    _("Suspendre le dispositif"),
    _("Suspendre"),
    _("La suspension est enregistrée : aucun poinçon n’est accepté ces jours-là."),
    _suspension,
    _suspend,
)
