"""The sections of the rules of a programme: a form each, the same to create a programme and to change it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Text
from poincon.programmes.enums import IdentityLevel
from poincon.programmes.models.programme import LARGEST_BOOKLET
from poincon.www.base.forms import DayInput, HouseForm
from poincon.www.funder.fields import EurosField, PercentField, written_hundredths
from poincon.www.funder.programmes_words import about_ceilings, about_field, about_passes, about_people

WITH, WITHOUT = "avec", "sans"


class SizesField(forms.CharField):
    """« 5, 10 »: cleaned to a list of numbers."""

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        sizes = [int(one) for one in re.findall(r"\d{1,3}", text)]
        if text and (not sizes or re.search(r"[^\d\s,;etou]", text) or re.search(r"\d{4}", text)):
            raise ValidationError(_("Écrivez des nombres séparés par des virgules, par exemple 5, 10."))
        if any(not 1 <= size <= LARGEST_BOOKLET for size in sizes):
            raise ValidationError(_("Un chéquier compte de 1 à %(most)d pass.") % {"most": LARGEST_BOOKLET})
        return sorted(set(sizes))


class PassForm(HouseForm):
    """What a pass is worth and how long. Whether there are passes at all is settled once, at creation."""

    valeur = EurosField(
        label=_("Valeur d’un pass, en euros"),
        help_text=_("Ce que l’opérateur reçoit pour un pass. Zéro si le pass n’ouvre qu’un droit à du temps."),
        highest=100_000,
    )
    minutes = forms.IntegerField(
        label=_("Durée qu’il ouvre, en minutes"),
        help_text=_("Par exemple 120 pour un atelier de deux heures. Zéro si la durée ne compte pas."),
        min_value=0,
        max_value=1440,
    )
    tailles = SizesField(
        label=_("Pass par chéquier"),
        help_text=_("Une ou plusieurs tailles, par exemple 5, 10."),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    validite = forms.IntegerField(
        label=_("Validité, en mois"), help_text=_("À partir de la commande du lot."), min_value=1, max_value=120
    )
    tolerance = forms.IntegerField(
        label=_("Tolérance, en jours"),
        help_text=_("Un pass reste accepté ces jours-là après la fin de sa validité."),
        min_value=0,
        max_value=365,
    )
    couverture = PercentField(
        label=_("Couverture exigée, en %"),
        help_text=_("100 : chaque pass actif a tout son argent derrière lui. Moins, c’est accepter un risque."),
        highest=20_000,
    )


class NewPassForm(PassForm):
    avec = forms.ChoiceField(
        label=_("Le dispositif"),
        choices=[
            (WITH, _("remet des pass, dans des chéquiers")),
            (WITHOUT, _("n’a pas de pass : des séances gratuites que l’on compte")),
        ],
        widget=forms.RadioSelect,
        initial=WITH,
    )

    field_order = ["avec"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get("avec") == WITHOUT:
            # Nothing of a pass is asked where there is none.
            for name in PassForm.base_fields:
                self.fields[name].required = False


class CeilingsForm(HouseForm):
    par_seance = forms.IntegerField(
        label=_("Pass au plus par séance"),
        help_text=_("Laissez vide pour s’en tenir au prix publié par le lieu."),
        min_value=1,
        max_value=1000,
        required=False,
    )
    par_jour = forms.IntegerField(
        label=_("Pass au plus par personne et par jour"),
        help_text=_("Laissez vide s’il n’y a pas de plafond."),
        min_value=1,
        max_value=1000,
        required=False,
    )
    par_personne = forms.IntegerField(
        label=_("Pass au plus par personne, en tout"),
        help_text=_("Laissez vide s’il n’y a pas de plafond."),
        min_value=1,
        max_value=10_000,
        required=False,
    )


class PeopleForm(HouseForm):
    identite = forms.ChoiceField(
        label=_("Ce qu’on demande à une personne"),
        help_text=_(
            "Demandez le moins possible : chaque question éloigne quelqu’un. Le Fonds social européen exige tout."
        ),
        choices=IdentityLevel.choices,
        widget=forms.RadioSelect,
    )
    preuves = forms.DateField(
        label=_("Garder les preuves jusqu’au"),
        help_text=_("La plus lointaine des dates demandées par vos financeurs. Vide si aucun n’en demande."),
        widget=DayInput(),
        required=False,
    )


class FieldForm(HouseForm):
    """What happens in the places."""

    formation_prescripteurs = forms.BooleanField(
        label=_("Former les prescripteurs avant leur première remise"), required=False
    )
    formation_mediateurs = forms.BooleanField(
        label=_("Former les médiateurs avant leur premier poinçon"), required=False
    )
    usage_direct = forms.BooleanField(
        label=_("Usage direct : un lieu qui prescrit poinçonne un chéquier de son stock"),
        help_text=_("Seulement si les personnes restent anonymes : ce geste ne dit pas à qui le pass est remis."),
        required=False,
    )
    hors_ligne_jours = forms.IntegerField(
        label=_("Jours sans réseau"),
        help_text=_("Un appareil garde ses poinçons ce temps-là au plus avant de les envoyer."),
        min_value=0,
        max_value=90,
    )
    hors_ligne_pass = forms.IntegerField(
        label=_("Pass en attente par appareil"),
        help_text=_("Au-delà, l’appareil demande du réseau : cela limite ce qu’un appareil volé peut faire."),
        min_value=0,
        max_value=10_000,
    )


@dataclass(frozen=True)
class Section:
    """``names``: field of the form → field of the programme. ``why`` explains the rule to who sets it."""

    key: str
    title: Text
    why: Text
    form: type[HouseForm]
    names: dict[str, str]
    said: Callable[..., Iterator[str]]

    def initial(self, rules: Any) -> dict[str, Any]:
        """What the form shows of a programme, or of a specification."""
        return {field: _shown(getattr(rules, name)) for field, name in self.names.items()}

    def values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What the verbs take of the form."""
        return {name: cleaned[field] for field, name in self.names.items() if field in cleaned}


def _shown(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


PASS = Section(
    "pass",
    _("Le pass"),
    _("Chaque lot garde la valeur du jour de sa commande : un changement ne touche que les lots à venir."),
    PassForm,
    {
        "valeur": "unit_value",
        "minutes": "unit_minutes",
        "tailles": "booklet_sizes",
        "validite": "validity_months",
        "tolerance": "grace_days",
        "couverture": "required_cover_bp",
    },
    about_passes,
)
CEILINGS = Section(
    "plafonds",
    _("Les plafonds"),
    _("Un plafond trop bas gêne les médiateurs, un plafond trop haut laisse vider un chéquier en une fois."),
    CeilingsForm,
    {
        "par_seance": "max_passes_per_session",
        "par_jour": "max_passes_per_day",
        "par_personne": "max_passes_per_person",
    },
    about_ceilings,
)
PEOPLE = Section(
    "personnes",
    _("Les personnes"),
    _("Ce niveau vaut pour tous les prescripteurs : il décide des questions posées à chaque remise."),
    PeopleForm,
    {"identite": "identity_level", "preuves": "evidence_until"},
    about_people,
)
FIELD = Section(
    "terrain",
    _("Sur le terrain"),
    _("Sans réseau, dans un bus ou une salle des fêtes, un médiateur doit pouvoir travailler : voici jusqu’où."),
    FieldForm,
    {
        "formation_prescripteurs": "prescriber_training_required",
        "formation_mediateurs": "mediator_training_required",
        "usage_direct": "direct_use",
        "hors_ligne_jours": "offline_max_days",
        "hors_ligne_pass": "offline_max_passes",
    },
    about_field,
)
SECTIONS = {section.key: section for section in (PASS, CEILINGS, PEOPLE, FIELD)}
#: Field of the programme → field of a form, to put a fault of the domain where it was typed.
FORM_FIELDS = {name: field for section in SECTIONS.values() for field, name in section.names.items()}
HUNDREDTHS = {"valeur", "couverture"}


def typed_value(field: str, value: Any) -> Any:
    """An initial value as a browser would send it."""
    if value is None or value is False:
        return ""
    if field in HUNDREDTHS and isinstance(value, int):
        return written_hundredths(value)
    return value.isoformat() if hasattr(value, "isoformat") else ("on" if value is True else str(value))
