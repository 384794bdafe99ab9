"""Organisations, rights, people, trainings, tables: what whoever runs the network types."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from poincon.network.enums import TrainingKind
from poincon.organisations.enums import LegalForm
from poincon.organisations.models import Organisation, User
from poincon.programmes.models import Service
from poincon.territories.models import Commune
from poincon.www.base.communes import CommuneField
from poincon.www.base.forms import DayInput, HouseForm, SeveralField

KINDS = {"prescrit": "is_prescriber", "opere": "is_operator", "coordonne": "is_coordinator"}
LARGEST_FILE = 5_000_000


class ReferenceForm(HouseForm):
    """Which organisation: looked for before it is registered a second time."""

    reference = forms.CharField(
        label=_("SIRET, numéro RNA, ou nom exact"),
        help_text=_("Quatorze chiffres pour un SIRET ; W et neuf chiffres pour une association."),
        max_length=200,
    )


class OrganisationForm(HouseForm):
    """What is known of an organisation."""

    nom = forms.CharField(label=_("Nom"), help_text=_("Celui que les habitants connaissent."), max_length=200)
    fait = forms.MultipleChoiceField(
        label=_("Ce qu’elle fait"),
        choices=[
            ("prescrit", _("elle prescrit : elle remet des chéquiers")),
            ("opere", _("elle opère : elle anime des ateliers et poinçonne")),
            ("coordonne", _("elle coordonne un réseau")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    forme = forms.ChoiceField(label=_("Forme juridique"), choices=[("", _("Choisissez")), *LegalForm.choices])
    siret = forms.CharField(
        label=_("SIRET"), help_text=_("Il ne change plus une fois enregistré."), max_length=20, required=False
    )
    rna = forms.CharField(
        label=_("Numéro RNA"), help_text=_("Pour une association sans SIRET."), max_length=14, required=False
    )
    commune = CommuneField(label=_("Commune"))
    adresse = forms.CharField(label=_("Adresse"), help_text=_("Numéro et rue."), max_length=200, required=False)
    telephone = forms.CharField(label=_("Téléphone"), max_length=20, required=False)
    courriel = forms.EmailField(
        label=_("Courriel"), help_text=_("On y écrit tant que personne n’y a de compte."), required=False
    )

    def __init__(self, *args: Any, near: Commune | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Homonyms are many: the département of the network is looked at first.
        self.fields["commune"].departement = near.departement_id if near else None  # type: ignore[attr-defined]

    @property
    def kinds(self) -> dict[str, bool]:
        """The fields of an organisation that say what it does."""
        return {field: name in self.cleaned_data["fait"] for name, field in KINDS.items()}


class SiteForm(HouseForm):
    """Another address of an organisation."""

    nom = forms.CharField(label=_("Nom du site"), max_length=200)
    commune = CommuneField(label=_("Commune"))
    adresse = forms.CharField(label=_("Adresse"), max_length=200, required=False)
    siret = forms.CharField(
        label=_("SIRET de ce site"), help_text=_("S’il en a un à lui."), max_length=20, required=False
    )

    def __init__(self, *args: Any, near: Commune | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].departement = near.departement_id if near else None  # type: ignore[attr-defined]


class PeriodForm(HouseForm):
    """From when, until when. Without an end, as long as the programme lasts."""

    des_le = forms.DateField(label=_("À partir du"), widget=DayInput())
    jusqu_au = forms.DateField(
        label=_("Jusqu’au"),
        help_text=_("Laissez vide pour qu’elle dure autant que le dispositif."),
        widget=DayInput(),
        required=False,
    )


class QualifyForm(PeriodForm):
    """For which services an operator is paid, between which days."""

    services = SeveralField[Service](
        label=_("Seulement pour ces services"),
        help_text=_("Ne cochez rien pour qu’il soit payé pour tous ceux du dispositif."),
        queryset=Service.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, services: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].queryset = services  # type: ignore[attr-defined]  # of a ModelChoiceField


class SuspendForm(HouseForm):
    du = forms.DateField(label=_("Du"), widget=DayInput())
    au = forms.DateField(
        label=_("Au"), help_text=_("Laissez vide : jusqu’à ce que vous la leviez."), widget=DayInput(), required=False
    )
    motif = forms.CharField(label=_("Motif"), help_text=_("L’organisation le lira."), max_length=300)


class EndForm(HouseForm):
    """The day something ends, and why."""

    jour = forms.DateField(label=_("Jour"), widget=DayInput())
    motif = forms.CharField(label=_("Motif"), help_text=_("L’organisation le lira."), max_length=300)

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jour"].label = label
        self.fields["jour"].error_messages["required"] = _("Choisissez un jour.")


class LiftForm(HouseForm):
    jour = forms.DateField(label=_("Dernier jour de la suspension"), widget=DayInput())


class _Organisations(SeveralField[Organisation]):
    def label_from_instance(self, obj: Organisation) -> str:
        does = [str(word) for kind, word in DONE.items() if getattr(obj, kind)]
        place = f", {obj.commune.name}" if obj.commune else ""
        return f"{obj.name}{place} – {', '.join(does)}"


DONE = {"is_prescriber": _("à conventionner"), "is_operator": _("à qualifier")}


class WelcomeForm(PeriodForm):
    """Several organisations decided about at once."""

    def __init__(self, *args: Any, waiting: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"] = _Organisations(
            label=_("Organisations"),
            queryset=waiting,
            initial=waiting,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Cochez au moins une organisation.")},
        )
        self.order_fields(["organisations", "des_le", "jusqu_au"])


class _People(SeveralField[User]):
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.full_name} – {obj.email}"


class TrainingForm(HouseForm):
    """Who followed a training, together, on a day."""

    jour = forms.DateField(label=_("Suivie le"), widget=DayInput())

    def __init__(self, *args: Any, people: Any, shown: Sequence[User], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jour"].initial = today
        boxes = _People(
            label=_("Personnes présentes"),
            queryset=people,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Cochez au moins une personne.")},
        )
        # Any of them may be chosen; a page shows some.
        boxes.choices = [(one.pk, boxes.label_from_instance(one)) for one in shown]
        self.fields["personnes"] = boxes


class CloseForm(HouseForm):
    jour = forms.DateField(label=_("Fermé à partir du"), widget=DayInput())


class TableForm(HouseForm):
    fichier = forms.FileField(
        label=_("Votre tableau"),
        help_text=_("CSV ou XLSX, 2 000 lignes et 5 Mo au plus. La première ligne porte le nom des colonnes."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_fichier(self) -> Any:
        file = self.cleaned_data["fichier"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("Ce fichier est trop lourd : 5 Mo au plus. Coupez-le en plusieurs."))
        return file


TRAININGS = dict(TrainingKind.choices)
