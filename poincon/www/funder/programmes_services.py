"""The services a programme pays for: the published ones it admits, and its own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from poincon.mediation.services import retire_service
from poincon.programmes.catalogue import listed_services
from poincon.programmes.enums import Catalogue
from poincon.programmes.models import Programme, Service
from poincon.programmes.permissions import UPDATE_RULES
from poincon.programmes.services import add_local_service, update_rules
from poincon.www.base.about import about_programme, today_of
from poincon.www.base.forms import DayInput, HouseForm, refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.funder.programmes_faults import faults_in
from poincon.www.funder.receipts import form_page

ALL, SOME = "tous", "certains"
LONGEST_CODE = 100


def national_choices() -> list[tuple[str, str]]:
    """The nine national services."""
    return [(one.code, one.label) for one in listed_services() if one.catalogue is Catalogue.NATIONAL]


def published_choices() -> list[tuple[str, str]]:
    """The national services, each followed by the finer themes that are a part of it."""
    listed = listed_services()
    found = []
    for code, label in national_choices():
        found.append((code, _("%(label)s (tout le service)") % {"label": label}))
        found += [(one.code, f"– {one.label}") for one in listed if one.national == code]
    return found


class ServicesForm(HouseForm):
    """Everything that is published, or a list."""

    admis = forms.ChoiceField(
        label=gettext_lazy("Le dispositif paie"),
        choices=[
            (ALL, gettext_lazy("tous les services du référentiel national")),
            (SOME, gettext_lazy("seulement ceux que vous cochez, et vos services locaux")),
        ],
        widget=forms.RadioSelect,
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services admis"),
        help_text=gettext_lazy("Un service national coché admet aussi tous ses thèmes."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].choices = published_choices()  # type: ignore[attr-defined]  # a choice

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("admis") == SOME and not cleaned.get("services") and "services" not in self.errors:
            self.add_error("services", _("Cochez au moins un service : plus rien ne pourrait être payé."))
        return cleaned


class LocalServiceForm(HouseForm):
    """A service of this programme only."""

    libelle = forms.CharField(
        label=gettext_lazy("Service local"),
        help_text=gettext_lazy("Par exemple « parler en vidéo avec ses proches »."),
        max_length=200,
    )
    rattache = forms.ChoiceField(
        label=gettext_lazy("Il fait partie de"),
        help_text=gettext_lazy("Le service national auquel il se rattache, pour comparer les chiffres."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rattache"].choices = [("", _("Choisissez")), *national_choices()]  # type: ignore[attr-defined]


class RetireForm(HouseForm):
    jour = forms.DateField(label=gettext_lazy("À partir du"), widget=DayInput())


def local_code(programme_code: str, label: str, taken: set[str]) -> str:
    """The code of a local service: the programme's own, then its words; numbered when it is taken."""
    base = f"{programme_code}--{slugify(label) or 'service'}"[: LONGEST_CODE - 4].rstrip("-")
    return next(code for code in (base, *(f"{base}-{rank}" for rank in range(2, 1000))) if code not in taken)


@form_page
@about_programme(UPDATE_RULES)
def services(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Admit every published service, or some of them."""
    listed = list(programme.services.filter(programme=None).values_list("code", flat=True))
    initial = {"admis": ALL if programme.all_services else SOME, "services": listed}
    form = ServicesForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["services"] if form.cleaned_data["admis"] == SOME else None
        rows = None if chosen is None else list(Service.objects.filter(code__in=chosen, programme=None).order_by("pk"))
        with faults_in(form, {"rules.services": "services"}) as done:
            update_rules(by=actor_of(request), programme=programme, services=rows)
        if done:
            messages.success(
                request, _("C’est enregistré. Un service qui n’est plus admis sera refusé au prochain poinçon.")
            )
            return redirect("funder:programme")
    why = _("Les opérateurs ne publient, et ne sont payés, que pour les services admis.")
    return _page(request, form, _("Les services admis"), why)


@form_page
@about_programme(UPDATE_RULES)
def add_local(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Add a service of this programme only."""
    form = LocalServiceForm(typed(request))
    if request.method == "POST" and form.is_valid():
        label = form.cleaned_data["libelle"]
        code = local_code(programme.code, label, set(Service.objects.values_list("code", flat=True)))
        with faults_in(form, {"label": "libelle", "national": "rattache", "code": "libelle"}) as done:
            add_local_service(
                by=actor_of(request),
                programme=programme,
                code=code,
                label=label,
                national=form.cleaned_data["rattache"],
            )
        if done:
            messages.success(request, _("Ce service local est ajouté : les opérateurs peuvent le publier."))
            return redirect("funder:programme")
    why = _("Un service local dit mieux ce qui se fait chez vous que la liste nationale.")
    return _page(request, form, _("Ajouter un service local"), why)


@form_page
@about_programme(UPDATE_RULES)
def retire_local(request: HttpRequest, programme: Programme, service_id: int) -> HttpResponse:
    """Stop a local service, and the offers of every place that gives it."""
    service = get_object_or_404(programme.local_services.filter(retired_on=None), pk=service_id)
    form = RetireForm(typed(request), initial={"jour": today_of(programme)})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "jour") as done:
            _row, ended = retire_service(by=actor_of(request), service=service, on=form.cleaned_data["jour"])
            words = ngettext("%(n)s offre finit ce jour-là.", "%(n)s offres finissent ce jour-là.", ended)
            messages.success(request, _("Ce service est retiré.") + " " + words % {"n": ended})
        if done:
            return redirect("funder:programme")
    context = {"service": service, "form": form, "verb": _("Retirer ce service"), "danger": True}
    return render(request, "funder/service_retire.html", context | {"cancel_url": reverse("funder:programme")})


def _page(request: HttpRequest, form: HouseForm, title: str, why: str) -> HttpResponse:
    context = {"form": form, "title": title, "why": why, "submit": _("Enregistrer")}
    return render(request, "funder/programme_form.html", context | {"cancel_url": reverse("funder:programme")})
