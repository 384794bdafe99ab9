from django import forms
from django.utils.translation import gettext_lazy as _

from poincon.passes.codes import LONGEST_URL


class NumberForm(forms.Form):
    """The number written on a booklet, as people type it: with or without spaces, dashes, capitals."""

    numero = forms.CharField(
        label=_("Numéro de votre chéquier"),
        help_text=_("Il est écrit sous le carré noir et blanc. Exemple : 4829 1570 364K"),
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
