"""Devices, team, places and services: what the manager of a structure types."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from poincon.organisations.enums import Role
from poincon.programmes.models import Programme, Service
from poincon.www.base.forms import DayInput, HouseForm

TEAM_ROLES = (Role.MEDIATOR, Role.OPERATOR_MANAGER)


class DeviceForm(HouseForm):
    nom = forms.CharField(
        label=_("Nom de l’appareil"), help_text=_("Par exemple « Téléphone de l’accueil »."), max_length=80
    )
    #: One for each form that is opened: sent again, it adds no second device.
    demande = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)


class InvitationForm(HouseForm):
    courriel = forms.EmailField(
        label=_("Courriel"), help_text=_("L’invitation y est envoyée. C’est avec lui que la personne se connectera.")
    )
    nom = forms.CharField(label=_("Prénom et nom"), max_length=150)
    role = forms.ChoiceField(
        label=_("Ce que fera cette personne"),
        choices=[
            (Role.MEDIATOR, _("Médiateur numérique : il poinçonne")),
            (Role.OPERATOR_MANAGER, _("Responsable : il poinçonne, et gère l’équipe, les lieux et les relevés")),
        ],
        widget=forms.RadioSelect,
        initial=Role.MEDIATOR,
    )


class RoleForm(HouseForm):
    role = forms.ChoiceField(
        label=_("Son rôle"),
        choices=[(role.value, role.label) for role in TEAM_ROLES],
        widget=forms.RadioSelect,
    )


class OfferForm(HouseForm):
    """A service given at a place: its price in passes, its length."""

    dispositif = forms.ModelChoiceField(label=_("Dispositif"), queryset=Programme.objects.none())
    service = forms.ModelChoiceField(label=_("Service"), queryset=Service.objects.none())
    prix = forms.IntegerField(
        label=_("Prix, en pass"),
        help_text=_("Un pass pour un atelier de deux heures est l’usage."),
        min_value=1,
        max_value=60,
        initial=1,
    )
    minutes = forms.IntegerField(
        label=_("Durée, en minutes"), help_text=_("Par exemple 120 pour deux heures."), min_value=5, max_value=600
    )
    des_le = forms.DateField(label=_("À partir du"), widget=DayInput())

    def __init__(self, *args: Any, programmes: Any, services: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dispositif"].queryset = programmes  # type: ignore[attr-defined]  # of a ModelChoiceField
        self.fields["service"].queryset = services  # type: ignore[attr-defined]  # of a ModelChoiceField
        self.initial.setdefault("des_le", today)
        self.initial.setdefault("minutes", 120)


class PriceForm(HouseForm):
    """A new price or length for a service already given there: the one before stands until the eve."""

    prix = forms.IntegerField(label=_("Prix, en pass"), min_value=1, max_value=60)
    minutes = forms.IntegerField(label=_("Durée, en minutes"), min_value=5, max_value=600)
    des_le = forms.DateField(
        label=_("À partir du"), help_text=_("Le prix d’avant vaut jusqu’à la veille."), widget=DayInput()
    )


class LastDayForm(HouseForm):
    jour = forms.DateField(label=_("À partir du"), widget=DayInput())


class AccountForm(HouseForm):
    """Where the structure is paid, as its bank wrote it."""

    titulaire = forms.CharField(label=_("Titulaire"), help_text=_("Tel qu’il figure sur le RIB."), max_length=70)
    iban = forms.CharField(label=_("IBAN"), help_text=_("Il commence par FR."), max_length=50)
    bic = forms.CharField(
        label=_("BIC"), help_text=_("Laissez vide : il se déduit d’un IBAN français."), max_length=20, required=False
    )
