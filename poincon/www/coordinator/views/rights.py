"""Who hands over and who is paid: agreements signed and ended, qualifications granted, suspended, lifted, withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.documents.french import count
from poincon.kernel.refusals import Text
from poincon.network.models import PrescriberAgreement, Qualification
from poincon.network.permissions import AGREE_PRESCRIBER, QUALIFY
from poincon.network.queries import undecided
from poincon.network.services import (
    agree_prescriber,
    end_agreement,
    lift_suspension,
    qualify,
    suspend_qualification,
    welcome_organisations,
    withdraw_qualification,
)
from poincon.organisations.models import Organisation
from poincon.organisations.queries import find_organisation
from poincon.programmes.models import Programme, Service
from poincon.programmes.queries import allowed_service_codes
from poincon.www.base.about import about_programme, today_of
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.coordinator.forms.network import (
    EndForm,
    LiftForm,
    PeriodForm,
    QualifyForm,
    SuspendForm,
    WelcomeForm,
)
from poincon.www.coordinator.reach import agreement_of, organisation_of, qualification_of


@dataclass(frozen=True)
class Asked:
    """A decision about one organisation: whom it is about, its form, the page that asks, what is said once taken."""

    organisation: Organisation
    form: forms.Form
    template: str
    said: Text
    context: dict[str, Any]


CHANGES = require_http_methods(["GET", "HEAD", "POST"])


@CHANGES
@about_programme(QUALIFY)
def welcome(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Decide about several organisations at once, each for what it does."""
    waiting = undecided(programme)
    form = WelcomeForm(typed(request), waiting=waiting, initial={"des_le": today_of(programme)})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            made = welcome_organisations(
                by=actor_of(request),
                programme=programme,
                organisations=form.cleaned_data["organisations"],
                valid_from=form.cleaned_data["des_le"],
                valid_until=form.cleaned_data["jusqu_au"],
            )
        if done:
            words = ngettext(
                "%(n)s convention ou qualification est enregistrée.",
                "%(n)s conventions ou qualifications sont enregistrées.",
                len(made),
            )
            messages.success(request, words % {"n": count(len(made))})
            return redirect("coordinator:organisations")
    context = {
        "form": form,
        "programme": programme,
        "waiting": waiting,
        "submit": _("Conventionner et qualifier"),
        "cancel_url": reverse("coordinator:organisations"),
    }
    return render(request, "coordinator/welcome.html", context)


@CHANGES
@about_programme(AGREE_PRESCRIBER)
def join(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Bring into this network an organisation that another programme knows: named by its number, never by an id."""
    found = find_organisation(request.GET.get("reference", ""))
    if found is None or not (found.is_prescriber or found.is_operator):
        return redirect("coordinator:find")
    form = PeriodForm(typed(request), initial={"des_le": today_of(programme)})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            welcome_organisations(
                by=actor_of(request),
                programme=programme,
                organisations=[found],
                valid_from=form.cleaned_data["des_le"],
                valid_until=form.cleaned_data["jusqu_au"],
            )
        if done:
            messages.success(request, _("« %(name)s » entre dans le réseau.") % {"name": found.name})
            return redirect("coordinator:organisation", found.pk)
    context = {
        "form": form,
        "organisation": found,
        "programme": programme,
        "submit": _("Faire entrer cette organisation"),
        "cancel_url": reverse("coordinator:find"),
    }
    return render(request, "coordinator/join.html", context)


@CHANGES
def agree(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Sign an agreement with a prescriber, prolong it, or sign again one that ended."""
    found, programme = organisation_of(request, organisation_id, AGREE_PRESCRIBER)
    row = PrescriberAgreement.objects.filter(prescriber=found, programme=programme).first()
    form = PeriodForm(typed(request), initial=_period(row, programme))

    def sign(values: dict[str, Any]) -> None:
        agree_prescriber(
            by=actor_of(request),
            prescriber=found,
            programme=programme,
            valid_from=values["des_le"],
            valid_until=values["jusqu_au"],
        )

    context = {"row": row, "programme": programme, "submit": _("Enregistrer la convention")}
    return _answered(
        request, Asked(found, form, "coordinator/agree.html", _("La convention est enregistrée."), context), sign
    )


@CHANGES
def grant(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Qualify an operator, prolong or change its qualification."""
    found, programme = organisation_of(request, organisation_id, QUALIFY)
    row = Qualification.objects.filter(operator=found, programme=programme).first()
    services = Service.objects.filter(code__in=allowed_service_codes(programme), retired_on=None).order_by(
        Alphabetical("label"), "pk"
    )
    chosen = [] if row is None or row.all_services else list(row.services.all())
    form = QualifyForm(typed(request), services=services, initial=_period(row, programme) | {"services": chosen})

    def give(values: dict[str, Any]) -> None:
        qualify(
            by=actor_of(request),
            operator=found,
            programme=programme,
            services=list(values["services"]) or None,
            valid_from=values["des_le"],
            valid_until=values["jusqu_au"],
        )

    context = {
        "row": row,
        "programme": programme,
        "some_services": bool(chosen),
        "submit": _("Enregistrer la qualification"),
    }
    return _answered(
        request, Asked(found, form, "coordinator/qualify.html", _("La qualification est enregistrée."), context), give
    )


@CHANGES
def end(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """End an agreement on a day, with the reason."""
    row = agreement_of(request, agreement_id, AGREE_PRESCRIBER)
    initial = {"jour": today_of(row.programme)}
    form = EndForm(typed(request), label=_("Dernier jour de la convention"), initial=initial)

    def stop(values: dict[str, Any]) -> None:
        end_agreement(by=actor_of(request), agreement=row, last_day=values["jour"], reason=values["motif"])

    context = {"row": row, "programme": row.programme, "verb": _("Mettre fin à la convention"), "danger": True}
    return _answered(
        request,
        Asked(
            row.prescriber, form, "coordinator/end_agreement.html", _("La convention prendra fin ce jour-là."), context
        ),
        stop,
    )


@CHANGES
def suspend(request: HttpRequest, qualification_id: int) -> HttpResponse:
    """Pay nothing to an operator for some days, or until the suspension is lifted."""
    row = qualification_of(request, qualification_id, QUALIFY)
    form = SuspendForm(typed(request), initial={"du": today_of(row.programme)})

    def stop(values: dict[str, Any]) -> None:
        suspend_qualification(
            by=actor_of(request),
            qualification=row,
            first_day=values["du"],
            last_day=values["au"],
            reason=values["motif"],
        )

    context = {"row": row, "programme": row.programme, "verb": _("Suspendre la qualification"), "danger": True}
    return _answered(
        request,
        Asked(row.operator, form, "coordinator/suspend.html", _("La qualification est suspendue."), context),
        stop,
    )


@CHANGES
def lift(request: HttpRequest, qualification_id: int) -> HttpResponse:
    """End a suspension: the operator is paid again from the day after."""
    row = qualification_of(request, qualification_id, QUALIFY)
    form = LiftForm(typed(request), initial={"jour": today_of(row.programme)})

    def again(values: dict[str, Any]) -> None:
        lift_suspension(by=actor_of(request), qualification=row, last_day=values["jour"])

    context = {"row": row, "programme": row.programme, "verb": _("Lever la suspension"), "danger": False}
    return _answered(
        request,
        Asked(row.operator, form, "coordinator/lift.html", _("La suspension prend fin ce jour-là."), context),
        again,
    )


@CHANGES
def withdraw(request: HttpRequest, qualification_id: int) -> HttpResponse:
    """Stop paying an operator from a day on, with the reason."""
    row = qualification_of(request, qualification_id, QUALIFY)
    initial = {"jour": today_of(row.programme)}
    form = EndForm(typed(request), label=_("Retirée à partir du"), initial=initial)

    def stop(values: dict[str, Any]) -> None:
        withdraw_qualification(by=actor_of(request), qualification=row, from_day=values["jour"], reason=values["motif"])

    context = {"row": row, "programme": row.programme, "verb": _("Retirer la qualification"), "danger": True}
    return _answered(
        request,
        Asked(row.operator, form, "coordinator/withdraw.html", _("La qualification est retirée."), context),
        stop,
    )


def _answered(request: HttpRequest, asked: Asked, decide: Callable[[dict[str, Any]], None]) -> HttpResponse:
    """What every decision about one organisation shares: asked, taken, then back to its page."""
    form, organisation = asked.form, asked.organisation
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            decide(form.cleaned_data)
        if done:
            messages.success(request, str(asked.said))
            return redirect("coordinator:organisation", organisation.pk)
    cancel_url = reverse("coordinator:organisation", args=[organisation.pk])
    shared = {"form": form, "organisation": organisation, "cancel_url": cancel_url}
    return render(request, asked.template, {**shared, **asked.context})


def _period(row: Qualification | PrescriberAgreement | None, programme: Programme) -> dict[str, Any]:
    today = today_of(programme)
    if row is None or (row.valid_until is not None and row.valid_until < today):
        return {"des_le": max(today, programme.starts_on)}
    return {"des_le": row.valid_from, "jusqu_au": row.valid_until}
