"""How a programme presents itself: its name, its colours tried before they are kept, its logo, whom to call."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from poincon.kernel.colour_names import name_of
from poincon.kernel.colours import COLOUR, is_colour
from poincon.programmes.checks import Invalid
from poincon.programmes.models import Programme
from poincon.programmes.permissions import UPDATE_THEME
from poincon.programmes.services import update_theme
from poincon.programmes.services.theme import NO_LOGO
from poincon.programmes.theme import SURFACE_OF, look_of, nearest_that_passes
from poincon.www.base.forms import HouseForm, typed
from poincon.www.base.hats import worn_hat
from poincon.www.base.request import actor_of
from poincon.www.base.themes import theme_addresses

#: What each button of the form sends. No button named: the colours changed, and a script asks for the preview alone.
TRY, TAKE_NEAREST = "essayer", "prendre"
A_COLOUR = RegexValidator(f"^{COLOUR.pattern}$", _("Une couleur s’écrit comme #1b2a6b."))


class ColourInput(forms.TextInput):
    """The colour picker of the browser; it always sends ``#rrggbb``."""

    input_type = "color"


class AppearanceForm(HouseForm):
    name = forms.CharField(
        label=_("Nom du dispositif"), help_text=_("Sur les chéquiers, les courriels et le site."), max_length=80
    )
    ink_colour = forms.CharField(
        label=_("Couleur principale"),
        help_text=_("Titres, boutons, liens. Assez foncée pour être lue."),
        widget=ColourInput,
        validators=[A_COLOUR],
    )
    accent_colour = forms.CharField(
        label=_("Couleur d’accent"),
        help_text=_("Le trou du poinçon, ce qui doit se voir."),
        widget=ColourInput,
        validators=[A_COLOUR],
    )
    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("Un fichier PNG ou SVG, 2 Mo au plus. Il paraît une fois enregistré."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/svg+xml"}),
    )
    without_logo = forms.BooleanField(label=_("Retirer le logo"), required=False)
    referent = forms.CharField(
        label=_("Qui appeler"),
        help_text=_("Une personne ou un service, comme « Réseau des tiers-lieux »."),
        max_length=60,
        required=False,
    )
    phone = forms.CharField(label=_("Téléphone du dispositif"), max_length=20, required=False)
    email = forms.EmailField(label=_("Courriel du dispositif"), max_length=254, required=False)

    def __init__(self, *args: Any, programme: Programme, tried: Mapping[str, Any] | None = None) -> None:
        super().__init__(*args, initial={**_present(programme), **(tried or {})})
        if not programme.logo_svg:
            del self.fields["without_logo"]


def _present(programme: Programme) -> dict[str, Any]:
    return {name: getattr(programme, name) for name in AppearanceForm.base_fields if hasattr(programme, name)}


def appearance(request: HttpRequest) -> HttpResponse:
    """Try colours, see them by day and by night, keep them."""
    programme = worn_hat(request).programme
    if programme is None:
        return redirect("funder:home")
    actor_of(request).require(UPDATE_THEME, programme=programme)
    form = AppearanceForm(_filled(request), request.FILES or None, programme=programme)
    tries = request.headers.get("HX-Request") or {TRY, TAKE_NEAREST} & request.POST.keys()
    if request.method == "POST" and not tries and form.is_valid() and _save(request, programme, form):
        messages.success(request, str(_("L’apparence est enregistrée. Les chéquiers déjà imprimés gardent la leur.")))
        return redirect("funder:appearance")
    if request.headers.get("HX-Request"):
        return render(request, "funder/appearance_preview.html", _preview(form, programme))
    if tries and form.is_bound:
        # Colours are being tried: what is still missing elsewhere is not a fault yet.
        form = AppearanceForm(programme=programme, tried={name: form[name].value() for name in form.fields})
    context = {"form": form, "logo": theme_addresses(programme)["logo"], "programme": programme}
    return render(request, "funder/appearance.html", context | _preview(form, programme))


def _filled(request: HttpRequest) -> Any:
    """What was typed; a colour refused is replaced by its nearest when one asks for it."""
    sent = typed(request)
    if sent is None or TAKE_NEAREST not in sent:
        return sent
    field, taken = str(sent[TAKE_NEAREST]), sent.copy()
    colour = str(taken.get(field, ""))
    if field in SURFACE_OF and is_colour(colour):
        taken[field] = nearest_that_passes(field, colour)
    return taken


def _save(request: HttpRequest, programme: Programme, form: AppearanceForm) -> bool:
    changes = dict(form.cleaned_data)
    logo, without = changes.pop("logo"), changes.pop("without_logo", False)
    if logo or without:
        changes["logo"] = logo.read() if logo else NO_LOGO
    try:
        update_theme(by=actor_of(request), programme=programme, **changes)
    except Invalid as refusal:
        for problem in refusal.problems:
            field = problem.where.removeprefix("presentation.").removesuffix("_svg")
            form.add_error(field if field in form.fields else None, problem.text[:1].upper() + problem.text[1:])
        return False
    return True


def _preview(form: AppearanceForm, programme: Programme) -> dict[str, Any]:
    chosen = {field: _chosen(form, field) for field in SURFACE_OF}
    shown = {field: nearest_that_passes(field, colour) for field, colour in chosen.items()}
    look = look_of(Programme(ink_colour=shown["ink_colour"], accent_colour=shown["accent_colour"]))
    sheet = {"ink": look.ink.removeprefix("#"), "accent": look.accent.removeprefix("#")}
    return {
        "preview_sheet": reverse("theme_preview", kwargs=sheet),
        "preview_name": form["name"].value() or programme.name,
        "too_light": [
            {
                "field": field,
                "label": form.fields[field].label,
                "colour": chosen[field],
                "nearest": shown[field],
                "name": name_of(shown[field]),
            }
            for field in SURFACE_OF
            if chosen[field] != shown[field]
        ],
        "night": {"ink": look.night.ink, "accent": look.night.accent},
        "tried": (1, 2, 3),
    }


def _chosen(form: AppearanceForm, field: str) -> str:
    """The colour typed, or the present one while what is typed is no colour."""
    value = str(form[field].value() or "").lower()
    if is_colour(value):
        return value
    kept = str(form.initial.get(field, "")).lower()
    # While one tries colours, the form begins with what is tried, which may be no colour either.
    return kept if is_colour(kept) else str(getattr(Programme(), field))
