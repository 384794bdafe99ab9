"""Where a programme holds: territories added, widened, narrowed, renamed, removed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from poincon.mediation.queries import venues_of_communes
from poincon.programmes.models import Programme, Territory
from poincon.programmes.permissions import UPDATE_RULES
from poincon.programmes.services import add_territory, change_communes, remove_territory, rename_territory
from poincon.territories.models import Commune
from poincon.www.base.about import about_programme
from poincon.www.base.forms import HouseForm, refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.funder.programmes_faults import faults_in
from poincon.www.funder.programmes_places import found_places, read_place, spec_of, with_place
from poincon.www.funder.receipts import form_page

#: What the buttons of places send; the field of communes to take out: shown first, then done.
ADD, REMOVE = "ajouter", "retirer"
SHOWN, DONE = "voir", "oui"
LONGEST_SEARCH = 100


class NameForm(HouseForm):
    nom = forms.CharField(label=_("Nom du territoire"), max_length=200)


class NewForm(HouseForm):
    nom = forms.CharField(
        label=_("Nom du territoire"),
        help_text=_("Vide : celui du lieu que vous choisissez."),
        max_length=200,
        required=False,
    )


class RemoveForm(HouseForm):
    """Communes chosen to be taken out."""

    communes = forms.ModelMultipleChoiceField(
        label=_("Communes à retirer"), queryset=Commune.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    retirer = forms.ChoiceField(choices=[(SHOWN, ""), (DONE, "")], widget=forms.HiddenInput, initial=SHOWN)

    def __init__(self, *args: Any, territory: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = territory.communes.order_by("search_name", "code")
        self.fields["communes"].queryset = held  # type: ignore[attr-defined]  # a choice of models


@form_page
@about_programme(UPDATE_RULES)
def add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Spread the programme: choose a place, it becomes a territory that one may then complete."""
    searched = searched_in(request)
    form = NewForm(typed(request))
    if request.method == "POST" and form.is_valid():
        place = read_place(str(request.POST.get(ADD, "")))
        if place is None:
            form.add_error(None, _("Choisissez un lieu de la liste : son bouton l’ajoute."))
        else:
            spec = spec_of(with_place({"name": form.cleaned_data["nom"] or place.label}, place))
            with faults_in(form, {"name": "nom"}) as done:
                made = add_territory(by=actor_of(request), programme=programme, territory=spec)
            if done:
                messages.success(request, str(_("Ce territoire est ajouté. Vous pouvez encore le compléter.")))
                return redirect("funder:territory", made.pk)
    context = {"form": form, "searched": searched, "results": found_places(searched), "programme": programme}
    return render(request, "funder/territory_add.html", context)


@form_page
@about_programme(UPDATE_RULES)
def territory(request: HttpRequest, programme: Programme, territory_id: int) -> HttpResponse:
    """One territory: its name, what may join it, what may leave it."""
    row = get_object_or_404(programme.territories, pk=territory_id)
    sent = typed(request)
    name_form = NameForm(sent if sent is not None and "nom" in sent else None, initial={"nom": row.name})
    remove_form = RemoveForm(sent if sent is not None and REMOVE in sent else None, territory=row)
    if request.method == "POST" and _changed(request, row, name_form, remove_form):
        return redirect("funder:territory", row.pk)
    searched = searched_in(request)
    context = {
        "programme": programme,
        "territory": row,
        "total": row.communes.count(),
        "name_form": name_form,
        "remove_form": remove_form,
        "leaving": _leaving(programme, remove_form),
        "searched": searched,
        "results": found_places(searched),
        "is_last": not programme.territories.exclude(pk=row.pk).exists(),
    }
    return render(request, "funder/territory.html", context)


@form_page
@about_programme(UPDATE_RULES)
def remove(request: HttpRequest, programme: Programme, territory_id: int) -> HttpResponse:
    """Take a whole territory out: its places are told first."""
    row = get_object_or_404(programme.territories, pk=territory_id)
    form = HouseForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            remove_territory(by=actor_of(request), territory=row)
        if done:
            messages.success(request, str(_("Ce territoire est retiré.")))
            return redirect("funder:programme")
    codes = list(row.communes.values_list("pk", flat=True))
    context = {
        "territory": row,
        "venues": venues_of_communes(programme, codes)[:20],
        "form": form,
        "verb": _("Retirer ce territoire"),
        "danger": True,
        "cancel_url": reverse("funder:territory", args=[row.pk]),
    }
    return render(request, "funder/territory_remove.html", context)


def searched_in(request: HttpRequest) -> str:
    """What was typed in the search of places."""
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH]


def _changed(request: HttpRequest, row: Territory, name_form: NameForm, remove_form: RemoveForm) -> bool:
    """Whether what the page sent was done."""
    return _renamed(request, row, name_form) or _widened(request, row) or _narrowed(request, row, remove_form)


def _renamed(request: HttpRequest, row: Territory, form: NameForm) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    with refusals_in(form, "nom") as done:
        rename_territory(by=actor_of(request), territory=row, name=form.cleaned_data["nom"])
        messages.success(request, str(_("Le nom est enregistré.")))
    return bool(done)


def _widened(request: HttpRequest, row: Territory) -> bool:
    place = read_place(str(request.POST.get(ADD, "")))
    if place is None:
        return False
    change_communes(by=actor_of(request), territory=row, add=spec_of(with_place({"name": row.name}, place)))
    messages.success(request, str(_("« %(place)s » fait maintenant partie du territoire.") % {"place": place.label}))
    return True


def _narrowed(request: HttpRequest, row: Territory, form: RemoveForm) -> bool:
    """Take communes out, once their places were told."""
    if not form.is_bound or not form.is_valid() or form.cleaned_data[REMOVE] != DONE:
        return False
    with refusals_in(form, "communes") as done:
        change_communes(by=actor_of(request), territory=row, remove=form.cleaned_data["communes"])
        messages.success(request, str(_("Ces communes ne font plus partie du territoire.")))
    return bool(done)


def _leaving(programme: Programme, form: RemoveForm) -> dict[str, Any] | None:
    """What would leave: the communes chosen, and the places that could no longer punch; None while none is chosen."""
    if not form.is_bound or not form.is_valid() or form.cleaned_data[REMOVE] == DONE:
        return None
    chosen = list(form.cleaned_data["communes"])
    venues = venues_of_communes(programme, [one.pk for one in chosen])
    return {"communes": chosen, "venues": list(venues[:20])}
