"""Who has how many booklets, since when they sleep; a reminder in one click; those returned are destroyed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from poincon.kernel.documents.french import count
from poincon.kernel.refusals import Refusal
from poincon.organisations.models import Organisation
from poincon.passes.models import Destruction
from poincon.passes.permissions import DESTROY, REMIND_HOLDERS, SEE_BATCHES
from poincon.passes.queries.holders import holders_of, reminded_at, sleepers_of
from poincon.passes.queries.parcels import listed, stopped_in_stock
from poincon.passes.queries.stock import glance, untouched
from poincon.passes.ranges import BookletRange, ranges_of
from poincon.passes.services.move import check_witness
from poincon.passes.services.move import destroy as destroy_booklets
from poincon.passes.services.papers import record_pdf
from poincon.passes.services.previews import preview_destroy
from poincon.passes.services.remind import QUIET, remind_holders
from poincon.passes.typed_ranges import read_ranges
from poincon.programmes.models import Programme
from poincon.www.base.about import about_programme
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.hats import worn_hat
from poincon.www.base.request import actor_of
from poincon.www.coordinator.forms.sending import RANGES, STOPPED, DestroyForm
from poincon.www.coordinator.lists.parcels import DESTRUCTIONS, holders_list
from poincon.www.coordinator.reach import destruction_of, own
from poincon.www.coordinator.views.sending import CONFIRMED


@require_safe
@about_programme(SEE_BATCHES)
def stock(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """The stock of each holder of the programme."""
    mine = own(request)
    context = {
        "programme": programme,
        "own": mine,
        "pile": glance(programme.pk, mine.pk),
        "asleep": len(_to_remind(programme, mine)),
    }
    return holders_list(mine.pk).answer(request, holders_of(programme.pk), "coordinator/stock.html", context)


@require_POST
def remind(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Write to one holder whose booklets sleep."""
    programme = _programme(request)
    holder = get_object_or_404(holders_of(programme.pk), pk=organisation_id)
    try:
        remind_holders(by=actor_of(request), programme=programme, holders=[holder])
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Un courriel part à %(name)s.") % {"name": holder.name})
    return redirect(_back(request))


@require_POST
def remind_all(request: HttpRequest) -> HttpResponse:
    """Write to every holder whose booklets sleep and who was not written to this week; say who cannot be."""
    programme = _programme(request)
    reached, unreached = 0, list[str]()
    for holder in _to_remind(programme, own(request)):
        try:
            remind_holders(by=actor_of(request), programme=programme, holders=[holder])
            reached += 1
        except Refusal as refusal:
            unreached.append(str(refusal))
    if reached:
        words = ngettext("%(n)s détenteur est relancé.", "%(n)s détenteurs sont relancés.", reached)
        messages.success(request, words % {"n": count(reached)})
    for sentence in unreached:
        messages.error(request, sentence)
    if not reached and not unreached:
        messages.success(request, _("Il n’y a personne à relancer cette semaine."))
    return redirect(_back(request))


def _programme(request: HttpRequest) -> Programme:
    """The programme looked at. Raises the refusal ``right_missing``."""
    programme = worn_hat(request).programme
    found = get_object_or_404(Programme, pk=programme.pk if programme else None)
    actor_of(request).require(REMIND_HOLDERS, programme=found)
    return found


def _to_remind(programme: Programme, mine: Organisation) -> list[Organisation]:
    now = timezone.now()
    sleeping = list(sleepers_of(programme.pk, now).exclude(pk=mine.pk))
    told = reminded_at(programme.pk, [one.pk for one in sleeping])
    return [one for one in sleeping if one.pk not in told or told[one.pk] <= now - QUIET]


def _back(request: HttpRequest) -> str:
    """Where the button was: the home, or the list."""
    return "home" if request.POST.get("retour") == "accueil" else "coordinator:stock"


# --- destructions -----------------------------------------------------------------------------------------------------


@require_safe
@about_programme(SEE_BATCHES)
def destructions(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """The records of what was destroyed."""
    rows = Destruction.objects.filter(programme=programme).select_related("holder")
    return DESTRUCTIONS.answer(request, rows, "coordinator/destructions.html", {"programme": programme})


@require_safe
def record(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """The record of a destruction, to sign."""
    found = destruction_of(request, destruction_id)
    pdf = record_pdf(by=actor_of(request), destruction=found)
    disposition = f'inline; filename="destruction-{found.pk}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


@require_http_methods(["GET", "HEAD", "POST"])
@about_programme(DESTROY)
def destroy(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Choose which, say where, how, before whom; read it again; confirm."""
    mine = own(request)
    stopped = stopped_in_stock(programme.pk, mine.pk)
    number = stopped.count()
    form = DestroyForm(_typed(request), stopped=number, initial=_initial(request, number))
    if request.method == "POST" and form.is_bound and form.is_valid():
        ranges = _ranges(form, programme, stopped)
        if ranges and CONFIRMED in request.POST:
            done = _destroyed(request, form, mine, ranges)
            if done is not None:
                return redirect("coordinator:destructions")
        elif ranges and _may_be_destroyed(request, form, mine, ranges):
            return render(request, "coordinator/destroy_check.html", _told(form, ranges))
    left = untouched(programme.pk, mine.pk).count()
    context = {"form": form, "programme": programme, "left": left, "stopped": number}
    return render(request, "coordinator/destroy.html", context)


def _typed(request: HttpRequest) -> Any:
    filled = typed(request)
    return None if filled is not None and "corriger" in filled else filled


def _initial(request: HttpRequest, stopped: int) -> dict[str, Any]:
    back = {name: value for name, value in request.POST.items() if name in DestroyForm.base_fields}
    return {"quoi": STOPPED if stopped else RANGES} | back


def _ranges(form: DestroyForm, programme: Programme, stopped: Any) -> list[BookletRange]:
    found = _all_of(stopped) if form.takes_stopped else []
    if found:
        return found
    with refusals_in(form, "plages"):
        found += read_ranges(form.cleaned_data["plages"], programme)
    return found


def _all_of(stopped: Any) -> list[BookletRange]:
    return ranges_of(stopped.values_list("batch_id", "rank"))


def _may_be_destroyed(request: HttpRequest, form: DestroyForm, mine: Organisation, ranges: list[BookletRange]) -> bool:
    with refusals_in(form, "temoin"):
        check_witness(by=actor_of(request), witness=form.cleaned_data["temoin"])
    if form.errors:
        return False
    with refusals_in(form) as done:
        preview_destroy(by=actor_of(request), holder=mine, ranges=ranges)
    return bool(done)


def _destroyed(
    request: HttpRequest, form: DestroyForm, mine: Organisation, ranges: list[BookletRange]
) -> Destruction | None:
    values, made = form.cleaned_data, None
    with refusals_in(form):
        made = destroy_booklets(
            by=actor_of(request),
            holder=mine,
            ranges=ranges,
            place=values["lieu"],
            method=values["procede"],
            witness=values["temoin"],
            reason=values["motif"],
        )
    if made is not None:
        words = ngettext(
            "%(n)s chéquier est détruit. Imprimez le procès-verbal et signez-le à deux.",
            "%(n)s chéquiers sont détruits. Imprimez le procès-verbal et signez-le à deux.",
            made.booklets,
        )
        messages.success(request, words % {"n": count(made.booklets)})
    return made


def _told(form: DestroyForm, ranges: list[BookletRange]) -> dict[str, Any]:
    lines = listed(ranges)
    return {
        "lines": lines,
        "booklets": sum(line.booklets for line in lines),
        "value": sum(line.value for line in lines),
        "said": [(form.fields[name].label, form.cleaned_data[name]) for name in ("lieu", "procede", "temoin", "motif")],
        "typed": [(name, form.cleaned_data[name] or "") for name in form.fields],
        "back": reverse("coordinator:destroy"),
    }
