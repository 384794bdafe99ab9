"""Where the person is, and what she wants to learn."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from poincon.kernel.alphabet import Alphabetical
from poincon.programmes.models import Programme, Service
from poincon.programmes.queries import allowed_service_codes
from poincon.www.base.communes import CommuneField
from poincon.www.base.forms import HouseForm


class ServiceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django gives it no type argument when it runs
    """A service, by its name."""

    def label_from_instance(self, obj: Service) -> str:
        return obj.label


class PlaceForm(HouseForm):
    """A town, and a service if one is wanted. Sent by GET: a search can be kept and sent."""

    commune = CommuneField(label=_("Près de quelle commune"))
    service = ServiceChoice(
        label=_("Pour apprendre quoi"),
        queryset=Service.objects.none(),
        empty_label=_("tout"),
        required=False,
        to_field_name="code",
    )

    def __init__(self, *args: Any, programme: Programme | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["service"]
        if programme is not None and isinstance(chosen, forms.ModelChoiceField):
            offered = Service.objects.filter(
                code__in=allowed_service_codes(programme), offers__programme=programme, offers__ended_on=None
            )
            chosen.queryset = offered.distinct().order_by(Alphabetical("label"), "pk")
