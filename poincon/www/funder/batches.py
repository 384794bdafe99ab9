"""Batches: order, look at the proof, print, activate. And each booklet: where it is, its story, stopping it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from poincon.kernel.audit import last_entry
from poincon.passes import permissions
from poincon.passes.codes import written
from poincon.passes.cover import cover
from poincon.passes.documents.content import LONGEST
from poincon.passes.documents.layout import Layout
from poincon.passes.models import Batch, Booklet
from poincon.passes.positions import positions_of
from poincon.passes.queries.batch import batch_last_day
from poincon.passes.queries.blocks import blocks_of
from poincon.passes.queries.history import events_of
from poincon.passes.services.activate import activate
from poincon.passes.services.block import block
from poincon.passes.services.order import NO_PASSES, cancel_batch, order_batch
from poincon.passes.services.printing import approve_proof, preview, preview_pictures, print_proof
from poincon.passes.tasks import PRINT_BATCH, ask_printing
from poincon.programmes.models import Programme
from poincon.www.base.about import about_programme, may
from poincon.www.base.booklets import booklet_state, facts_of
from poincon.www.base.forms import HouseForm, refusals_in, typed
from poincon.www.base.jobs import jobs_of
from poincon.www.base.parts import Step
from poincon.www.base.request import actor_of
from poincon.www.funder.batches_forms import BlockForm, CancelBatchForm, OrderForm
from poincon.www.funder.batches_list import BATCHES, BOOKLETS, batch_state, face_value

#: What a batch waits for once ordered, as its page counts the steps.
PROOF, PRINTING, ACTIVATION = 2, 3, 4
GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


def _of(programme: Programme, batch_id: int) -> Batch:
    rows = Batch.objects.select_related("programme__owner", "signing_key", "stock_holder")
    return get_object_or_404(rows, pk=batch_id, programme=programme)


@require_safe
@about_programme(permissions.SEE_BATCHES)
def batches(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """The batches of the programme looked at."""
    context = {"programme": programme, "may_order": may(request, permissions.ORDER_BATCH, programme)}
    rows = Batch.objects.filter(programme=programme)
    return BATCHES.answer(request, rows, "funder/batches.html", context)


@GET_AND_POST
@about_programme(permissions.ORDER_BATCH)
def order(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Order a batch: how many booklets, of which size; the rest follows the programme."""
    if not programme.uses_passes:
        messages.warning(request, str(NO_PASSES.filled()))
        return redirect("funder:batches")
    form = OrderForm(typed(request), programme=programme)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            batch = order_batch(by=actor_of(request), programme=programme, **form.cleaned_data)
        if done:
            told = _("Le lot %(number)s est commandé. Regardez son bon à tirer, puis validez-le.")
            messages.success(request, told % {"number": batch.number})
            return redirect("funder:batch", batch.pk)
    context = {
        "form": form,
        "programme": programme,
        "preview": _previewed(request, programme),
        "submit": _("Commander le lot"),
        "cancel_url": reverse("funder:batches"),
    }
    return render(request, "funder/order.html", context)


@require_safe
@about_programme(permissions.ORDER_BATCH)
def specimen(request: HttpRequest, programme: Programme, size: int) -> HttpResponse:
    """What a booklet of this size would look like, before anything is ordered."""
    if size not in programme.booklet_sizes:
        return redirect("funder:order")
    return _pdf(preview(by=actor_of(request), programme=programme, size=size), f"apercu-{size}-pass.pdf")


@require_safe
@about_programme(permissions.ORDER_BATCH)
def specimen_page(request: HttpRequest, programme: Programme, size: int, page: int) -> HttpResponse:
    """One page of it, the letter first, as a picture; the letter says what is being typed."""
    text = request.GET.get("letter_text", "")[: LONGEST["welcome_text"]]
    if size not in programme.booklet_sizes:
        raise Http404
    pages = preview_pictures(by=actor_of(request), programme=programme, size=size, letter_text=text)
    if not 1 <= page <= len(pages):
        raise Http404
    return HttpResponse(pages[page - 1], content_type="image/png")


def _previewed(request: HttpRequest, programme: Programme) -> dict[str, str]:
    """The pictures of what is being typed: the addresses of the letter and of the first sheet."""
    asked = request.POST if request.method == "POST" else request.GET
    sizes = [str(size) for size in programme.booklet_sizes]
    size = asked.get("size", "") if asked.get("size") in sizes else sizes[-1] if sizes else ""
    if not size:
        return {}
    query = urlencode({"letter_text": asked.get("letter_text", "").strip()[: LONGEST["welcome_text"]]})
    pages = {name: reverse("funder:specimen_page", args=[size, page]) for name, page in (("sheet", 2), ("letter", 1))}
    return {"size": size, **{name: f"{url}?{query}" for name, url in pages.items()}}


@require_safe
@about_programme(permissions.SEE_BATCHES)
def batch(request: HttpRequest, programme: Programme, batch_id: int) -> HttpResponse:
    """One batch: how far it is, what to do now."""
    found = _of(programme, batch_id)
    jobs = jobs_of(actor_of(request)).filter(kind=PRINT_BATCH, subject_id=str(found.pk))
    context = {
        "programme": programme,
        "batch": found,
        "state": batch_state(found),
        "value": face_value(found),
        "until": batch_last_day(found),
        "cancelled": last_entry("batch.cancel", found) if found.cancelled_at else None,
        "steps": [Step(label) for label in (_("Commande"), _("Bon à tirer"), _("Impression"), _("Activation"))],
        "step": _step(found),
        "booklets_url": f"{reverse('funder:booklets')}?lot={found.number}",
        "job": jobs.order_by("-pk").first(),
        "may_order": may(request, permissions.ORDER_BATCH, programme),
        "may_print": may(request, permissions.PRINT_BATCH, programme),
        "may_activate": may(request, permissions.ACTIVATE_BATCH, programme),
    }
    return render(request, "funder/batch.html", context)


def _step(found: Batch) -> int:
    """The step to do now, from 1."""
    return PROOF + bool(found.proof_approved_at) + bool(found.printed_at)


def _waits_for(found: Batch, *steps: int) -> bool:
    """Whether the batch is still at one of these steps: another tab may ask for one that is done."""
    return not found.cancelled_at and not found.activated_at and _step(found) in steps


def _no_more(request: HttpRequest, found: Batch) -> HttpResponse:
    told = _("Le lot %(number)s n’attend plus cela : voici où il en est.")
    messages.info(request, told % {"number": found.number})
    return redirect("funder:batch", found.pk)


@require_safe
@about_programme(permissions.ORDER_BATCH)
def proof(request: HttpRequest, programme: Programme, batch_id: int) -> HttpResponse:
    """The proof to approve (bon à tirer), as a PDF."""
    found = _of(programme, batch_id)
    with TemporaryDirectory() as folder:
        path = print_proof(by=actor_of(request), batch=found, out=Path(folder), layout=Layout())
        return _pdf(path.read_bytes(), path.name)


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@GET_AND_POST
@about_programme(permissions.ORDER_BATCH)
def approve(request: HttpRequest, programme: Programme, batch_id: int) -> HttpResponse:
    """Approve the proof: the batch may then be printed."""
    found = _of(programme, batch_id)
    if not _waits_for(found, PROOF):
        return _no_more(request, found)
    form = HouseForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            approve_proof(by=actor_of(request), batch=found)
        if done:
            messages.success(request, _("Le bon à tirer du lot %(number)s est validé.") % {"number": found.number})
            return redirect("funder:batch", found.pk)
    return _asked(request, found, form, "funder/approve_proof.html", _("Valider le bon à tirer"))


@GET_AND_POST
@about_programme(permissions.PRINT_BATCH)
def printing(request: HttpRequest, programme: Programme, batch_id: int) -> HttpResponse:
    """Start printing; the work goes on by itself and is followed on its page."""
    found = _of(programme, batch_id)
    if not _waits_for(found, PROOF, PRINTING):
        return _no_more(request, found)
    form = HouseForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            job = ask_printing(by=actor_of(request), batch=found)
        if done:
            return redirect("job", job.pk)
    return _asked(request, found, form, "funder/print.html", _("Imprimer le lot"))


@GET_AND_POST
@about_programme(permissions.ACTIVATE_BATCH)
def activation(request: HttpRequest, programme: Programme, batch_id: int) -> HttpResponse:
    """Activate a batch, if the money behind its passes is recorded."""
    found = _of(programme, batch_id)
    if not _waits_for(found, ACTIVATION):
        return _no_more(request, found)
    form = HouseForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            activate(by=actor_of(request), batch=found)
        if done:
            messages.success(request, _("Le lot %(number)s est actif.") % {"number": found.number})
            return redirect("funder:batch", found.pk)
    figures, value = cover(programme), face_value(found)
    missing = figures.missing(more=value)
    # Nothing to confirm while the money is not there: the page says how much, and where it is recorded.
    more = {"cover": figures, "value": value, "missing": missing, "impossible": bool(missing)}
    return _asked(request, found, form, "funder/activate.html", _("Activer le lot"), **more)


@GET_AND_POST
@about_programme(permissions.ORDER_BATCH)
def cancellation(request: HttpRequest, programme: Programme, batch_id: int) -> HttpResponse:
    """Cancel a batch that is not printed yet."""
    found = _of(programme, batch_id)
    if not _waits_for(found, PROOF, PRINTING):
        return _no_more(request, found)
    form = CancelBatchForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            cancel_batch(by=actor_of(request), batch=found, **form.cleaned_data)
        if done:
            messages.success(request, _("Le lot %(number)s est annulé.") % {"number": found.number})
            return redirect("funder:batch", found.pk)
    return _asked(request, found, form, "funder/cancel_batch.html", _("Annuler le lot"), danger=True)


def _asked(
    request: HttpRequest, found: Batch, form: HouseForm, template: str, verb: str, **more: object
) -> HttpResponse:
    context = {"form": form, "batch": found, "verb": verb, "cancel_url": reverse("funder:batch", args=[found.pk])}
    return render(request, template, {"danger": False, **context, **more})


@require_safe
@about_programme(permissions.SEE_BATCHES)
def booklets(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """Every booklet of the programme: found by number, by holder, by state."""
    rows = Booklet.objects.filter(batch__programme=programme).select_related("batch", "holder")
    return BOOKLETS.answer(request, rows, "funder/booklets.html", {"programme": programme})


@require_safe
@about_programme(permissions.SEE_BATCHES)
def booklet(request: HttpRequest, programme: Programme, booklet_id: int) -> HttpResponse:
    """One booklet: its passes, who holds it, what happened. Never the name of the person who carries it."""
    found = _booklet(programme, booklet_id)
    stopped = blocks_of(programme).filter(booklet=found).first()
    context = {
        "booklet": found,
        "number": written(found.number),
        "stopped": stopped,
        "replaced_by": written(stopped.new_number) if stopped and stopped.new_number else "",
        "state": booklet_state(found),
        "until": batch_last_day(found.batch),
        "used_positions": positions_of(found.used),
        "facts": facts_of(events_of([found.pk])),
        "may_block": may(request, permissions.BLOCK, programme),
    }
    return render(request, "funder/booklet.html", context)


@GET_AND_POST
@about_programme(permissions.BLOCK)
def stop(request: HttpRequest, programme: Programme, booklet_id: int) -> HttpResponse:
    """Stop a booklet that is lost, stolen or wrong."""
    found = _booklet(programme, booklet_id)
    form = BlockForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            block(by=actor_of(request), number=written(found.number), **form.cleaned_data)
        if done:
            told = _("Le chéquier %(number)s est en opposition : il est refusé partout dès maintenant.")
            messages.success(request, told % {"number": written(found.number)})
            return redirect("funder:booklet", found.pk)
    context = {
        "form": form,
        "booklet": found,
        "number": written(found.number),
        "left": found.left,
        "verb": _("Mettre en opposition"),
        "danger": True,
        "cancel_url": reverse("funder:booklet", args=[found.pk]),
    }
    return render(request, "funder/stop.html", context)


def _booklet(programme: Programme, booklet_id: int) -> Booklet:
    rows = Booklet.objects.select_related("batch__programme", "holder")
    return get_object_or_404(rows, pk=booklet_id, batch__programme=programme)
