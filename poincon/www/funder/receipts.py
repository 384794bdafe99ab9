"""The money received for a programme: recorded, honoured, corrected; nothing is ever erased."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from poincon.kernel.money import euros
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import FundingReceipt, Programme
from poincon.programmes.permissions import RECORD_RECEIPT, SEE_MONEY
from poincon.programmes.queries import receipts_by_kind
from poincon.programmes.services import correct_receipt, record_receipt
from poincon.www.base.about import about_programme, may, today_of
from poincon.www.base.forms import HouseForm, refusals_in, typed
from poincon.www.base.parts import Fact, Tone
from poincon.www.base.request import actor_of
from poincon.www.funder.receipts_forms import CashForm, CorrectionForm, ReceiptForm
from poincon.www.funder.receipts_list import RECEIPTS, filters_of, is_corrected, kind_tag, receipts_of, standing

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@about_programme(SEE_MONEY)
def receipts(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """What was received or promised, line by line."""
    totals = receipts_by_kind(programme.pk)
    context = {
        "programme": programme,
        "cash": totals[ReceiptKind.CASH],
        "commitments": totals[ReceiptKind.COMMITMENT],
        "total": sum(totals.values()),
        "records": may(request, RECORD_RECEIPT, programme),
    }
    rows, filters = receipts_of(programme), filters_of(programme)
    return RECEIPTS.answer(request, rows, "funder/receipts.html", context, filters=filters)


@form_page
@about_programme(RECORD_RECEIPT)
def record(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Record money that arrived, or that a decision promises."""
    form = ReceiptForm(typed(request), programme=programme, initial={"recu": today_of(programme)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals_in(form) as done:
            receipt = record_receipt(
                by=actor_of(request),
                programme=programme,
                kind=ReceiptKind(values["nature"]),
                amount=values["montant"],
                received_on=values["recu"],
                reference=values["reference"],
                funding=values["financeur"],
            )
        if done:
            return _recorded(request, receipt)
    return render(request, "funder/receipt_record.html", _form_context(form, _("Enregistrer"), "funder:receipts"))


@require_safe
@about_programme(SEE_MONEY)
def receipt(request: HttpRequest, programme: Programme, receipt_id: int) -> HttpResponse:
    """One receipt, and everything that was said of it since."""
    row = _receipt(programme, receipt_id)
    context = {
        "programme": programme,
        "receipt": row,
        "tag": kind_tag(row),
        "standing": standing(row),
        "left": _left(row),
        "corrected": is_corrected(row),
        "facts": _facts(row),
        "records": may(request, RECORD_RECEIPT, programme),
    }
    return render(request, "funder/receipt.html", context)


@form_page
@about_programme(RECORD_RECEIPT)
def honour(request: HttpRequest, programme: Programme, receipt_id: int) -> HttpResponse:
    """Record the cash that answers a commitment: the same money counts once."""
    promised = _receipt(programme, receipt_id)
    left = _left(promised)
    if not left:
        messages.info(request, _("« %(reference)s » n’attend plus d’argent.") % {"reference": promised.reference})
        return redirect("funder:receipt", promised.pk)
    form = CashForm(typed(request), initial={"montant": left, "recu": today_of(programme)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals_in(form) as done:
            receipt = record_receipt(
                by=actor_of(request),
                programme=programme,
                kind=ReceiptKind.CASH,
                amount=values["montant"],
                received_on=values["recu"],
                reference=values["reference"],
                funding=promised.funding,
                realises=promised,
            )
        if done:
            return _recorded(request, receipt)
    context = {"promised": promised, "left": left, **_form_context(form, _("Enregistrer le versement"), "")}
    context["cancel_url"] = reverse("funder:receipt", args=[promised.pk])
    return render(request, "funder/receipt_honour.html", context)


@form_page
@about_programme(RECORD_RECEIPT)
def correct(request: HttpRequest, programme: Programme, receipt_id: int) -> HttpResponse:
    """Take back a receipt recorded by mistake, and say why."""
    wrong = _receipt(programme, receipt_id)
    if wrong.corrects is not None or is_corrected(wrong):
        messages.info(request, _("« %(reference)s » est déjà corrigé.") % {"reference": wrong.reference})
        return redirect("funder:receipt", wrong.pk)
    form = CorrectionForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            correct_receipt(by=actor_of(request), receipt=wrong, reason=form.cleaned_data["motif"])
        if done:
            said = _("« %(reference)s » est corrigé : %(amount)s ne comptent plus.")
            messages.success(request, said % {"reference": wrong.reference, "amount": euros(wrong.amount)})
            return redirect("funder:receipt", wrong.pk)
    context = {"receipt": wrong, "form": form, "verb": _("Corriger ce versement"), "danger": True}
    context["cancel_url"] = reverse("funder:receipt", args=[wrong.pk])
    return render(request, "funder/receipt_correct.html", context)


def _receipt(programme: Programme, receipt_id: int) -> Any:
    return get_object_or_404(receipts_of(programme), pk=receipt_id)


def _left(row: Any) -> int:
    """What a commitment still waits for, in cents; nothing for money that has arrived, or that was corrected."""
    still_open = row.kind == ReceiptKind.COMMITMENT and row.corrects is None and not is_corrected(row)
    return max(row.amount - row.honoured, 0) if still_open else 0


def _form_context(form: HouseForm, submit: Any, cancel: str) -> dict[str, Any]:
    return {"form": form, "submit": submit, "cancel_url": reverse(cancel) if cancel else ""}


def _recorded(request: HttpRequest, receipt: FundingReceipt) -> HttpResponse:
    said = _("%(amount)s enregistrés sous la référence « %(reference)s ».")
    messages.success(request, said % {"amount": euros(receipt.amount), "reference": receipt.reference})
    return redirect("funder:receipts")


def _facts(row: Any) -> list[Fact]:
    """What happened to a receipt, latest first."""
    facts = [Fact(row.recorded_at, _("Enregistré"), by=row.recorded_by_label, tone=Tone.GOOD)]
    for answer in row.realisations.select_related("corrects").order_by("pk"):
        words = _("%(amount)s reçus, référence « %(reference)s »") if answer.amount > 0 else _("%(amount)s repris")
        told = words % {"amount": euros(abs(answer.amount)), "reference": answer.reference}
        address = reverse("funder:receipt", args=[answer.pk])
        facts.append(Fact(answer.recorded_at, told, by=answer.recorded_by_label, tone=Tone.INFO, url=address))
    if is_corrected(row):
        fix = row.correction
        address = reverse("funder:receipt", args=[fix.pk])
        facts.append(
            Fact(
                fix.recorded_at,
                _("Corrigé"),
                by=fix.recorded_by_label,
                detail=fix.reference,
                tone=Tone.BAD,
                url=address,
            )
        )
    return facts[::-1]
