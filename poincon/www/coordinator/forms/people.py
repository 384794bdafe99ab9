"""Whom one invites, to which role, for which programmes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import PROGRAMME_ROLES, Role
from poincon.www.base.forms import HouseForm
from poincon.www.coordinator.offering import ROLES

#: For which programmes a steering role is given.
THIS_ONE, EVERY_ONE = "dispositif", "organisation"


class RoleForm(HouseForm):
    """One of the roles that may be given there, each said by what it lets one do."""

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = roles
        if len(roles) > 1:
            self.fields["role"] = forms.ChoiceField(
                label=_("Ce que pourra faire cette personne"),
                choices=[(role.value, ROLES[role]) for role in roles],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choisissez ce que pourra faire cette personne.")},
            )

    @property
    def role(self) -> Role:
        """The role chosen, once the form is valid; the only one, where there is no choice."""
        return Role(self.cleaned_data.get("role") or self.offered[0])


class InviteForm(RoleForm):
    """An address, a name, a role; ``reach``: the choices of programmes, where there are several."""

    courriel = forms.EmailField(
        label=_("Courriel"), help_text=_("L’invitation y est envoyée. C’est avec lui que la personne se connectera.")
    )
    nom = forms.CharField(label=_("Prénom et nom"), max_length=150)

    def __init__(self, *args: Any, reach: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reach:
            self.fields["portee"] = forms.ChoiceField(
                label=_("Pour quels dispositifs"), choices=list(reach), widget=forms.RadioSelect, initial=THIS_ONE
            )

    @property
    def is_everywhere(self) -> bool:
        """Whether the role is for every programme of the organisation. Only those who steer have it so."""
        return self.role in PROGRAMME_ROLES and self.cleaned_data.get("portee") == EVERY_ONE
