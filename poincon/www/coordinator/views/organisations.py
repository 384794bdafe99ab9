"""The organisations of the network: found, registered, corrected, and what each of them is here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from poincon.kernel.alphabet import Alphabetical
from poincon.mediation.models import Venue
from poincon.network.models import PrescriberAgreement, Qualification
from poincon.network.queries import listed_organisations, organisations_of
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.organisations.permissions import CREATE_ORGANISATION, UPDATE_ORGANISATION
from poincon.organisations.queries import find_organisation, invitations_of, people_of, sites_of
from poincon.organisations.services import add_site, create_organisation, may_update, update_organisation
from poincon.passes.permissions import SEE_BATCHES
from poincon.passes.queries.parcels import receivers_of
from poincon.passes.queries.stock import glance
from poincon.programmes.models import Programme
from poincon.www.base.about import about_programme, today_of
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.base.venues import venue_state, with_services
from poincon.www.coordinator.forms.network import KINDS, OrganisationForm, ReferenceForm, SiteForm
from poincon.www.coordinator.lists.network import ORGANISATIONS, does
from poincon.www.coordinator.offering import gestures, may_manage, roles_to_invite
from poincon.www.coordinator.reach import organisation_of, own
from poincon.www.coordinator.standings import agreement_told, qualification_told

CHANGES = require_http_methods(["GET", "HEAD", "POST"])
MOST_PLACES = 20


@require_safe
@about_programme(SEE_BATCHES)
def organisations(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """Everybody of the programme, and where each stands today."""
    rows = listed_organisations(programme, today_of(programme))
    return ORGANISATIONS.answer(request, rows, "coordinator/organisations.html", {"programme": programme})


@require_safe
@about_programme(CREATE_ORGANISATION)
def find(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Look for an organisation before registering it: it may serve another programme already."""
    asked = request.GET if "reference" in request.GET else None
    form = ReferenceForm(asked)
    found = find_organisation(form.cleaned_data["reference"]) if form.is_bound and form.is_valid() else None
    if found is not None and organisations_of(programme).filter(pk=found.pk).exists():
        return redirect("coordinator:organisation", found.pk)
    looked = form.cleaned_data["reference"] if form.is_bound and form.is_valid() else ""
    context = {
        "form": form,
        "programme": programme,
        "found": found,
        "does": does(found) if found else "",
        "looked": looked,
        "new_url": f"{reverse('coordinator:new_organisation')}?{urlencode(_guessed(looked))}",
    }
    return render(request, "coordinator/find.html", context)


def _guessed(reference: str) -> dict[str, str]:
    """The field that what was looked for belongs to."""
    compact = "".join(reference.split()).upper()
    if compact.isdecimal():
        return {"siret": compact}
    return {"rna": compact} if compact[:1] == "W" and compact[1:].isdecimal() else {"nom": reference}


@CHANGES
@about_programme(CREATE_ORGANISATION)
def new_organisation(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Register an organisation for the network; what it may do is decided next."""
    given = {name: request.GET[name] for name in ("nom", "siret", "rna") if name in request.GET}
    form = OrganisationForm(typed(request), initial=given, near=own(request).commune)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            made = create_organisation(by=actor_of(request), programme=programme, **_fields(form))
        if done:
            messages.success(
                request, _("« %(name)s » est enregistrée. Décidez maintenant de sa place.") % {"name": made.name}
            )
            return redirect("coordinator:organisation", made.pk)
    context = {
        "form": form,
        "organisation": None,
        "submit": _("Enregistrer cette organisation"),
        "cancel_url": reverse("coordinator:organisations"),
    }
    return render(request, "coordinator/organisation_form.html", context)


@CHANGES
def edit_organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Correct an organisation where nobody could."""
    found, programme = organisation_of(request, organisation_id, UPDATE_ORGANISATION)
    actor = actor_of(request)
    form = OrganisationForm(typed(request), initial=_initial(found), near=own(request).commune)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            update_organisation(by=actor, organisation=found, programme=programme, **_fields(form))
        if done:
            messages.success(request, _("L’organisation est à jour."))
            return redirect("coordinator:organisation", found.pk)
    context = {
        "form": form,
        "organisation": found,
        "may": may_update(actor, found, programme),
        "submit": _("Enregistrer"),
        "cancel_url": reverse("coordinator:organisation", args=[found.pk]),
    }
    return render(request, "coordinator/organisation_form.html", context)


@CHANGES
def new_site(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Record another address of an organisation."""
    found, programme = organisation_of(request, organisation_id, UPDATE_ORGANISATION)
    form = SiteForm(typed(request), near=found.commune)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals_in(form) as done:
            add_site(
                by=actor_of(request),
                organisation=found,
                programme=programme,
                name=values["nom"],
                commune=values["commune"],
                address=values["adresse"],
                siret=values["siret"],
            )
        if done:
            messages.success(request, _("Le site est ajouté."))
            return redirect("coordinator:organisation", found.pk)
    context = {
        "form": form,
        "organisation": found,
        "submit": _("Ajouter ce site"),
        "cancel_url": reverse("coordinator:organisation", args=[found.pk]),
    }
    return render(request, "coordinator/site_form.html", context)


@require_safe
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One organisation: what it is here, its people, its places, its booklets."""
    found, programme = organisation_of(request, organisation_id, SEE_BATCHES)
    actor = actor_of(request)
    context = {
        "organisation": found,
        "programme": programme,
        "does": does(found),
        **_rights(found, programme),
        **_people(actor, found, programme),
        "sites": list(sites_of(found.pk)),
        "venues": _venues(found),
        "figures": glance(programme.pk, found.pk),
        "may_receive": receivers_of(programme, today_of(programme)).filter(pk=found.pk).exists(),
        "may_edit": may_update(actor, found, programme),
    }
    return render(request, "coordinator/organisation.html", context)


def _rights(found: Organisation, programme: Programme) -> dict[str, Any]:
    today = today_of(programme)
    here = {"programme": programme}
    agreement = PrescriberAgreement.objects.filter(prescriber=found, **here).first()
    qualifications = Qualification.objects.prefetch_related("suspensions", "services")
    qualification = qualifications.filter(operator=found, **here).first()
    return {
        "today": today,
        "agreement": agreement_told(agreement, today) if agreement else None,
        "qualification": qualification_told(qualification, today) if qualification else None,
    }


def _people(actor: Actor, found: Organisation, programme: Programme) -> dict[str, Any]:
    there = [one for one in people_of(found.pk) if one.programme_id in (None, programme.pk)]
    waiting = [one for one in invitations_of(found.pk) if one.programme_id in (None, programme.pk)]
    return {
        "people": [(one, gestures(actor, programme, one)) for one in there],
        "invitations": [(one, may_manage(actor, one)) for one in waiting],
        "may_invite": bool(roles_to_invite(actor, found, programme)),
    }


def _venues(found: Organisation) -> list[tuple[Venue, Any]]:
    rows = with_services(Venue.objects.filter(operator=found).select_related("commune")).order_by(
        Alphabetical("name"), "pk"
    )
    return [(one, venue_state(one)) for one in rows[:MOST_PLACES]]


def _initial(found: Organisation) -> dict[str, Any]:
    return {
        "nom": found.name,
        "fait": [name for name, field in KINDS.items() if getattr(found, field)],
        "forme": found.legal_form,
        "siret": found.siret,
        "rna": found.rna,
        "commune": found.commune,
        "adresse": found.address,
        "telephone": found.phone,
        "courriel": found.email,
    }


def _fields(form: OrganisationForm) -> Any:
    values = form.cleaned_data
    return {
        "name": values["nom"],
        "legal_form": values["forme"],
        "siret": values["siret"],
        "rna": values["rna"],
        "commune": values["commune"],
        "address": values["adresse"],
        "phone": values["telephone"],
        "email": values["courriel"],
        **form.kinds,
    }
