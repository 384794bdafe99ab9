"""The discrepancy of a parcel: what is found after all, how the matter ends, opened again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from poincon.kernel.refusals import Refusal
from poincon.passes.enums import DiscrepancyEnding
from poincon.passes.models import Transfer
from poincon.passes.permissions import MOVE_BOOKLETS, RESOLVE_DISCREPANCY
from poincon.passes.services.resolve import reopen_discrepancy, resolve_discrepancy
from poincon.www.base.discrepancies import entered_again, found_form, outcome_of, said_of_found
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.base.undo import done_undoable
from poincon.www.coordinator.forms.sending import EndingForm
from poincon.www.coordinator.reach import own, signs_for, transfer_of


@require_http_methods(["GET", "HEAD", "POST"])
def resolve(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """What differed, what is still missing and what can be done about it; then how it ended, in a sentence."""
    found = transfer_of(request, transfer_id, RESOLVE_DISCREPANCY)
    if not found.discrepancy or found.resolved_at is not None:
        return _nothing_to_close(request, found)
    outcome = outcome_of(found)
    form = EndingForm(typed(request), lacked=outcome.lacked, left=outcome.left)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            resolve_discrepancy(
                by=actor_of(request),
                transfer=found,
                how=DiscrepancyEnding(form.cleaned_data["issue"]),
                note=form.cleaned_data["phrase"],
            )
        if done:
            undo = reverse("coordinator:reopen", args=[found.pk])
            done_undoable(request, _("L’écart est clos : il quitte l’accueil et reste au bordereau."), undo_url=undo)
            return redirect("coordinator:parcel", found.pk)
    context = {
        "transfer": found,
        "outcome": outcome,
        "form": form,
        "may_find": _holds_an_end(request, found),
        "others": [one for one in (found.sender, found.receiver) if not signs_for(request, one.pk)],
        "may_send_more": signs_for(request, found.sender_id),
    }
    return render(request, "coordinator/resolve.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def found_again(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Booklets said missing are here after all: they enter the pile, out of use."""
    parcel = transfer_of(request, transfer_id, MOVE_BOOKLETS)
    outcome = outcome_of(parcel)
    if not outcome.left or not _holds_an_end(request, parcel):
        messages.warning(request, _("Aucun chéquier de ce bordereau n’est à faire rentrer chez vous."))
        return redirect("coordinator:parcel", parcel.pk)
    form = found_form(request, outcome)
    if request.method == "POST":
        number = entered_again(request, parcel, own(request), form)
        if number:
            messages.success(request, said_of_found(number))
            return redirect("coordinator:parcel", parcel.pk)
    context = {
        "transfer": parcel,
        "outcome": outcome,
        "form": form,
        "submit": _("Faire rentrer en stock"),
        "cancel_url": reverse("coordinator:parcel", args=[parcel.pk]),
    }
    return render(request, "coordinator/found.html", context)


@require_POST
def reopen(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Take back the end of a discrepancy closed by mistake."""
    found = transfer_of(request, transfer_id, RESOLVE_DISCREPANCY)
    try:
        reopen_discrepancy(by=actor_of(request), transfer=found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("L’écart est rouvert : il attend de nouveau sur l’accueil."))
    return redirect("coordinator:parcel", found.pk)


def _holds_an_end(request: HttpRequest, transfer: Transfer) -> bool:
    return signs_for(request, transfer.sender_id) or signs_for(request, transfer.receiver_id)


def _nothing_to_close(request: HttpRequest, found: Transfer) -> HttpResponse:
    """Closed meanwhile by a colleague, in another tab; or never open."""
    closed = found.resolved_at is not None
    messages.warning(request, _("Cet écart est déjà clos.") if closed else _("Ce bordereau n’a pas d’écart."))
    return redirect("coordinator:parcel", found.pk)
