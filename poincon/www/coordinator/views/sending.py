"""Booklets leave: to whom, which ones; what will happen is told, then done."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from poincon.kernel.documents.french import count
from poincon.kernel.refusals import Refusal
from poincon.organisations.models import Organisation
from poincon.passes.models import Transfer
from poincon.passes.permissions import MOVE_BOOKLETS
from poincon.passes.queries.batch import last_days_of
from poincon.passes.queries.parcels import listed, receivers_of
from poincon.passes.queries.stock import untouched
from poincon.passes.ranges import BookletRange
from poincon.passes.services.move import recall, send
from poincon.passes.services.previews import preview_send
from poincon.passes.typed_ranges import first_of_the_pile, read_ranges
from poincon.programmes.models import Programme
from poincon.www.base.about import about_programme, today_of
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.base.undo import done_undoable
from poincon.www.coordinator.forms.sending import PILE, SendForm
from poincon.www.coordinator.lists.parcels import RECEIVERS
from poincon.www.coordinator.reach import own, transfer_of

CONFIRMED = "confirme"
#: What the page that tells what will leave told, sent back with the confirmation.
READ = "relus"
#: Who sends, who receives.
Ends = tuple[Organisation, Organisation]


@require_safe
@about_programme(MOVE_BOOKLETS)
def choose_receiver(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """To whom: those who may receive, found by their name or their town."""
    sender = own(request)
    context = {"programme": programme, "sender": sender, "pile": _pile(programme, sender)}
    return RECEIVERS.answer(request, _receivers(programme, sender), "coordinator/send_whom.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@about_programme(MOVE_BOOKLETS)
def send_booklets(request: HttpRequest, programme: Programme, organisation_id: int) -> HttpResponse:
    """Choose, read what will leave, confirm. Nothing moves before."""
    sender = own(request)
    receiver = get_object_or_404(_receivers(programme, sender), pk=organisation_id)
    pile = _pile(programme, sender)
    form = _form(request, pile)
    if request.method == "POST" and form.is_valid():
        ranges = _ranges(form, programme, sender)
        if ranges and CONFIRMED in request.POST and _was_read(request, form, ranges):
            sent = _sent(request, form, (sender, receiver), ranges)
            if sent is not None:
                return redirect("coordinator:parcel", sent.pk)
        elif ranges and _may_leave(request, form, (sender, receiver), ranges):
            context = _told(programme, form, receiver, ranges) | {"changed": CONFIRMED in request.POST}
            return render(request, "coordinator/send_check.html", context)
    context = {"form": form, "programme": programme, "sender": sender, "receiver": receiver, "pile": pile}
    return render(request, "coordinator/send.html", context)


def _receivers(programme: Programme, sender: Organisation) -> "QuerySet[Any]":
    """Nobody sends booklets to herself."""
    return receivers_of(programme, today_of(programme)).exclude(pk=sender.pk)


def _form(request: HttpRequest, pile: int) -> SendForm:
    filled = typed(request)
    return SendForm(
        # Back from the page that tells what will leave: as it was typed, to be corrected.
        None if filled is not None and "corriger" in filled else filled,
        pile=pile,
        initial=_initial(request.POST if request.method == "POST" else request.GET),
    )


def _initial(asked: QueryDict) -> dict[str, Any]:
    """What a link of the home, or a step back, says already."""
    given = {name: asked.get(name, "") for name in ("quoi", "nombre", "plages")}
    return {"quoi": PILE} | {name: value for name, value in given.items() if value}


def _pile(programme: Programme, sender: Organisation) -> int:
    return untouched(programme.pk, sender.pk).count()


def _ranges(form: SendForm, programme: Programme, sender: Organisation) -> list[BookletRange]:
    """What was asked, as ranges; nothing when it was refused, at the field that says it."""
    found: list[BookletRange] = []
    with refusals_in(form, "nombre" if form.by_count else "plages"):
        if form.by_count:
            found = first_of_the_pile(programme, sender.pk, form.cleaned_data["nombre"])
        else:
            found = read_ranges(form.cleaned_data["plages"], programme)
    return found


def _was_read(request: HttpRequest, form: SendForm, ranges: list[BookletRange]) -> bool:
    """Whether the booklets that would leave are those that were read.

    « The first 8 of my pile » are others once 8 have left: from another tab, or by a button pressed twice.
    """
    return not form.by_count or request.POST.get(READ) == _written(ranges)


def _written(ranges: list[BookletRange]) -> str:
    return " ".join(f"{one.batch_id}:{one.first_rank}-{one.last_rank}" for one in ranges)


def _may_leave(request: HttpRequest, form: SendForm, ends: Ends, ranges: list[BookletRange]) -> bool:
    sender, receiver = ends
    with refusals_in(form) as done:
        preview_send(by=actor_of(request), sender=sender, receiver=receiver, ranges=ranges)
    return bool(done)


def _sent(request: HttpRequest, form: SendForm, ends: Ends, ranges: list[BookletRange]) -> Transfer | None:
    (sender, receiver), sent = ends, None
    with refusals_in(form):
        sent = send(by=actor_of(request), sender=sender, receiver=receiver, ranges=ranges)
    if sent is not None:
        words = ngettext(
            "%(n)s chéquier part vers %(receiver)s. Imprimez le bordereau et joignez-le au colis.",
            "%(n)s chéquiers partent vers %(receiver)s. Imprimez le bordereau et joignez-le au colis.",
            sent.booklets_sent,
        )
        told = words % {"n": count(sent.booklets_sent), "receiver": sent.receiver.name}
        done_undoable(request, told, undo_url=reverse("coordinator:undo_send", args=[sent.pk]))
    return sent


def _told(programme: Programme, form: SendForm, receiver: Organisation, ranges: list[BookletRange]) -> dict[str, Any]:
    lines = listed(ranges)
    last_days = last_days_of(programme.pk)
    return {
        "programme": programme,
        "receiver": receiver,
        "lines": lines,
        "booklets": sum(line.booklets for line in lines),
        "passes": sum(line.passes for line in lines),
        "value": sum(line.value for line in lines),
        "inert": sum(line.booklets for line in lines if line.batch.activated_at is None),
        "until": min(last_days[line.batch.pk] for line in lines),
        "typed": [(name, form.cleaned_data[name] or "") for name in ("quoi", "nombre", "plages")]
        + [(READ, _written(ranges))],
    }


@require_POST
def undo(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Take back a parcel that was just announced."""
    found = transfer_of(request, transfer_id, MOVE_BOOKLETS)
    try:
        recall(by=actor_of(request), transfer=found, reason=_("Envoi annulé par la personne qui l’avait annoncé"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("L’envoi est annulé : les chéquiers sont revenus dans votre stock."))
    return redirect("coordinator:parcel", found.pk)
