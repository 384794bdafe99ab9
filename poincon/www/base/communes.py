"""A commune as people write it: « Guéret », « 23000 Guéret », « 23000 »: understood, or asked again."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from poincon.territories.models import Commune
from poincon.territories.queries import CommuneResult, resolve_commune, search_communes
from poincon.territories.rules import normalise_name

#: Beyond, a list of choices helps nobody: more letters do.
MOST_CHOICES = 6
LONGEST = 100


class CommuneField(forms.CharField):
    """A field that cleans to a ``Commune``, or to None when it is empty and may be.

    What fits several communes is refused with their names: nobody is sent to the wrong end of the country.
    ``departement`` (INSEE code) says where to look first.
    """

    default_error_messages = {
        "unknown": _("Aucune commune ne s’appelle ainsi. Tapez son nom, ou son code postal."),
        "several": _("Plusieurs communes répondent : %(choices)s. Tapez le code postal et le nom."),
    }

    def __init__(self, *, departement: str | None = None, **kwargs: Any) -> None:
        self.departement = departement
        kwargs.setdefault("max_length", LONGEST)
        kwargs.setdefault("help_text", _("Son nom, ou son code postal et son nom."))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Commune | None:
        text = super().clean(value)
        if not text:
            return None
        found = find_commune(text, departement=self.departement)
        if isinstance(found, Commune):
            return found
        if not found:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        choices = ", ".join(commune_label(one) for one in found)
        raise ValidationError(self.error_messages["several"], code="several", params={"choices": choices})

    def prepare_value(self, value: Any) -> Any:
        return commune_written(value) if isinstance(value, Commune) else value


def find_commune(text: str, *, departement: str | None = None) -> Commune | list[CommuneResult]:
    """The commune that ``text`` means; or those it may mean, nearest to what was typed first, none when unknown."""
    here = search_communes(text, departement=departement, limit=MOST_CHOICES) if departement else []
    found = here or search_communes(text, limit=MOST_CHOICES)
    chosen = found if len(found) == 1 else _named_so(found, text)
    return (resolve_commune(chosen[0].code) or found) if len(chosen) == 1 else found


def only_departement(communes: Collection[str]) -> str | None:
    """The one département of these communes, with which their INSEE codes begin; None when they are of several."""
    found = {code[:3] if code.startswith("97") else code[:2] for code in communes}
    return found.pop() if len(found) == 1 else None


def _named_so(found: list[CommuneResult], text: str) -> list[CommuneResult]:
    """Those whose whole name was typed, with or without their postal code."""
    typed = normalise_name(text)
    return [one for one in found if typed in _names(one)]


def _names(one: CommuneResult) -> set[str]:
    names = [normalise_name(name) for name in (one.name, one.via) if name]
    return {f"{before} {name}".strip() for name in names for before in ("", *one.postal_codes)}


def commune_label(one: CommuneResult) -> str:
    """« 23000 Guéret », or « Paris (75) » for a commune of many postal codes."""
    if len(one.postal_codes) == 1:
        return f"{one.postal_codes[0]} {one.name}"
    return f"{one.name} ({one.departement_code})"


def commune_written(commune: Commune) -> str:
    """The commune as this field understands it again."""
    codes = sorted(postal.code for postal in commune.postal_codes.all())
    return f"{codes[0]} {commune.name}" if codes else f"{commune.name} ({commune.departement_id})"
