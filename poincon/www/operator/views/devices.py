"""The devices that punch for the structure: added, with a token shown once; withdrawn when lost."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from poincon.organisations.models import Device
from poincon.organisations.permissions import ENROL_DEVICE, REVOKE_DEVICE
from poincon.organisations.services import enrol_device, revoke_device
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.operator.desk import desk_of, require_reach
from poincon.www.operator.forms.managing import DeviceForm
from poincon.www.operator.lists import DEVICES, devices_heard


@require_safe
def devices(request: HttpRequest) -> HttpResponseBase:
    """The devices of the structure; none for a role that names one programme."""
    desk = desk_of(request)
    rows = devices_heard(Device.objects.filter(operator=desk.operator))
    reachable = rows if desk.may(ENROL_DEVICE) else rows.none()
    return DEVICES.answer(request, reachable, "operator/devices.html", {"may_enrol": desk.may(ENROL_DEVICE)})


#: The last forms sent from this session, by their identifier.
SENT, REMEMBERED = "device_forms", 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Name a device; its token is shown on the answer, and never again: reloading that page adds nothing."""
    desk = desk_of(request)
    form = DeviceForm(typed(request))
    if request.method == "POST" and form.is_valid():
        sent, this = request.session.get(SENT, []), str(form.cleaned_data["demande"] or "")
        if this in sent:
            return _already_added(request, form.cleaned_data["nom"])
        with refusals_in(form):
            device, token = enrol_device(by=desk.actor, operator=desk.operator, label=form.cleaned_data["nom"])
            request.session[SENT] = [*sent, this][-REMEMBERED:] if this else sent
            return render(request, "operator/device_token.html", {"device": device, "token": token})
    context = {"form": form, "submit": _("Ajouter cet appareil"), "cancel_url": reverse("operator:devices")}
    return render(request, "operator/device_form.html", context)


def _already_added(request: HttpRequest, label: str) -> HttpResponse:
    said = _("« %(device)s » est déjà ajouté. Son jeton ne s’affiche plus : s’il est perdu, retirez l’appareil.")
    messages.info(request, said % {"device": label})
    return redirect("operator:devices")


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, device_id: int) -> HttpResponse:
    """Withdraw a device: lost, sold, or of somebody who left."""
    device = get_object_or_404(Device.objects.select_related("enrolled_by"), pk=device_id)
    require_reach(request, REVOKE_DEVICE, organisation_id=device.operator_id)
    if request.method == "POST":
        revoke_device(by=actor_of(request), device=device)
        messages.success(request, _("« %(device)s » est retiré : il ne poinçonne plus.") % {"device": device.label})
        return redirect("operator:devices")
    context = {"device": device, "verb": _("Retirer cet appareil"), "cancel_url": reverse("operator:devices")}
    return render(request, "operator/device_revoke.html", context | {"danger": True, "form": None})
