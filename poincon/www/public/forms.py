from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from poincon.passes.codes import LONGEST_URL
from poincon.programmes.models import Service
from poincon.www.base.communes import CommuneField


class NumberForm(forms.Form):
    """The number written on a booklet, as people type it: with or without spaces, dashes, capitals."""

    numero = forms.CharField(
        label=_("Numéro de votre chéquier"),
        help_text=_("Il est écrit sous le carré noir et blanc. Exemple : 4829 1570 364K"),
        max_length=LONGEST_URL,
        widget=forms.TextInput(
            attrs={
                "class": "number-field",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={
            "required": _("Tapez le numéro de votre chéquier."),
            "max_length": _("Ce numéro est trop long. Il compte douze signes."),
        },
    )


class TownForm(forms.Form):
    """Where somebody lives, to show what is near."""

    ville = CommuneField(
        label=_("Votre ville ou village"),
        help_text=_("Son nom, ou le code postal et le nom."),
        required=False,
        error_messages={
            "unknown": _("Nous ne trouvons pas cette ville. Vérifiez son nom."),
            "several": _("Plusieurs villes répondent : %(choices)s. Tapez le code postal et le nom."),
            "max_length": _("Ce nom est trop long."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "address-level2", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, departement: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Homonyms are many: the département of the scheme is looked at first.
        self.fields["ville"].departement = departement  # type: ignore[attr-defined]  # of a CommuneField


class PlaceForm(TownForm):
    """What somebody looks for: near where, to learn what."""

    service = forms.ModelChoiceField(
        label=_("Pour apprendre quoi ?"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_("Tout"),
        error_messages={"invalid_choice": _("Choisissez dans la liste.")},
    )

    def __init__(self, *args: Any, services: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]  # of a ModelChoiceField
