"""Parcels of booklets: those that arrive are counted and signed for, those that leave are followed."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from poincon.kernel.refusals import Refusal
from poincon.organisations.models import Organisation
from poincon.passes.enums import MovementKind
from poincon.passes.models import Transfer
from poincon.passes.services.move import recall
from poincon.passes.services.papers import slip_pdf
from poincon.www.base.discrepancies import entered_again, found_form, outcome_of, said_of_found
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.hats import worn_hat
from poincon.www.base.parcels import came_in_meanwhile, receive_counted, receive_form
from poincon.www.base.request import actor_of
from poincon.www.prescriber.forms.stock import RecallForm
from poincon.www.prescriber.lists import PARCELS, parcel_state
from poincon.www.prescriber.reach import desk, prescribes_for, reach


@require_safe
def parcels(request: HttpRequest) -> HttpResponseBase:
    """Those received or to receive, and those sent back."""
    _worn, organisation, programme = desk(request)
    rows = Transfer.objects.filter(Q(receiver=organisation) | Q(sender=organisation), programme=programme)
    return PARCELS.answer(request, rows.select_related("sender", "receiver"), "prescriber/parcels.html")


def parcel(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """One parcel: what its slip lists; received here, with what differs."""
    transfer = _mine(request, transfer_id)
    receives = _may_receive(request, transfer)
    form = receive_form(request, transfer) if receives else None
    if request.method == "POST" and form is not None:
        received = receive_counted(request, transfer, form)
        if received is not None:
            messages.success(request, _said(received) + _elsewhere(request, received))
            return redirect("prescriber:parcel", received.pk)
    if request.method == "POST" and came_in_meanwhile(transfer):
        messages.warning(request, _("Ce colis n’est plus à recevoir : voici où il en est."))
        return redirect("prescriber:parcel", transfer.pk)
    outcome = outcome_of(transfer)
    context = {
        "transfer": transfer,
        "state": parcel_state(transfer),
        "form": form,
        "ranges": _listed(transfer),
        "outcome": outcome,
        "may_find": bool(outcome.left) and _own_end(request, transfer) is not None,
        "may_recall": _may_recall(request, transfer),
    }
    return render(request, "prescriber/parcel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def found_again(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Booklets said missing are here after all: they enter her stock, out of use."""
    transfer = _mine(request, transfer_id)
    outcome, holder = outcome_of(transfer), _own_end(request, transfer)
    if not outcome.left or holder is None:
        messages.warning(request, _("Aucun chéquier de ce colis n’est à faire rentrer chez vous."))
        return redirect("prescriber:parcel", transfer.pk)
    form = found_form(request, outcome)
    if request.method == "POST":
        number = entered_again(request, transfer, holder, form)
        if number:
            messages.success(request, said_of_found(number))
            return redirect("prescriber:parcel", transfer.pk)
    context = {
        "transfer": transfer,
        "outcome": outcome,
        "form": form,
        "submit": _("Faire rentrer en stock"),
        "cancel_url": reverse("prescriber:parcel", args=[transfer.pk]),
    }
    return render(request, "prescriber/found.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recall_parcel(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Say why, then take back a parcel that nobody received yet: its booklets are in her stock again."""
    transfer = _mine(request, transfer_id)
    if not _may_recall(request, transfer):
        messages.warning(request, _("Ce colis n’est plus à rappeler : voici où il en est."))
        return redirect("prescriber:parcel", transfer.pk)
    form = RecallForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            recall(by=actor_of(request), transfer=transfer, reason=form.cleaned_data["motif"])
        if done:
            messages.success(request, _("Le colis est rappelé : ses chéquiers sont de nouveau dans votre stock."))
            return redirect("prescriber:parcel", transfer.pk)
    context = {
        "transfer": transfer,
        "form": form,
        "verb": _("Rappeler ce colis"),
        "danger": True,
        "cancel_url": reverse("prescriber:parcel", args=[transfer.pk]),
    }
    return render(request, "prescriber/recall.html", context)


@require_POST
def undo_return(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Take back what was just sent back."""
    transfer = _mine(request, transfer_id)
    try:
        recall(by=actor_of(request), transfer=transfer, reason=_("Envoi annulé par la personne qui l’avait annoncé"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("L’envoi est annulé : les chéquiers sont revenus dans votre stock."))
    return redirect("prescriber:parcel", transfer.pk)


@require_safe
def slip(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """The slip of a parcel, to sign by both sides."""
    transfer = _mine(request, transfer_id)
    pdf = slip_pdf(by=actor_of(request), transfer=transfer)
    disposition = f'inline; filename="bordereau-{transfer.pk}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


def _mine(request: HttpRequest, transfer_id: int) -> Transfer:
    here = reach(request, organisation="receiver", programme="programme") | reach(
        request, organisation="sender", programme="programme"
    )
    found = Transfer.objects.filter(here).select_related("programme", "sender__commune", "receiver__commune")
    return get_object_or_404(found, pk=transfer_id)


def _may_receive(request: HttpRequest, transfer: Transfer) -> bool:
    waits = transfer.received_at is None and transfer.recalled_at is None
    return waits and prescribes_for(request, transfer.receiver_id, transfer.programme_id)


def _may_recall(request: HttpRequest, transfer: Transfer) -> bool:
    waits = transfer.received_at is None and transfer.recalled_at is None
    return waits and prescribes_for(request, transfer.sender_id, transfer.programme_id)


def _own_end(request: HttpRequest, transfer: Transfer) -> Organisation | None:
    """Where she may put what is found: her own side of the parcel."""
    ends = (transfer.receiver, transfer.sender)
    return next((one for one in ends if prescribes_for(request, one.pk, transfer.programme_id)), None)


def _listed(transfer: Transfer) -> list[dict[str, Any]]:
    """What the slip lists: the batch, the ranks printed on the covers, how many."""
    sent = transfer.movements.filter(kind=MovementKind.SENT).select_related("batch").order_by("id")
    return [
        {"batch": one.batch, "first": one.first_rank, "last": one.last_rank, "booklets": one.booklets} for one in sent
    ]


def _elsewhere(request: HttpRequest, received: Transfer) -> str:
    """The stock of a programme is seen under that programme: said when she looks at another."""
    looked_at = worn_hat(request).programme
    if looked_at is None or looked_at.pk == received.programme_id:
        return ""
    words = _(" C’est le stock du dispositif « %(programme)s » : choisissez-le dans le menu pour le remettre.")
    return words % {"programme": received.programme.name}


def _said(received: Transfer) -> str:
    count = received.booklets_received or 0
    told = ngettext(
        "%(count)s chéquier est entré dans votre stock.", "%(count)s chéquiers sont entrés dans votre stock.", count
    ) % {"count": count}
    written = _(" L’écart est écrit sur le bordereau : la tête de réseau le voit.") if received.discrepancy else ""
    return f"{told}{written}"
