"""The three screens that ask something before a booklet is handed over: which booklet, who, which public."""

from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from poincon.beneficiaries.enums import Gender, Situation
from poincon.beneficiaries.rules import (
    BIRTH_WRONG,
    CONTACT_MISSING,
    EARLIEST_BIRTH,
    LONGEST,
    REFUSED_AT,
    REQUIRED_AT,
    Identity,
    checked_identity,
)
from poincon.beneficiaries.services import OUTSIDE_TERRITORY, PROOF_DATE_WRONG, PROOF_MISSING, CaseChanges
from poincon.kernel.refusals import Refusal
from poincon.programmes.enums import IdentityLevel
from poincon.programmes.models import Programme, Public
from poincon.programmes.models.programme import LARGEST_BOOKLET
from poincon.programmes.queries import commune_codes
from poincon.www.base.forms import DayInput, HouseForm
from poincon.www.prescriber.forms.fields import (
    BookletNumberField,
    PersonalForm,
    PhoneField,
    ResidenceField,
    TypedDayField,
)

WHOLE, SOME = "tout", "quelques"
QUIET_INPUT = {"autocomplete": "off"}
#: What each field of the form is in the domain, in the order one asks.
PERSON_FIELDS = {
    "prenom": "first_name",
    "nom": "last_name",
    "date_naissance": "birth_date",
    "telephone": "phone",
    "courriel": "email",
    "commune": "commune",
    "annee_naissance": "birth_year",
    "genre": "gender",
    "situation": "situation",
}


class BookletForm(HouseForm):
    """Which booklet, and how much of it."""

    numero = BookletNumberField()
    quoi = forms.ChoiceField(
        label=_("Vous remettez"),
        choices=[(WHOLE, _("tout le chéquier")), (SOME, _("quelques pass seulement"))],
        widget=forms.RadioSelect,
        initial=WHOLE,
    )
    nombre = forms.IntegerField(
        label=_("Combien de pass"),
        help_text=_("Les premiers du chéquier. Les autres restent à vous : détachez-les."),
        min_value=1,
        max_value=LARGEST_BOOKLET,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short-field", "inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("quoi") == SOME and not cleaned.get("nombre") and "nombre" not in self.errors:
            self.add_error("nombre", _("Dites combien de pass vous remettez."))
        return cleaned

    @property
    def passes(self) -> int | None:
        """How many passes; None for all that are left."""
        return self.cleaned_data["nombre"] if self.cleaned_data["quoi"] == SOME else None


class PersonForm(PersonalForm):
    """Whom the booklet is for: what the programme asks of a person, no less and no more."""

    prenom = forms.CharField(label=_("Prénom"), max_length=LONGEST["first_name"], widget=forms.TextInput(QUIET_INPUT))
    nom = forms.CharField(label=_("Nom"), max_length=LONGEST["last_name"], widget=forms.TextInput(QUIET_INPUT))
    date_naissance = TypedDayField(label=_("Date de naissance"))
    telephone = PhoneField()
    courriel = forms.EmailField(label=_("Courriel"), max_length=LONGEST["email"], widget=forms.EmailInput(QUIET_INPUT))
    commune = ResidenceField(label=_("Commune où la personne habite"))
    annee_naissance = forms.IntegerField(
        label=_("Année de naissance, si elle la dit"),
        widget=forms.NumberInput(attrs={"class": "short-field", "inputmode": "numeric", **QUIET_INPUT}),
    )
    genre = forms.ChoiceField(
        label=_("Genre"), choices=Gender.choices, widget=forms.RadioSelect, initial=Gender.NOT_STATED
    )
    situation = forms.ChoiceField(label=_("Situation"), choices=Situation.choices, initial=Situation.NOT_STATED)

    def __init__(self, *args: Any, programme: Programme, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme, self.today = programme, today
        self.level = IdentityLevel(programme.identity_level)
        self._keep_what_is_asked()
        inside = commune_codes(programme.pk)
        residence = self.fields["commune"]
        residence.required = bool(inside)
        if isinstance(residence, ResidenceField):
            residence.look_inside(inside)

    def _keep_what_is_asked(self) -> None:
        # The date gives the year: it is asked once.
        refused = {*REFUSED_AT[self.level], *(["birth_year"] if self.level is IdentityLevel.IDENTIFIED else [])}
        for name, fact in PERSON_FIELDS.items():
            if fact in refused:
                del self.fields[name]
            elif fact in {"gender", "situation"}:
                self.fields[name].required = True
            else:
                self.fields[name].required = fact in REQUIRED_AT[self.level]
        if self.level is IdentityLevel.IDENTIFIED:
            self.fields["telephone"].help_text = _("Ou un courriel. Sans l’un ni l’autre : celui de son référent.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_birth(cleaned)
        self._check_residence(cleaned)
        if self.level is IdentityLevel.IDENTIFIED and not (self.errors or cleaned["telephone"] or cleaned["courriel"]):
            self.add_error("telephone", str(CONTACT_MISSING.filled()))
        if not self.errors:
            try:
                self.identity = checked_identity(self._identity(), level=self.level, today=self.today)
            except Refusal as refusal:
                self.add_error(None, str(refusal))
        return cleaned

    def _check_birth(self, cleaned: dict[str, Any]) -> None:
        day, year = cleaned.get("date_naissance"), cleaned.get("annee_naissance")
        if day and not (day.year >= EARLIEST_BIRTH and day <= self.today):
            self._refuse("date_naissance", BIRTH_WRONG, value=day.strftime("%d/%m/%Y"))
        if year is not None and not EARLIEST_BIRTH <= year <= self.today.year:
            self._refuse("annee_naissance", BIRTH_WRONG, value=year)

    def _check_residence(self, cleaned: dict[str, Any]) -> None:
        commune, residence = cleaned.get("commune"), self.fields["commune"]
        inside = residence.inside if isinstance(residence, ResidenceField) else frozenset()
        if commune and inside and commune.pk not in inside:
            self.add_error("commune", str(OUTSIDE_TERRITORY.filled(commune=commune.name)))

    def _refuse(self, name: str, refusal: Refusal, **values: object) -> None:
        self.add_error(name, str(refusal.filled(field=self.fields[name].label, **values)))

    def _identity(self) -> Identity:
        facts = self.facts()
        return Identity(**{name: facts[name] for name in Identity.__dataclass_fields__ if name in facts})

    def facts(self) -> dict[str, Any]:
        """What was answered, by the names of the domain."""
        return {fact: self.cleaned_data[name] for name, fact in PERSON_FIELDS.items() if name in self.fields}

    def changes(self) -> CaseChanges:
        """What the verbs of case files take."""
        changes: CaseChanges = {}
        changes.update(self.facts())  # type: ignore[typeddict-item]  # the keys are those of PERSON_FIELDS
        return changes


class PublicChoices(forms.RadioSelect):
    """A public in each line, those that ask for a proof marked so that its fields follow them."""

    def __init__(self, asking: set[str], **kwargs: Any) -> None:
        self.asking = asking
        super().__init__(**kwargs)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.asking:
            option["attrs"]["class"] = "asks-proof"
        return option


class PublicForm(HouseForm):
    """By which right: a public of the programme, and the proof it asks for."""

    public = forms.ChoiceField(label=_("La personne est"))
    vu = forms.BooleanField(
        label=_("J’ai vu ce justificatif"),
        help_text=_("Regardez-le, rendez-le. N’en gardez pas de copie."),
        required=False,
    )
    date_justificatif = forms.DateField(label=_("Date écrite sur le justificatif"), widget=DayInput(), required=False)

    def __init__(self, *args: Any, publics: list[Public], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.publics, self.today = {str(public.pk): public for public in publics}, today
        asking = {key for key, public in self.publics.items() if public.proof}
        chosen = self.fields["public"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.widget = PublicChoices(asking)
            chosen.choices = [(key, _public_line(public)) for key, public in self.publics.items()]
        self.asks_proof = bool(asking)
        if not asking:
            del self.fields["vu"], self.fields["date_justificatif"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        public = self.publics.get(cleaned.get("public", ""))
        if public is None or not public.proof:
            return cleaned
        if not cleaned.get("vu"):
            self.add_error("vu", str(PROOF_MISSING.filled(public=public.label, proof=public.proof)))
        day = cleaned.get("date_justificatif")
        if "date_justificatif" not in self.errors and (day is None or day > self.today):
            self.add_error("date_justificatif", str(PROOF_DATE_WRONG.filled()))
        return cleaned

    @property
    def chosen(self) -> Public:
        return self.publics[self.cleaned_data["public"]]

    def changes(self) -> CaseChanges:
        """What the verbs of case files take."""
        public = self.chosen
        if not public.proof:
            return {"public": public, "proof": "", "proof_date": None}
        return {
            "public": public,
            "proof": public.proof,
            "proof_date": self.cleaned_data["date_justificatif"],
        }


def _public_line(public: Public) -> str | SafeString:
    if not public.proof:
        return public.label
    line = '<span>{}<br><span class="quiet">{}</span></span>'
    return format_html(line, public.label, _("Justificatif : %(proof)s") % {"proof": public.proof})
