"""The places of the structure and what is done there: opened, corrected, closed; services published and withdrawn."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.documents.french import short_day
from poincon.mediation.models import ServiceOffer, Venue
from poincon.mediation.permissions import MANAGE_OFFERS, MANAGE_VENUES
from poincon.mediation.queries import not_over
from poincon.mediation.services import (
    close_venue,
    end_offer,
    offer_service,
    open_venue,
    reopen_venue,
    update_venue,
)
from poincon.programmes.models import Programme, Service
from poincon.programmes.queries import allowed_service_codes
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.base.venues import VenueForm, typed_for, with_services
from poincon.www.operator.desk import Desk, desk_of, require_reach
from poincon.www.operator.forms.managing import LastDayForm, OfferForm, PriceForm
from poincon.www.operator.lists import VENUES

CHANGES = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def venues(request: HttpRequest) -> HttpResponseBase:
    """The places of the structure, open ones first, with how many services stand today at each."""
    desk = desk_of(request)
    may_open = desk.may(MANAGE_VENUES)
    own = Venue.objects.filter(operator=desk.operator) if may_open else Venue.objects.none()
    closed = Q(closed_on__isnull=False, closed_on__lte=timezone.localdate())
    rows = with_services(own.select_related("commune")).annotate(is_closed=closed)
    return VENUES.answer(request, rows, "operator/venues.html", {"desk": desk, "may_open": may_open})


@CHANGES
def new_venue(request: HttpRequest) -> HttpResponse:
    """Open a place."""
    desk = desk_of(request)
    form = VenueForm(typed(request), near=desk.operator.commune)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            venue = open_venue(by=desk.actor, operator=desk.operator, **form.fields_of_venue)
            messages.success(
                request, _("« %(venue)s » est ouvert. Dites maintenant ce qu’on y fait.") % {"venue": venue}
            )
            return redirect("operator:venue", venue.pk)
    context = {"form": form, "submit": _("Ouvrir ce lieu"), "cancel_url": reverse("operator:venues"), "venue": None}
    return render(request, "operator/venue_form.html", context)


@CHANGES
def edit_venue(request: HttpRequest, venue_id: int) -> HttpResponse:
    """Correct or move a place."""
    venue = _reached(request, venue_id)
    form = VenueForm(typed(request), initial=typed_for(venue), near=venue.commune)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            update_venue(by=actor_of(request), venue=venue, **form.changes_of(venue))
            messages.success(request, _("Le lieu est à jour."))
            return redirect("operator:venue", venue.pk)
    context = {"form": form, "submit": _("Enregistrer"), "venue": venue}
    return render(
        request, "operator/venue_form.html", context | {"cancel_url": reverse("operator:venue", args=[venue.pk])}
    )


@require_safe
def venue(request: HttpRequest, venue_id: int) -> HttpResponse:
    """One place: where it is, what is done there, for how many passes."""
    found, today = _reached(request, venue_id), timezone.localdate()
    offers = found.offers.filter(not_over(today)).select_related("programme", "service")
    context = {
        "venue": found,
        "today": today,
        "offers": list(offers.order_by("-programme__starts_on", Alphabetical("service__label"), "starts_on", "pk")),
        "is_closed": found.closed_on is not None,
    }
    return render(request, "operator/venue.html", context)


@CHANGES
def close(request: HttpRequest, venue_id: int) -> HttpResponse:
    """Close a place from a day on, its services with it."""
    found, today = _reached(request, venue_id), timezone.localdate()
    form = LastDayForm(typed(request), initial={"jour": today})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "jour"):
            closed = close_venue(by=actor_of(request), venue=found, on=form.cleaned_data["jour"])
            day = short_day(closed.closed_on or today)
            messages.success(request, _("« %(venue)s » ferme le %(day)s.") % {"venue": closed, "day": day})
            return redirect("operator:venue", found.pk)
    context = {"venue": found, "form": form, "verb": _("Fermer ce lieu"), "danger": True}
    return render(
        request, "operator/venue_close.html", context | {"cancel_url": reverse("operator:venue", args=[found.pk])}
    )


@require_POST
def reopen(request: HttpRequest, venue_id: int) -> HttpResponse:
    """Open a closed place again; its services are published again one by one."""
    found = _reached(request, venue_id)
    reopen_venue(by=actor_of(request), venue=found)
    messages.success(request, _("« %(venue)s » est rouvert. Publiez de nouveau ses services.") % {"venue": found})
    return redirect("operator:venue", found.pk)


# --- services at a place ----------------------------------------------------------------------------------------------


@CHANGES
def new_offer(request: HttpRequest, venue_id: int) -> HttpResponse:
    """Publish a service at a place."""
    found, desk, today = _reached(request, venue_id), desk_of(request), timezone.localdate()
    form = OfferForm(typed(request), programmes=_programmes(desk), services=_services(desk), today=today)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals_in(form):
            offer_service(
                by=desk.actor,
                venue=found,
                programme=values["dispositif"],
                service=values["service"],
                price=values["prix"],
                minutes=values["minutes"],
                starts_on=values["des_le"],
            )
            messages.success(request, _("« %(service)s » est publié.") % {"service": values["service"]})
            return redirect("operator:venue", found.pk)
    context = {"venue": found, "form": form, "submit": _("Publier ce service"), "offer": None}
    return render(
        request, "operator/offer_form.html", context | {"cancel_url": reverse("operator:venue", args=[found.pk])}
    )


@CHANGES
def change_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Another price or length, from a day on."""
    offer, today = _offer(request, offer_id), timezone.localdate()
    form = PriceForm(typed(request), initial={"prix": offer.price, "minutes": offer.minutes, "des_le": today})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            offer_service(
                by=actor_of(request),
                venue=offer.venue,
                programme=offer.programme,
                service=offer.service,
                price=form.cleaned_data["prix"],
                minutes=form.cleaned_data["minutes"],
                starts_on=form.cleaned_data["des_le"],
            )
            messages.success(request, _("Le nouveau prix est publié."))
            return redirect("operator:venue", offer.venue_id)
    back = reverse("operator:venue", args=[offer.venue_id])
    context = {"venue": offer.venue, "offer": offer, "form": form, "submit": _("Publier ce prix"), "cancel_url": back}
    return render(request, "operator/offer_form.html", context)


@CHANGES
def withdraw_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Stop giving a service at a place, from a day on."""
    offer, today = _offer(request, offer_id), timezone.localdate()
    form = LastDayForm(typed(request), initial={"jour": today})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "jour"):
            end_offer(by=actor_of(request), offer=offer, on=form.cleaned_data["jour"])
            messages.success(request, _("« %(service)s » est retiré.") % {"service": offer.service})
            return redirect("operator:venue", offer.venue_id)
    back = reverse("operator:venue", args=[offer.venue_id])
    context = {"offer": offer, "form": form, "verb": _("Retirer ce service"), "cancel_url": back, "danger": True}
    return render(request, "operator/offer_end.html", context)


def _reached(request: HttpRequest, venue_id: int) -> Venue:
    found = get_object_or_404(Venue.objects.select_related("commune", "operator"), pk=venue_id)
    require_reach(request, MANAGE_VENUES, organisation_id=found.operator_id)
    return found


def _offer(request: HttpRequest, offer_id: int) -> ServiceOffer:
    offers = ServiceOffer.objects.select_related("venue__commune", "service", "programme")
    found = get_object_or_404(offers, pk=offer_id)
    require_reach(request, MANAGE_OFFERS, organisation_id=found.venue.operator_id, programme=found.programme)
    return found


def _programmes(desk: Desk) -> QuerySet[Programme]:
    """Those that still accept passes, for which the structure is qualified."""
    return Programme.objects.filter(
        pk__in=[one.pk for one in desk.programmes], ends_on__gte=timezone.localdate()
    ).order_by("-starts_on", Alphabetical("name"))


def _services(desk: Desk) -> QuerySet[Service]:
    """What one of these programmes pays for; the verb says no to a service of another one."""
    codes: set[str] = set()
    for programme in _programmes(desk):
        codes |= allowed_service_codes(programme)
    return Service.objects.filter(code__in=codes, retired_on=None).order_by(Alphabetical("label"), "pk")
