from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from poincon.kernel import tables
from poincon.kernel.money import euros
from poincon.programmes.models import Programme
from poincon.settlement import rules
from poincon.settlement.documents import (
    passes_list_csv,
    sepa_file,
    settlement_statement_csv,
    settlement_statement_pdf,
)
from poincon.settlement.enums import PaymentBatchState, PaymentState
from poincon.settlement.models import Payment, PaymentBatch
from poincon.settlement.permissions import APPROVE_PAYMENTS, PREPARE_PAYMENTS, RECORD_PAYMENTS, SEE_PAYMENTS
from poincon.settlement.queries import batches_of_programme, to_pay
from poincon.settlement.services import (
    abandon_payments,
    approve_payments,
    confirm_paid,
    prepare_payments,
    reject_payment,
)
from poincon.www.accountant.forms import AbandonForm, ConfirmForm, PrepareForm, RejectForm
from poincon.www.accountant.lists import ORDERS, order_tag
from poincon.www.accountant.views.reach import order_of, payment_of
from poincon.www.base.about import about_programme
from poincon.www.base.forms import HouseForm, refusals_in, typed
from poincon.www.base.request import actor_of

#: The refusals that are about the day typed, not about the whole form.
DATED = {"payment_date_out_of_bounds": "on"}
GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@about_programme(SEE_PAYMENTS)
def orders(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """The payment orders of the programme looked at."""
    context = {
        "programme": programme,
        "to_pay": to_pay(programme),
        "can_prepare": actor_of(request).may(PREPARE_PAYMENTS, programme=programme),
    }
    return ORDERS.answer(request, batches_of_programme(programme), "accountant/orders.html", context)


@GET_AND_POST
@about_programme(PREPARE_PAYMENTS)
def prepare(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Choose the statements to pay together, and how."""
    form = PrepareForm(typed(request), programme=programme)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            made = prepare_payments(by=actor_of(request), programme=programme, **form.cleaned_data)
        if done:
            told = _("L’ordre n° %(order)s est préparé : %(total)s. Une autre personne doit l’approuver.")
            messages.success(request, told % {"order": made.pk, "total": euros(made.total)})
            return redirect("accountant:order", made.pk)
    context = {
        "form": form,
        "programme": programme,
        "to_pay": to_pay(programme),
        "submit": _("Préparer le paiement"),
        "cancel_url": reverse("accountant:orders"),
    }
    return render(request, "accountant/prepare.html", context)


@require_safe
def order(request: HttpRequest, payment_batch_id: int) -> HttpResponse:
    """One order: who is paid what, where it is, what may be done now."""
    found, actor = order_of(request, payment_batch_id, SEE_PAYMENTS), actor_of(request)
    prepared, approved = found.state == PaymentBatchState.PREPARED, found.state == PaymentBatchState.APPROVED
    mine = found.prepared_by_id == actor.user_id
    payments = list(found.payments.select_related("statement__operator").order_by("statement__number"))
    abandoned = found.state == PaymentBatchState.ABANDONED
    context = {
        "order": found,
        "state": order_tag(found),
        "payments": payments,
        "came_back": 0 if abandoned else sum(one.amount for one in payments if one.state == PaymentState.REJECTED),
        "is_transfer": rules.is_transfer(found.method),
        "mine": prepared and mine,
        "can_approve": prepared and not mine and actor.may(APPROVE_PAYMENTS, programme=found.programme),
        "can_abandon": prepared and actor.may(PREPARE_PAYMENTS, programme=found.programme),
        "can_record": approved and actor.may(RECORD_PAYMENTS, programme=found.programme),
        "can_reject": found.state in {PaymentBatchState.APPROVED, PaymentBatchState.CLOSED}
        and actor.may(RECORD_PAYMENTS, programme=found.programme),
    }
    return render(request, "accountant/order.html", context)


@GET_AND_POST
def approve(request: HttpRequest, payment_batch_id: int) -> HttpResponse:
    """Look again at the total and the payees, then approve."""
    found = order_of(request, payment_batch_id, APPROVE_PAYMENTS)
    form = HouseForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            approve_payments(by=actor_of(request), batch=found)
        if done:
            messages.success(request, _("L’ordre n° %(order)s est approuvé.") % {"order": found.pk})
            return redirect("accountant:order", found.pk)
    context = {"form": form, "verb": _("Approuver l’ordre"), "danger": False}
    return _about(request, found, "accountant/approve.html", context)


@GET_AND_POST
def abandon(request: HttpRequest, payment_batch_id: int) -> HttpResponse:
    """Give an order up before its approval."""
    found = order_of(request, payment_batch_id, PREPARE_PAYMENTS)
    form = AbandonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            abandon_payments(by=actor_of(request), batch=found, **form.cleaned_data)
        if done:
            told = _("L’ordre n° %(order)s est abandonné : ses relevés sont de nouveau à payer.")
            messages.success(request, told % {"order": found.pk})
            return redirect("accountant:order", found.pk)
    context = {"form": form, "verb": _("Abandonner l’ordre"), "danger": True}
    return _about(request, found, "accountant/abandon.html", context)


@GET_AND_POST
def confirm(request: HttpRequest, payment_batch_id: int) -> HttpResponse:
    """Note which payments are made, and on which day."""
    found = order_of(request, payment_batch_id, RECORD_PAYMENTS)
    today = rules.local_day(timezone.now(), found.programme.time_zone)
    form = ConfirmForm(typed(request), waiting=_waiting(found), today=today)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, at=DATED) as done:
            paid = confirm_paid(by=actor_of(request), batch=found, **form.cleaned_data)
        if done:
            total = sum(one.amount for one in paid)
            messages.success(request, _("%(total)s notés comme payés.") % {"total": euros(total)})
            return redirect("accountant:order", found.pk)
    context = {"form": form, "submit": _("Noter ces paiements"), "cancel_url": _url(found)}
    return render(request, "accountant/confirm.html", {**context, "order": found})


def _waiting(found: PaymentBatch) -> "QuerySet[Payment]":
    return found.payments.filter(state=PaymentState.WAITING).select_related("statement__operator").order_by("pk")


@GET_AND_POST
def reject(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Note that a payment came back: its statement is payable again."""
    payment = payment_of(request, payment_id, RECORD_PAYMENTS)
    today = rules.local_day(timezone.now(), payment.batch.programme.time_zone)
    form = RejectForm(typed(request), today=today)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, at=DATED) as done:
            reject_payment(by=actor_of(request), payment=payment, **form.cleaned_data)
        if done:
            told = _("Le relevé %(number)s est de nouveau à payer.") % {"number": payment.statement.number}
            messages.success(request, told)
            return redirect("accountant:order", payment.batch_id)
    context = {"form": form, "payment": payment, "verb": _("Noter le rejet"), "danger": True}
    return _about(request, payment.batch, "accountant/reject.html", context)


def _about(request: HttpRequest, found: PaymentBatch, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, {**context, "order": found, "cancel_url": _url(found)})


def _url(found: PaymentBatch) -> str:
    return reverse("accountant:order", args=[found.pk])


@require_safe
def paper(request: HttpRequest, payment_batch_id: int) -> HttpResponse:
    """The settlement statement (état liquidatif) as a PDF."""
    found = order_of(request, payment_batch_id, SEE_PAYMENTS)
    headers = {"Content-Disposition": f'inline; filename="ordre-{found.pk}-etat-liquidatif.pdf"'}
    return HttpResponse(settlement_statement_pdf(found), content_type="application/pdf", headers=headers)


@require_safe
def rows(request: HttpRequest, payment_batch_id: int) -> HttpResponseBase:
    """The payees of an order, as CSV for the payer's software."""
    found = order_of(request, payment_batch_id, SEE_PAYMENTS)
    return _csv(settlement_statement_csv(found), f"ordre-{found.pk}-etat-liquidatif.csv")


@require_safe
def passes(request: HttpRequest, payment_batch_id: int) -> HttpResponseBase:
    """The supporting document of an order: each pass by its print."""
    found = order_of(request, payment_batch_id, SEE_PAYMENTS)
    return _csv(passes_list_csv(found), f"ordre-{found.pk}-pass.csv")


def _csv(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type=tables.CSV, headers=headers)


@require_safe
def transfers(request: HttpRequest, payment_batch_id: int) -> HttpResponse:
    """The file of transfers for the bank (SEPA pain.001). Only an approved order has one."""
    found = order_of(request, payment_batch_id, SEE_PAYMENTS)
    if found.approved_by is None or not rules.is_transfer(found.method):
        # The order's page says why: an accountant pays it, or nobody approved it yet.
        return redirect("accountant:order", found.pk)
    headers = {"Content-Disposition": f'attachment; filename="ordre-{found.pk}-sepa.xml"'}
    return HttpResponse(sepa_file(found), content_type="application/xml", headers=headers)
