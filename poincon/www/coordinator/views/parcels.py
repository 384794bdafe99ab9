"""Parcels of the network: followed, received, recalled, their receiver written to again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from poincon.kernel.documents.french import count
from poincon.kernel.refusals import Refusal
from poincon.passes.models import Transfer
from poincon.passes.permissions import MOVE_BOOKLETS, REMIND_HOLDERS, RESOLVE_DISCREPANCY, SEE_BATCHES
from poincon.passes.queries.parcels import late, listed, mails_of, transfers_of
from poincon.passes.services.move import recall, sent_ranges
from poincon.passes.services.papers import slip_pdf
from poincon.passes.services.remind import remind_receiver
from poincon.programmes.models import Programme
from poincon.www.base.about import about_programme
from poincon.www.base.discrepancies import Outcome, discrepancy_facts, outcome_of
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.parcels import came_in_meanwhile, receive_counted, receive_form
from poincon.www.base.parts import Fact, Tone
from poincon.www.base.request import actor_of
from poincon.www.coordinator.forms.sending import ReasonForm
from poincon.www.coordinator.lists.parcels import PARCELS, parcel_state
from poincon.www.coordinator.reach import signs_for, transfer_of


@require_safe
@about_programme(SEE_BATCHES)
def parcels(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """Every parcel of the programme, whoever sends and receives."""
    context = {"programme": programme}
    return PARCELS.answer(request, transfers_of(programme.pk), "coordinator/parcels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def parcel(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """What the slip lists, what happened since; received here when it comes back."""
    found = transfer_of(request, transfer_id)
    waits = found.received_at is None and found.recalled_at is None
    form = receive_form(request, found) if waits and signs_for(request, found.receiver_id) else None
    if request.method == "POST" and form is None:
        messages.warning(request, _("Ce colis n’est pas à recevoir ici."))
        return redirect("coordinator:parcel", found.pk)
    if request.method == "POST" and form is not None:
        received = receive_counted(request, found, form)
        if received is not None:
            messages.success(request, _said(received))
            return redirect("coordinator:parcel", found.pk)
        if came_in_meanwhile(found):
            messages.warning(request, _("Ce colis n’est plus à recevoir : voici où il en est."))
            return redirect("coordinator:parcel", found.pk)
    outcome = outcome_of(found)
    signs = [signs_for(request, one) for one in (found.sender_id, found.receiver_id)]
    context = {
        "transfer": found,
        "state": parcel_state(found),
        "form": form,
        "lines": listed(sent_ranges(found)),
        "outcome": outcome,
        "may_resolve": bool(found.discrepancy)
        and actor_of(request).may(RESOLVE_DISCREPANCY, programme=found.programme),
        "may_find": any(signs),
        "may_send_more": signs[0],
        "facts": _story(found, outcome),
        "is_late": Transfer.objects.filter(late(timezone.now()), pk=found.pk).exists(),
        "may_remind": waits and actor_of(request).may(REMIND_HOLDERS, programme=found.programme) and form is None,
        "may_recall": waits and signs[0],
    }
    return render(request, "coordinator/parcel.html", context)


def _said(received: Transfer) -> str:
    number = received.booklets_received or 0
    words = ngettext(
        "%(n)s chéquier est entré dans votre stock.", "%(n)s chéquiers sont entrés dans votre stock.", number
    )
    return str(words % {"n": count(number)})


def _story(found: Transfer, outcome: Outcome) -> list[Fact]:
    words = ngettext("%(n)s chéquier expédié", "%(n)s chéquiers expédiés", found.booklets_sent)
    facts = [Fact(found.sent_at, words % {"n": count(found.booklets_sent)}, by=found.sent_by_label)]
    facts += [Fact(moment, _("Courriel envoyé au destinataire"), tone=Tone.INFO) for moment in mails_of(found)]
    if found.received_at:
        told = ngettext("%(n)s chéquier reçu", "%(n)s chéquiers reçus", found.booklets_received or 0)
        tone = Tone.BAD if found.discrepancy else Tone.GOOD
        said = told % {"n": count(found.booklets_received or 0)}
        facts.append(Fact(found.received_at, said, by=found.received_by_label, detail=found.discrepancy, tone=tone))
    if found.recalled_at:
        said = _("Rappelé : ses chéquiers sont revenus chez l’expéditeur")
        facts.append(
            Fact(found.recalled_at, said, by=found.recalled_by_label, detail=found.recall_reason, tone=Tone.CAREFUL)
        )
    return sorted([*facts, *discrepancy_facts(found, outcome)], key=lambda fact: fact.at)


@require_safe
def slip(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """The remittance slip, to sign by both sides."""
    found = transfer_of(request, transfer_id)
    pdf = slip_pdf(by=actor_of(request), transfer=found)
    disposition = f'inline; filename="bordereau-{found.pk}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


@require_http_methods(["GET", "HEAD", "POST"])
def recall_parcel(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Say why, then take a parcel back into the stock it left."""
    found = transfer_of(request, transfer_id, MOVE_BOOKLETS)
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            recall(by=actor_of(request), transfer=found, reason=form.cleaned_data["motif"])
        if done:
            messages.success(request, _("Le colis est rappelé : ses chéquiers sont de nouveau dans votre stock."))
            return redirect("coordinator:parcel", found.pk)
    context = {
        "transfer": found,
        "form": form,
        "verb": _("Rappeler ce colis"),
        "danger": True,
        "cancel_url": reverse("coordinator:parcel", args=[found.pk]),
    }
    return render(request, "coordinator/recall.html", context)


@require_POST
def remind_parcel(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Write again to whoever should have received a parcel."""
    found = transfer_of(request, transfer_id, REMIND_HOLDERS)
    try:
        remind_receiver(by=actor_of(request), transfer=found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Un courriel part à %(name)s.") % {"name": found.receiver.name})
    return redirect("coordinator:parcel", found.pk)
