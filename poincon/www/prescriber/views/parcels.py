"""Parcels of booklets: those that arrive are counted and signed for, those that leave are followed."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from poincon.passes.enums import MovementKind
from poincon.passes.models import Transfer
from poincon.passes.queries.parcels import listed
from poincon.passes.services.move import missing_ranges
from poincon.passes.services.papers import slip_pdf
from poincon.www.base.hats import worn_hat
from poincon.www.base.parcels import came_in_meanwhile, receive_counted, receive_form
from poincon.www.base.request import actor_of
from poincon.www.prescriber.lists import PARCELS, parcel_state
from poincon.www.prescriber.reach import desk, reach


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
    context = {
        "transfer": transfer,
        "state": parcel_state(transfer),
        "form": form,
        "ranges": _listed(transfer),
        "missing": listed(missing_ranges(transfer)) if transfer.discrepancy else [],
    }
    return render(request, "prescriber/parcel.html", context)


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
    arrives = Transfer.objects.filter(reach(request, organisation="receiver", programme="programme"), pk=transfer.pk)
    return transfer.received_at is None and transfer.recalled_at is None and arrives.exists()


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
    if not received.discrepancy:
        return str(told)
    written = _("Écart écrit sur le bordereau : %(discrepancy)s.") % {"discrepancy": received.discrepancy.rstrip(".")}
    return f"{told} {written}"
