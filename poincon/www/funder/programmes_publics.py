"""Whom a programme is for: publics added, reworded, ended."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from poincon.programmes.catalogue import listed_publics
from poincon.programmes.models import Programme
from poincon.programmes.permissions import UPDATE_RULES
from poincon.programmes.services import add_public, update_public
from poincon.www.base.about import about_programme
from poincon.www.base.forms import DayInput, HouseForm, typed
from poincon.www.base.request import actor_of
from poincon.www.funder.programmes_faults import faults_in
from poincon.www.funder.receipts import form_page

#: Field of the form → argument of the verb.
NAMES = {
    "public": "label",
    "justificatif": "proof",
    "national": "national_code",
    "depuis": "open_from",
    "jusqu": "open_until",
}
FIELDS = {argument: field for field, argument in NAMES.items()}
LONGEST_CODE = 60


class PublicForm(HouseForm):
    """One public, as the prescriber will read it."""

    public = forms.CharField(label=_("Public"), help_text=_("Par exemple « bénéficiaires du RSA »."), max_length=200)
    justificatif = forms.CharField(
        label=_("Justificatif demandé"),
        help_text=_("Vide si l’on croit la personne sur parole."),
        max_length=200,
        required=False,
    )
    national = forms.ChoiceField(
        label=_("Dans la liste nationale"),
        help_text=_("Pour comparer les chiffres avec ceux d’autres territoires."),
        required=False,
    )
    depuis = forms.DateField(
        label=_("Accueilli à partir du"), help_text=_("Vide : depuis le début."), widget=DayInput(), required=False
    )
    jusqu = forms.DateField(
        label=_("Accueilli jusqu’au"), help_text=_("Vide : jusqu’à la fin."), widget=DayInput(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(one.code, one.label) for one in listed_publics()]
        self.fields["national"].choices = [("", _("Aucun en particulier")), *listed]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("depuis"), cleaned.get("jusqu")
        if first and last and last < first:
            self.add_error("jusqu", _("Ce public finirait d’être accueilli avant de commencer."))
        return cleaned


def code_of(label: str, taken: set[str]) -> str:
    """A short name for a public: « Bénéficiaires du RSA » → ``beneficiaires-du-rsa``; numbered when it is taken."""
    base = slugify(label)[: LONGEST_CODE - 4] or "public"
    return next(code for code in (base, *(f"{base}-{rank}" for rank in range(2, 1000))) if code not in taken)


def arguments(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What the verbs take of the form."""
    return {argument: cleaned[field] for field, argument in NAMES.items()}


@form_page
@about_programme(UPDATE_RULES)
def add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Enlarge the programme to one more public."""
    form = PublicForm(typed(request))
    if request.method == "POST" and form.is_valid():
        taken = set(programme.publics.values_list("code", flat=True))
        values = arguments(form.cleaned_data)
        code = code_of(values["label"], taken)
        with faults_in(form, FIELDS) as done:
            add_public(by=actor_of(request), programme=programme, code=code, **values)
        if done:
            messages.success(request, str(_("Ce public est ajouté : les prescripteurs le voient dès maintenant.")))
            return redirect("funder:programme")
    return _page(request, form, _("Ajouter un public"))


@form_page
@about_programme(UPDATE_RULES)
def edit(request: HttpRequest, programme: Programme, public_id: int) -> HttpResponse:
    """Reword a public, change its proof, say until when it is welcome."""
    public = get_object_or_404(programme.publics, pk=public_id)
    form = PublicForm(typed(request), initial={field: getattr(public, name) for field, name in NAMES.items()})
    if request.method == "POST" and form.is_valid():
        with faults_in(form, FIELDS) as done:
            update_public(by=actor_of(request), public=public, **arguments(form.cleaned_data))
        if done:
            messages.success(request, str(_("C’est enregistré. Les dossiers déjà ouverts ne changent pas.")))
            return redirect("funder:programme")
    return _page(request, form, _("Modifier un public"))


def _page(request: HttpRequest, form: HouseForm, title: Any) -> HttpResponse:
    why = _("C’est ce qu’un prescripteur choisit en remettant un chéquier, et le justificatif qu’il demande.")
    context = {"form": form, "title": title, "why": why, "submit": _("Enregistrer")}
    return render(request, "funder/programme_form.html", context | {"cancel_url": reverse("funder:programme")})
