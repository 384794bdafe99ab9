"""Changing the rules of a programme, one section at a time; its start while it has not come; who leads its network."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from poincon.kernel.alphabet import Alphabetical
from poincon.organisations.models import Organisation
from poincon.programmes.models import Programme
from poincon.programmes.permissions import CHANGE_DATES, UPDATE_RULES
from poincon.programmes.services import move_start, set_lead_network, update_rules
from poincon.www.base.about import about_programme
from poincon.www.base.forms import DayInput, HouseForm, refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.funder.programmes_faults import faults_in
from poincon.www.funder.programmes_sections import PASS, SECTIONS
from poincon.www.funder.receipts import form_page


class LeadForm(HouseForm):
    reseau = forms.ModelChoiceField(
        label=_("Tête de réseau"),
        help_text=_("L’organisation qui recrute, qualifie, forme et livre. Ses coordinateurs pilotent le dispositif."),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Personne : nous le faisons nous-mêmes"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coordinators = Organisation.objects.filter(is_coordinator=True).order_by(Alphabetical("name"), "pk")
        self.fields["reseau"].queryset = coordinators  # type: ignore[attr-defined]  # a choice of models


class StartForm(HouseForm):
    debut = forms.DateField(label=_("Nouveau début"), widget=DayInput())


@form_page
@about_programme(UPDATE_RULES)
def section(request: HttpRequest, programme: Programme, section: str) -> HttpResponse:
    """Change one section of the rules; the rest is on other pages."""
    edited = SECTIONS.get(section)
    if edited is None or (edited is PASS and not programme.uses_passes):
        raise Http404
    form = edited.form(typed(request), initial=edited.initial(programme))
    if request.method == "POST" and form.is_valid():
        with faults_in(form) as done:
            update_rules(by=actor_of(request), programme=programme, **edited.values(form.cleaned_data))
        if done:
            return _changed(
                request, _("C’est enregistré. Les appareils des médiateurs l’apprennent à leur prochain échange.")
            )
    return _form(request, form, edited.title, why=edited.why)


@form_page
@about_programme(UPDATE_RULES)
def lead_network(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Say who runs the network from now on."""
    form = LeadForm(typed(request), initial={"reseau": programme.lead_network_id})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "reseau") as done:
            set_lead_network(by=actor_of(request), programme=programme, lead_network=form.cleaned_data["reseau"])
        if done:
            return _changed(request, _("La tête de réseau est enregistrée."))
    why = _("Les coordinateurs de l’ancienne tête de réseau ne verront plus ce dispositif.")
    return _form(request, form, _("Tête de réseau"), why=why)


@form_page
@about_programme(CHANGE_DATES)
def start(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Start another day, while neither the former nor the new one has come."""
    form = StartForm(typed(request), initial={"debut": programme.starts_on})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "debut") as done:
            move_start(by=actor_of(request), programme=programme, starts_on=form.cleaned_data["debut"])
        if done:
            return _changed(request, _("Le nouveau début est enregistré."))
    why = _("Le début se déplace tant qu’il n’est pas venu. Ensuite, seule la fin se repousse.")
    return _form(request, form, _("Déplacer le début"), why=why)


def _changed(request: HttpRequest, said: Any) -> HttpResponse:
    messages.success(request, str(said))
    return redirect("funder:programme")


def _form(request: HttpRequest, form: HouseForm, title: Any, *, why: Any) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "why": why,
        "submit": _("Enregistrer"),
        "cancel_url": reverse("funder:programme"),
    }
    return render(request, "funder/programme_form.html", context)
