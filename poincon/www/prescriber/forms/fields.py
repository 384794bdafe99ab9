"""Fields that several forms of a prescriber share: the number of a booklet, a date typed, a place of residence."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from poincon.beneficiaries.rules import NIR_FOUND, contains_nir
from poincon.kernel.refusals import Refusal
from poincon.organisations.rules import normalise_phone
from poincon.passes import codes
from poincon.territories.models import Commune
from poincon.www.base.booklets import number_fault
from poincon.www.base.communes import CommuneField, find_commune, only_departement
from poincon.www.base.forms import HouseForm


class BookletNumberField(forms.CharField):
    """The number of a booklet, typed or scanned; cleans to the number as it is printed.

    A mistake is said kindly: how many characters are missing, or that one of them is wrong.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Numéro du chéquier"))
        kwargs.setdefault("help_text", _("Douze signes, écrits sur la couverture. Exemple : 4829 1570 363Q"))
        kwargs.setdefault("max_length", codes.LONGEST_URL)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={
                    "class": "number-field",
                    "autocomplete": "off",
                    "autocapitalize": "characters",
                    "spellcheck": "false",
                }
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            code = codes.read(text)
        except (codes.WrongCheckCharacterError, codes.UnreadableCodeError):
            raise ValidationError(number_fault(text), code="unreadable") from None
        return codes.written(code.payload.number if isinstance(code, codes.SignedCode) else code.number)


class TypedDayField(forms.DateField):
    """A day typed as it is said, « 3/7/1957 »: nobody scrolls a calendar back to the year of her birth."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Jour, mois, année. Exemple : 03/07/1957"))
        kwargs.setdefault("input_formats", ["%d/%m/%Y", "%d %m %Y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"])
        kwargs.setdefault(
            "widget", forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off", "class": "short-field"})
        )
        kwargs.setdefault("error_messages", {"invalid": _("Écrivez le jour, le mois et l’année : 03/07/1957.")})
        super().__init__(**kwargs)


class PhoneField(forms.CharField):
    """A person's telephone number, in its one spelling."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Téléphone"))
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return normalise_phone(text)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None


class ResidenceField(CommuneField):
    """The commune where a person lives: those of the programme are understood, and proposed, first."""

    def __init__(self, *, inside: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.look_inside(inside)

    def look_inside(self, inside: frozenset[str]) -> None:
        """Take these communes (INSEE codes) for those of the programme."""
        self.inside, self.departement = inside, only_departement(inside)

    def clean(self, value: Any) -> Commune | None:
        text = forms.CharField.clean(self, value)
        found = find_commune(text, departement=self.departement) if text and self.inside else None
        if isinstance(found, list):
            here = [one for one in found if one.code in self.inside]
            if len(here) == 1:
                return Commune.objects.get(pk=here[0].code)
        return super().clean(value)


class PersonalForm(HouseForm):
    """A form about a person: a social security number is refused in whichever field it is typed."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, field in self.fields.items():
            typed = self.data.get(self.add_prefix(name), "")
            if contains_nir(str(typed)):
                self.errors.pop(name, None)
                self.add_error(name, str(NIR_FOUND.filled(field=field.label)))
        return cleaned
