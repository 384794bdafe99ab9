"""The steps that prepare a programme: each reads what was typed, checks it, gives its part of the specification."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.refusals import Text
from poincon.organisations.models import Organisation
from poincon.programmes.described import reference
from poincon.programmes.spec import LocalServiceSpec, PublicSpec
from poincon.www.base.forms import DayInput, HouseForm
from poincon.www.funder.fundings_forms import FundingForm, checked_shares, funders, funding_specs
from poincon.www.funder.programmes_publics import PublicForm, arguments, code_of
from poincon.www.funder.programmes_sections import (
    CEILINGS,
    FIELD,
    PASS,
    PEOPLE,
    WITHOUT,
    FieldForm,
    NewPassForm,
    PeopleForm,
)
from poincon.www.funder.programmes_services import ALL, LocalServiceForm, ServicesForm, local_code
from poincon.www.funder.rows import Row, Rows, is_arranging, posted, rows_of, typed_rows

ZONES = [
    ("Europe/Paris", _("France métropolitaine")),
    ("America/Guadeloupe", _("Guadeloupe")),
    ("America/Martinique", _("Martinique")),
    ("America/Cayenne", _("Guyane")),
    ("Indian/Reunion", _("La Réunion")),
    ("Indian/Mayotte", _("Mayotte")),
    ("America/Miquelon", _("Saint-Pierre-et-Miquelon")),
    ("Pacific/Noumea", _("Nouvelle-Calédonie")),
    ("Pacific/Tahiti", _("Polynésie française")),
    ("Pacific/Wallis", _("Wallis-et-Futuna")),
]


class IdentityForm(HouseForm):
    nom = forms.CharField(
        label=_("Nom du dispositif"), help_text=_("Celui que liront les habitants, sur leur chéquier."), max_length=80
    )
    code = forms.CharField(
        label=_("Nom court"),
        help_text=_("Il commence le numéro de chaque relevé, par exemple « creuse-2026 ». Vide : tiré du nom."),
        max_length=40,
        required=False,
    )
    debut = forms.DateField(label=_("Début"), help_text=_("Premier jour où un pass peut servir."), widget=DayInput())
    fin = forms.DateField(
        label=_("Fin"), help_text=_("Elle se repousse ensuite, jamais ne s’avance."), widget=DayInput()
    )
    fuseau = forms.ChoiceField(label=_("Où le jour change"), choices=ZONES, initial="Europe/Paris")
    reseau = forms.ModelChoiceField(
        label=_("Tête de réseau"),
        help_text=_("L’organisation qui recrute, qualifie, forme et livre pour vous. Elle se choisit aussi plus tard."),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Personne pour l’instant"),
    )
    referent = forms.CharField(
        label=_("Qui appeler"),
        help_text=_("Une personne ou un service, imprimé sur le courrier."),
        max_length=60,
        required=False,
    )
    telephone = forms.CharField(label=_("Téléphone du dispositif"), max_length=20, required=False)
    courriel = forms.EmailField(label=_("Courriel du dispositif"), max_length=254, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coordinators = Organisation.objects.filter(is_coordinator=True).order_by(Alphabetical("name"), "pk")
        self.fields["reseau"].queryset = coordinators  # type: ignore[attr-defined]  # a choice of models
        self.fields["fuseau"].choices = ZONES  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("debut"), cleaned.get("fin")
        if first and last and last < first:
            self.add_error("fin", _("La fin précède le début."))
        cleaned["code"] = slugify(cleaned.get("code") or cleaned.get("nom", ""))[:40].strip("-_")
        return cleaned


class PeopleStepForm(PeopleForm, FieldForm):
    """What is asked of people, then what happens in the places."""

    field_order = [*PeopleForm.base_fields, *FieldForm.base_fields]


@dataclass(frozen=True)
class RowsOf:
    """The rows of a step."""

    form: type[HouseForm]
    prefix: str
    label: Text
    add: Text
    options: Callable[[], Mapping[str, Any]] = dict
    check: Callable[[Rows], bool] = lambda rows: bool(rows.is_valid())


@dataclass(frozen=True)
class Step:
    """One page of the preparation. ``gives``: what was typed → fields of the specification."""

    key: str
    title: Text
    why: Text
    gives: Callable[["Typed"], dict[str, Any]]
    form: type[HouseForm] | None = None
    rows: RowsOf | None = None


@dataclass(frozen=True)
class Typed:
    """What was typed on a step, read and right; ``code``: the one of the programme."""

    fields: dict[str, Any]
    rows: list[Row]
    code: str


@dataclass
class Filled:
    """A step with what was typed in it."""

    step: Step
    form: HouseForm | None
    rows: Rows | None

    def is_valid(self) -> bool:
        valid = self.form is None or self.form.is_valid()
        if self.rows is not None and self.step.rows is not None:
            valid = self.step.rows.check(self.rows) and valid
        return valid

    def values(self, code: str) -> dict[str, Any]:
        """What this step gives the specification; it is valid."""
        cleaned = self.form.cleaned_data if self.form else {}
        return self.step.gives(Typed(cleaned, self.rows.cleaned_rows if self.rows else [], code))


def filled(step: Step, sent: QueryDict | None, answers: dict[str, Any]) -> Filled:
    """A step as it is shown: what was just sent, else what the draft kept."""
    kept = answers.get(step.key, {})
    adding = is_arranging(sent)
    form = rows = None
    if step.form is not None:
        shown = kept.get("fields", {}) if not adding else typed_fields(step, sent)
        form = step.form(None if adding else sent, initial=shown)
    if step.rows is not None:
        one = step.rows
        rows = rows_of(one.form, one.prefix, sent, kept=kept.get("rows", []), options=one.options())
    return Filled(step, form, rows)


def refilled(step: Step, answers: dict[str, Any]) -> Filled:
    """A step as if what the draft kept had just been sent: to check it again."""
    kept = answers.get(step.key, {})
    form = rows = None
    if step.form is not None:
        form = step.form(_query(kept.get("fields", {})))
    if step.rows is not None:
        one = step.rows
        sent = _query(posted(one.prefix, kept.get("rows", [])))
        rows = rows_of(one.form, one.prefix, sent, kept=[], options=one.options())
    return Filled(step, form, rows)


def typed_answers(step: Step, sent: QueryDict) -> dict[str, Any]:
    """What a draft keeps of what was sent, right or wrong."""
    kept: dict[str, Any] = {"seen": True}
    if step.form is not None:
        kept["fields"] = typed_fields(step, sent)
    if step.rows is not None:
        kept["rows"] = typed_rows(step.rows.form, step.rows.prefix, sent)
    return kept


def typed_fields(step: Step, sent: QueryDict | None) -> dict[str, Any]:
    """Each field of the form of a step, as it was sent."""
    if step.form is None or sent is None:
        return {}
    found: dict[str, Any] = {}
    for name, field in step.form().fields.items():
        several = isinstance(field, forms.MultipleChoiceField)
        found[name] = sent.getlist(name) if several else sent.get(name, "")
    return found


def _query(values: Mapping[str, Any]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query.setlist(name, list(value) if isinstance(value, list) else [str(value)])
    return query


# --- what each step gives the specification ---------------------------------------------------------------------------


def _identity(typed: Typed) -> dict[str, Any]:
    lead = typed.fields["reseau"]
    return {
        "name": typed.fields["nom"],
        "code": typed.fields["code"],
        "starts_on": typed.fields["debut"],
        "ends_on": typed.fields["fin"],
        "time_zone": typed.fields["fuseau"],
        "lead_network": reference(lead) if lead else "",
        "referent": typed.fields["referent"],
        "phone": typed.fields["telephone"],
        "email": typed.fields["courriel"],
    }


def _publics(typed: Typed) -> dict[str, Any]:
    taken: set[str] = set()
    publics = []
    for row in typed.rows:
        values = arguments(row)
        own = code_of(values["label"], taken)
        taken.add(own)
        publics.append(PublicSpec(own, **values))
    return {"publics": tuple(publics)}


def _fundings(typed: Typed) -> dict[str, Any]:
    return {"fundings": tuple(funding_specs(typed.rows))}


def _pass(typed: Typed) -> dict[str, Any]:
    if typed.fields["avec"] == WITHOUT:
        return {"uses_passes": False, "unit_value": 0, "unit_minutes": 0, "booklet_sizes": ()}
    values = PASS.values(typed.fields)
    return {"uses_passes": True, **values, "booklet_sizes": tuple(values["booklet_sizes"])}


def _ceilings(typed: Typed) -> dict[str, Any]:
    return CEILINGS.values(typed.fields)


def _services(typed: Typed) -> dict[str, Any]:
    taken: set[str] = set()
    local = []
    for row in typed.rows:
        own = local_code(typed.code, row["libelle"], taken)
        taken.add(own)
        local.append(LocalServiceSpec(own, row["libelle"].strip(), row["rattache"]))
    chosen = None if typed.fields["admis"] == ALL else tuple(typed.fields["services"])
    return {"services": chosen, "local_services": tuple(local)}


def _people(typed: Typed) -> dict[str, Any]:
    return PEOPLE.values(typed.fields) | FIELD.values(typed.fields)


IDENTITY = Step(
    "identite",
    _("Identité"),
    _("Le nom et le téléphone s’impriment sur chaque chéquier. Les dates disent quand un pass peut servir."),
    _identity,
    IdentityForm,
)
TERRITORY = Step(
    "territoire",
    _("Territoire"),
    _("Un pass ne se poinçonne que dans un lieu de ces communes. Plusieurs territoires se comparent côte à côte."),
    lambda _typed: {},
)
PUBLICS = Step(
    "publics",
    _("Publics"),
    _("Le prescripteur en choisit un à chaque remise, et demande le justificatif que vous indiquez."),
    _publics,
    rows=RowsOf(PublicForm, "publics", _("Public"), _("Ajouter un public")),
)
FUNDINGS = Step(
    "financements",
    _("Financeurs"),
    _("Chaque relevé se partage ainsi entre les financeurs, au centime. Les parts font 100 %. Sans argent, passez."),
    _fundings,
    rows=RowsOf(
        FundingForm,
        "parts",
        _("Financeur"),
        _("Ajouter un financeur"),
        lambda: {"choices": funders()},
        checked_shares,
    ),
)
PASSES = Step(
    "pass",
    _("Le pass"),
    _("Ce que reçoit l’opérateur, ce que reçoit la personne, et combien de temps cela vaut."),
    _pass,
    NewPassForm,
)
LIMITS = Step("plafonds", _("Plafonds"), CEILINGS.why, _ceilings, CEILINGS.form)
SERVICES = Step(
    "services",
    _("Services"),
    _("Les opérateurs ne publient, et ne sont payés, que pour les services admis."),
    _services,
    ServicesForm,
    RowsOf(LocalServiceForm, "locaux", _("Service local"), _("Ajouter un service local")),
)
PEOPLE_AND_FIELD = Step(
    "personnes",
    _("Personnes et terrain"),
    _("Ce qu’on demande aux personnes, les formations exigées, et jusqu’où l’on travaille sans réseau."),
    _people,
    PeopleStepForm,
)
CHECK = Step("verifier", _("Vérifier"), "", lambda _typed: {})
STEPS = (IDENTITY, TERRITORY, PUBLICS, FUNDINGS, PASSES, LIMITS, SERVICES, PEOPLE_AND_FIELD, CHECK)


def step_named(key: str) -> Step | None:
    return next((step for step in STEPS if step.key == key), None)


def after(step: Step) -> Step:
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]
