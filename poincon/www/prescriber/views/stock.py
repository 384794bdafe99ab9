"""The booklets of a prescriber: the list, one booklet, lost, replaced, given back, asked for."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from poincon.organisations.models import Organisation
from poincon.passes import codes
from poincon.passes.enums import BlockReason, Custody, Validity
from poincon.passes.models import Booklet, HandOver
from poincon.passes.positions import all_passes, positions_of
from poincon.passes.queries.batch import batch_last_day, last_days_of
from poincon.passes.queries.history import events_of
from poincon.passes.queries.stock import glance, to_hand, untouched
from poincon.passes.ranges import BookletRange, range_between, ranges_of
from poincon.passes.services.ask import ask_for_booklets
from poincon.passes.services.block import block, replace
from poincon.passes.services.move import return_booklets
from poincon.programmes.models import Programme
from poincon.www.base.booklets import booklet_state, facts_of
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.base.undo import done_undoable
from poincon.www.prescriber.forms.stock import ALL_OF_IT, AskForm, LostForm, ReplaceForm, ReturnForm
from poincon.www.prescriber.lists import given_to, stock_list
from poincon.www.prescriber.reach import desk, reach


@require_safe
def stock(request: HttpRequest) -> HttpResponseBase:
    """Every booklet the organisation holds or handed over, in the programme looked at."""
    _worn, organisation, programme = desk(request)
    rows = Booklet.objects.filter(holder=organisation, batch__programme=programme).select_related("batch")
    figures = glance(programme.pk, organisation.pk) if programme else None
    last_days = last_days_of(programme.pk) if programme else {}
    return stock_list(last_days).answer(request, rows, "prescriber/stock.html", {"figures": figures})


@require_safe
def booklet(request: HttpRequest, booklet_id: int) -> HttpResponse:
    """One booklet: its passes, who has it, what happened, what can be done."""
    found = _mine(request, booklet_id)
    given = _live_hand_overs(found)
    context = {
        **_about(found),
        "given": [(one, given_to(one), (one.passes & ~found.used).bit_count()) for one in given],
        "facts": facts_of(events_of([found.pk])),
        "free": found.size - found.handed.bit_count(),
        "hands_over": found.custody == Custody.STOCK and found.validity == Validity.ACTIVE,
        "may_block": found.validity in (Validity.ACTIVE, Validity.INERT) and found.used != all_passes(found.size),
        "may_replace": bool(_to_replace(found, given)),
    }
    return render(request, "prescriber/booklet.html", context)


def lost(request: HttpRequest, booklet_id: int) -> HttpResponse:
    """Stop a booklet: lost, stolen, damaged, given by mistake."""
    found = _mine(request, booklet_id)
    form = LostForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            block(
                by=actor_of(request),
                number=codes.written(found.number),
                reason=BlockReason(form.cleaned_data["motif"]),
                note=form.cleaned_data["precision"],
            )
        if done:
            told = _("Le chéquier %(number)s ne peut plus servir.") % {"number": codes.written(found.number)}
            messages.success(request, told)
            return redirect("prescriber:booklet", found.pk)
    context = {
        **_about(found),
        "form": form,
        "left": (found.handed & ~found.used).bit_count(),
        "verb": _("Mettre en opposition"),
        "danger": True,
        "cancel_url": reverse("prescriber:booklet", args=[found.pk]),
    }
    return render(request, "prescriber/lost.html", context)


def replacement(request: HttpRequest, booklet_id: int) -> HttpResponse:
    """Give the person of a blocked booklet as many passes as were left."""
    found = _mine(request, booklet_id)
    waiting = _to_replace(found, _live_hand_overs(found))
    choices = [(one, _choice(one, found)) for one in waiting]
    form = ReplaceForm(typed(request), hand_overs=choices)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "numero") as done:
            made = replace(
                by=actor_of(request),
                prescriber=_holder(found),
                number=codes.written(found.number),
                new_number=form.cleaned_data["numero"],
                hand_over=form.replaced,
            )
        if done:
            return redirect("prescriber:hand_over_done", made.pk)
    pile = to_hand(found.batch.programme_id, _holder(found).pk).first()
    context = {
        **_about(found),
        "form": form,
        "waiting": choices,
        "next": codes.written(pile.number) if pile else "",
        "submit": _("Remettre le nouveau chéquier"),
        "cancel_url": reverse("prescriber:booklet", args=[found.pk]),
    }
    return render(request, "prescriber/replace.html", context)


def give_back(request: HttpRequest) -> HttpResponse:
    """Return booklets to the lead network, or to the funder."""
    _worn, organisation, programme = desk(request)
    free = untouched(programme.pk, organisation.pk) if programme else Booklet.objects.none()
    count = free.count()
    receivers = _receivers(programme, organisation) if programme else []
    form = ReturnForm(typed(request), receivers=receivers, untouched=count)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            sent = return_booklets(
                by=actor_of(request), sender=organisation, receiver=form.receiver, ranges=_ranges(form, free)
            )
        if done:
            told = ngettext(
                "%(n)s chéquier est parti. Joignez le bordereau au colis.",
                "%(n)s chéquiers sont partis. Joignez le bordereau au colis.",
                sent.booklets_sent,
            ) % {"n": sent.booklets_sent}
            done_undoable(request, told, undo_url=reverse("prescriber:undo_return", args=[sent.pk]))
            return redirect("prescriber:parcel", sent.pk)
    context = {
        "form": form,
        "count": count,
        "submit": _("Rendre ces chéquiers"),
        "cancel_url": reverse("prescriber:stock"),
    }
    return render(request, "prescriber/give_back.html", context)


def ask(request: HttpRequest) -> HttpResponse:
    """Ask the lead network for more booklets."""
    _worn, organisation, programme = desk(request)
    form = AskForm(typed(request))
    if request.method == "POST" and programme is not None and form.is_valid():
        with refusals_in(form) as done:
            ask_for_booklets(
                by=actor_of(request),
                programme=programme,
                prescriber=organisation,
                booklets=form.cleaned_data["nombre"],
                note=form.cleaned_data["precision"],
            )
        if done:
            messages.success(
                request, _("Votre demande est partie par courriel. Vous serez prévenu quand un colis partira.")
            )
            return redirect("prescriber:stock")
    context = {
        "form": form,
        "programme": programme,
        "whom": _whom(programme),
        "figures": glance(programme.pk, organisation.pk) if programme else None,
        "submit": _("Envoyer la demande"),
        "cancel_url": reverse("prescriber:stock"),
    }
    return render(request, "prescriber/ask.html", context)


def _mine(request: HttpRequest, booklet_id: int) -> Booklet:
    hers = reach(request, organisation="holder", programme="batch__programme")
    return get_object_or_404(Booklet.objects.filter(hers).select_related("batch__programme", "holder"), pk=booklet_id)


def _holder(found: Booklet) -> Organisation:
    if found.holder is None:
        raise LookupError("a booklet that is hers has a holder")
    return found.holder


def _about(found: Booklet) -> dict[str, Any]:
    return {
        "booklet": found,
        "number": codes.written(found.number),
        "state": booklet_state(found),
        "used_positions": positions_of(found.used),
        "until": batch_last_day(found.batch),
        "dead": found.validity in (Validity.BLOCKED, Validity.EXPIRED),
    }


def _live_hand_overs(found: Booklet) -> list[HandOver]:
    live = found.hand_overs.filter(cancellation=None).select_related("case_file__beneficiary")
    return list(live.order_by("pk"))


def _to_replace(found: Booklet, given: Sequence[HandOver]) -> list[HandOver]:
    """The hand-overs of a blocked booklet whose unused passes nobody gave again."""
    if found.validity != Validity.BLOCKED:
        return []
    left = [one for one in given if one.passes & ~found.used]
    done = set(HandOver.objects.filter(replaces__in=left, cancellation=None).values_list("replaces_id", flat=True))
    return [one for one in left if one.pk not in done]


def _choice(given: HandOver, found: Booklet) -> str:
    left = (given.passes & ~found.used).bit_count()
    return _("%(name)s : %(left)s pass à redonner") % {"name": given_to(given), "left": left}


def _receivers(programme: Programme, organisation: Organisation) -> list[Organisation]:
    those = [programme.lead_network, programme.owner]
    return [one for one in dict.fromkeys(those) if one is not None and one != organisation]


def _ranges(form: ReturnForm, free: Any) -> list[BookletRange]:
    if form.cleaned_data["quoi"] == ALL_OF_IT:
        return ranges_of(free.values_list("batch_id", "rank"))
    first = form.cleaned_data["premier"]
    return [range_between(first, form.cleaned_data["dernier"] or first)]


def _whom(programme: Programme | None) -> str:
    if programme is None:
        return ""
    return (programme.lead_network or programme.owner).name
