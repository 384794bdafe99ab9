"""The places of the network: on a map, in a list, opened and corrected for operators that have not come yet."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.documents.french import short_day
from poincon.kernel.refusals import Refusal
from poincon.mediation.models import Venue
from poincon.mediation.permissions import HELP_WITH_VENUES
from poincon.mediation.queries import live_offers, venues_of
from poincon.mediation.services import close_venue, open_venue, reopen_venue, update_venue
from poincon.network.queries import organisations_of
from poincon.passes.permissions import SEE_BATCHES
from poincon.programmes.models import Programme
from poincon.www.base.about import about_programme, today_of
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.maps import MOST_PLACES, Map, Place, places_answer, places_title
from poincon.www.base.request import actor_of
from poincon.www.base.venues import VenueFilters, VenueForm, typed_for, venue_state, with_services
from poincon.www.coordinator.forms.network import CloseForm
from poincon.www.coordinator.lists.network import OPERATORS, VENUES
from poincon.www.coordinator.reach import organisation_of, venue_of

CHANGES = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@about_programme(SEE_BATCHES)
def venues(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """Every place of the network, on the map and in the list."""
    rows = with_services(venues_of(programme))
    context = {"programme": programme, "map": _map_of_list(request, venues_of(programme))}
    return VENUES.answer(request, rows, "coordinator/venues.html", context)


@require_safe
@about_programme(SEE_BATCHES)
def venues_on_map(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The places that the list keeps, for its map."""
    rows = with_services(_placed(venues_of(programme)))
    kept = VENUES.narrowed(rows, VenueFilters(request.GET), request.GET)
    return places_answer(_pin(one) for one in kept[:MOST_PLACES])


def _map_of_list(request: HttpRequest, rows: "QuerySet[Venue]") -> Map | None:
    """The map of what the list keeps. None without any place to draw: an empty map shows the sea."""
    kept = VENUES.narrowed(with_services(_placed(rows)), VenueFilters(request.GET), request.GET)
    departements = list(kept.order_by().values_list("commune__departement_id", flat=True))
    if not departements:
        return None
    return Map(
        "lieux",
        places_title(_("Les lieux de la liste"), len(departements)),
        _("Lieu"),
        _("Où et comment"),
        sorted(set(departements)),
        places_url=f"{reverse('coordinator:venues_on_map')}?{request.GET.urlencode()}",
    )


def _map_of(venue: Any) -> Map:
    departements = [venue.commune.departement_id]
    return Map("lieux", _("Le lieu sur la carte"), _("Lieu"), _("Où et comment"), departements, places=[_pin(venue)])


def _placed(rows: "QuerySet[Venue]") -> "QuerySet[Venue]":
    return rows.exclude(longitude=None).exclude(latitude=None)


def _pin(venue: Any) -> Place:
    return Place(
        venue.name,
        venue.latitude,
        venue.longitude,
        detail=f"{venue.operator.name}, {venue.commune.name} – {venue_state(venue)}",
        url=reverse("coordinator:venue", args=[venue.pk]),
        tone=venue_state(venue).tone,
    )


@require_safe
def venue(request: HttpRequest, venue_id: int) -> HttpResponse:
    """One place: where it is, what is done there today."""
    found, programme = venue_of(request, venue_id, SEE_BATCHES)
    today = today_of(programme)
    offers = found.offers.filter(live_offers(today), programme=programme).select_related("service")
    counted: Any = with_services(Venue.objects.filter(pk=found.pk).select_related("operator", "commune")).get()
    context = {
        "venue": found,
        "programme": programme,
        "today": today,
        "offers": list(offers.order_by(Alphabetical("service__label"), "pk")),
        "state": venue_state(counted),
        "map": _map_of(counted) if counted.latitude is not None and counted.longitude is not None else None,
    }
    return render(request, "coordinator/venue.html", context)


@require_safe
@about_programme(HELP_WITH_VENUES)
def choose_operator(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """Whose place it is, before it is opened."""
    rows = organisations_of(programme).filter(is_operator=True).select_related("commune")
    return OPERATORS.answer(request, rows, "coordinator/choose_operator.html", {"programme": programme})


@CHANGES
def new_venue(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Open a place of an operator."""
    operator, programme = organisation_of(request, organisation_id, HELP_WITH_VENUES)
    form = VenueForm(typed(request), near=operator.commune)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            made = open_venue(by=actor_of(request), operator=operator, programme=programme, **form.fields_of_venue)
        if done:
            messages.success(request, _("« %(venue)s » est ouvert.") % {"venue": made})
            return redirect("coordinator:venue", made.pk)
    context = {
        "form": form,
        "operator": operator,
        "venue": None,
        "submit": _("Ouvrir ce lieu"),
        "cancel_url": reverse("coordinator:organisation", args=[operator.pk]),
    }
    return render(request, "coordinator/venue_form.html", context)


@CHANGES
def edit_venue(request: HttpRequest, venue_id: int) -> HttpResponse:
    """Correct or move a place."""
    found, programme = venue_of(request, venue_id, HELP_WITH_VENUES)
    form = VenueForm(typed(request), initial=typed_for(found), near=found.commune)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            update_venue(by=actor_of(request), venue=found, programme=programme, **form.changes_of(found))
        if done:
            messages.success(request, _("Le lieu est à jour."))
            return redirect("coordinator:venue", found.pk)
    context = {
        "form": form,
        "operator": found.operator,
        "venue": found,
        "submit": _("Enregistrer"),
        "cancel_url": reverse("coordinator:venue", args=[found.pk]),
    }
    return render(request, "coordinator/venue_form.html", context)


@CHANGES
def close(request: HttpRequest, venue_id: int) -> HttpResponse:
    """Close a place from a day on, its services with it."""
    found, programme = venue_of(request, venue_id, HELP_WITH_VENUES)
    form = CloseForm(typed(request), initial={"jour": today_of(programme)})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "jour") as done:
            close_venue(by=actor_of(request), venue=found, on=form.cleaned_data["jour"], programme=programme)
        if done:
            day = short_day(form.cleaned_data["jour"])
            messages.success(request, _("« %(venue)s » ferme le %(day)s.") % {"venue": found, "day": day})
            return redirect("coordinator:venue", found.pk)
    context = {
        "form": form,
        "venue": found,
        "verb": _("Fermer ce lieu"),
        "danger": True,
        "cancel_url": reverse("coordinator:venue", args=[found.pk]),
    }
    return render(request, "coordinator/venue_close.html", context)


@require_POST
def reopen(request: HttpRequest, venue_id: int) -> HttpResponse:
    """Open a closed place again."""
    found, programme = venue_of(request, venue_id, HELP_WITH_VENUES)
    try:
        reopen_venue(by=actor_of(request), venue=found, programme=programme)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        told = _("« %(venue)s » est rouvert. Son opérateur publie de nouveau ses services.")
        messages.success(request, told % {"venue": found})
    return redirect("coordinator:venue", found.pk)
