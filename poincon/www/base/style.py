"""The living page of the components: each one drawn, with what one writes to get it."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.charts import Chart, Reference, Series, Shape, Unit
from poincon.kernel.documents.french import count
from poincon.territories.models import Commune, Departement
from poincon.www.base.charts import Bar, Bars, Share, chart_file
from poincon.www.base.forms import DayInput, HouseForm, typed
from poincon.www.base.icons import ICONS
from poincon.www.base.listing import Column, Filters, Kind, Listing, words_in
from poincon.www.base.maps import Area, Map, Place
from poincon.www.base.parts import Empty, Fact, Step, Tab, Tag, Tone
from poincon.www.base.undo import done_undoable

VILLAGE = 2000


class CommuneFilters(Filters):
    departement = forms.ModelChoiceField(
        label=_("Département"), queryset=Departement.objects.order_by(Alphabetical("name"))
    )
    habitants = forms.IntegerField(label=_("Habitants, au moins"), min_value=0)

    lookups = {"departement": "departement", "habitants": "population__gte"}


def _size(commune: Commune) -> Tag:
    small = (commune.population or 0) < VILLAGE
    return Tag(_("village"), Tone.INFO) if small else Tag(_("ville"), Tone.GOOD)


def _communes_said(total: int) -> str:
    return ngettext("%(total)s commune", "%(total)s communes", total) % {"total": count(total)}


COMMUNES = Listing[Commune](
    name="communes",
    columns=(
        Column("nom", _("Commune"), "name", sort=("name",), link=lambda commune: f"#{commune.pk}"),
        Column("code", _("Code INSEE"), "code", sort=("code",)),
        Column("departement", _("Département"), "departement.name", sort=("departement__name", "name")),
        Column("habitants", _("Habitants"), "population", kind=Kind.NUMBER, sort=("population",)),
        Column("taille", _("Taille"), _size, kind=Kind.TAG),
    ),
    order="nom",
    said=_communes_said,
    search=words_in("search_name", "name", "code__startswith"),
    search_label=_("Chercher une commune"),
    filters=CommuneFilters,
    per_page=10,
    empty=Empty(
        _("Aucune commune"),
        _("Les communes servent à dire où sont les lieux et les personnes. Chargez-les d’abord."),
        _("Revoir les composants"),
        reverse_lazy("style"),
    ),
)


class ExampleForm(HouseForm):
    """One field of each kind."""

    nom = forms.CharField(label=_("Nom du lieu"), help_text=_("Tel qu’il est écrit sur la porte."), max_length=80)
    commune = forms.ChoiceField(label=_("Commune"), choices=[("", "–"), ("23096", "Guéret"), ("23008", "Aubusson")])
    jour = forms.DateField(label=_("Ouvert depuis le"), widget=DayInput())
    accueil = forms.ChoiceField(
        label=_("Vous accueillez"),
        choices=[("libre", _("sans rendez-vous")), ("rdv", _("sur rendez-vous"))],
        widget=forms.RadioSelect,
    )
    publics = forms.MultipleChoiceField(
        label=_("Publics"),
        choices=[("s", _("seniors")), ("j", _("jeunes")), ("f", _("familles"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label=_("Remarque"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    piece = forms.FileField(label=_("Justificatif"), required=False)
    accord = forms.BooleanField(label=_("Le lieu accepte d’être affiché sur la carte"))


@require_safe
def style(request: HttpRequest) -> HttpResponseBase:
    """Every component, drawn."""
    if file := chart_file(request, _charts()):
        return file
    # The same moment all day: read twice, the page says the same.
    this_morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    return render(request, "style/components.html", _examples(this_morning))


@require_safe
def style_list(request: HttpRequest) -> HttpResponseBase:
    """A whole list: search, filters, sort, pages, exports."""
    rows = Commune.objects.filter(until=None).select_related("departement")
    return COMMUNES.answer(request, rows, "style/list.html")


def style_form(request: HttpRequest) -> HttpResponse:
    """A whole form: fields of each kind, errors, what is said once it is sent."""
    form = ExampleForm(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        done_undoable(request, _("Le lieu est enregistré (pour l’exemple)."), undo_url=reverse("style_undo"))
        return redirect("style_form")
    context = {"form": form, "submit": _("Enregistrer le lieu"), "cancel_url": reverse("style")}
    return render(request, "style/form.html", context)


def style_confirm(request: HttpRequest) -> HttpResponse:
    """A confirmation page."""
    if request.method == "POST":
        messages.success(request, str(_("C’est fait (pour l’exemple).")))
        return redirect("style")
    context = {"verb": _("Mettre en opposition"), "cancel_url": reverse("style"), "danger": True, "form": None}
    return render(request, "style/confirm.html", context)


@require_POST
def style_undo(request: HttpRequest) -> HttpResponse:
    """Where the button of a message posts."""
    messages.success(request, str(_("C’est annulé (pour l’exemple).")))
    return redirect("style_form")


MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_SHARES = (Share(_("Europe"), 6000), Share(_("État"), 2000, _("convention 2026")), Share(_("Département"), 2000))
_RANKING = (Bar("CCAS de Guéret", 42, "#graphiques"), Bar("Mission locale", 27), Bar("MSA", 5))

_PLACES = (
    Place("La Quincaillerie", 46.1694, 1.8714, _("du mardi au samedi"), "#cartes"),
    Place("Médiathèque", 45.9578, 2.1686, _("le mercredi"), tone=Tone.GOOD),
    Place("Bus numérique", 46.215, 2.32, _("en tournée"), tone=Tone.CAREFUL),
)
_AREAS = (
    Area("200034825", "CA du Grand Guéret", 42, _("42 chéquiers")),
    Area("242320000", "Un autre territoire", 12, _("12 chéquiers")),
)


def _charts() -> list[Chart]:
    handed = Series(_("remis"), (4, 12, 18, 22, 25, 30, 21, 9, 28, 33, 36, 20))
    started = Series(_("entamés"), (1, 6, 11, 15, 19, 21, 17, 8, 20, 26, 30, 18))
    cover = Series(_("couverture"), (140, 136, 131, 127, 120, 118, 116, 115, None, 104, 97, 112))
    red_line = Reference(_("seuil d’activation"), 100)
    return [
        Chart("chequiers", _("Chéquiers, mois par mois"), _("Mois"), MONTHS, (handed, started)),
        Chart("couverture", _("Couverture"), _("Mois"), MONTHS, (cover,), Shape.LINES, Unit.PERCENT, red_line),
    ]


def _examples(now: datetime) -> dict[str, Any]:
    return {
        "charts": _charts(),
        "map": Map("lieux", _("Les lieux de la Creuse"), _("Lieu"), _("Ouvert"), ["23"], _PLACES, _AREAS),
        "ranking": Bars(_("Chéquiers en stock"), _("Prescripteur"), _("Chéquiers"), _RANKING),
        "shares": [
            Share(_("Europe"), 6000),
            Share(_("État"), 2000, _("convention 2026")),
            Share(_("Département"), 2000),
        ],
        "run": (3, 4, 4, 7, 6, 9, 12),
        "icons": sorted(ICONS),
        "tones": [Tag(_("payé"), Tone.GOOD), Tag(_("à vérifier"), Tone.CAREFUL), Tag(_("en opposition"), Tone.BAD)],
        "more_tones": [Tag(_("expédié"), Tone.INFO), Tag(_("en stock"), Tone.QUIET)],
        "steps": [
            Step(_("Le chéquier"), "#etapes"),
            Step(_("La personne"), "#etapes"),
            *(_("Le lieu"), _("La lettre")),
        ],
        "tabs": [Tab(_("En stock"), "#onglets", 27), Tab(_("Remis"), "#remis", 113), Tab(_("Perdus"), "#perdus")],
        "facts": [
            Fact(now, _("Un pass poinçonné à la Quincaillerie"), by="Karim Haddad", tone=Tone.GOOD),
            Fact((now - timedelta(days=2)).date(), _("Chéquier remis"), by="Claire Moreau", detail=_("10 pass")),
            Fact((now - timedelta(days=9)).date(), _("Colis reçu avec un écart"), tone=Tone.CAREFUL, url="#frise"),
            Fact((now - timedelta(days=20)).date(), _("Lot imprimé"), by="Hélène Garnier"),
        ],
        "empty": Empty(
            _("Vous n’avez encore aucun chéquier"),
            _("Ici s’affichent les chéquiers que vous avez en main. Demandez-en à votre coordinateur."),
            _("Demander des chéquiers"),
            "#vide",
        ),
        "bad_form": ExampleForm({"nom": "La Quincaillerie", "jour": "2025-02-30"}),
        "used": (1, 2, 3),
        "now": now,
        "today": now.date(),
    }
