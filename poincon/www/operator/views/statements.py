"""What the structure is owed: its statements, what each is made of, whether it is paid."""

from datetime import date

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from poincon.kernel import tables
from poincon.kernel.audit import last_entry
from poincon.kernel.models import AuditEntry
from poincon.organisations.enums import Role
from poincon.organisations.permissions import SET_BANK_ACCOUNT
from poincon.organisations.services import set_bank_account
from poincon.settlement import queries
from poincon.settlement.documents.lists import statement_csv
from poincon.settlement.documents.statement import statement_pdf
from poincon.settlement.enums import PaymentBatchState, PaymentState, StatementState
from poincon.settlement.models import Payment, Statement
from poincon.settlement.permissions import SEE_STATEMENTS
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.parts import Fact, Tone
from poincon.www.base.request import actor_of
from poincon.www.operator.covers import covers_of
from poincon.www.operator.desk import desk_of
from poincon.www.operator.forms.managing import AccountForm
from poincon.www.operator.lists import STATEMENTS, statement_tag
from poincon.www.templatetags.humane import of_month


@require_safe
def statements(request: HttpRequest) -> HttpResponseBase:
    """The statements of the structure; and what stands behind the passes of the programmes that run."""
    desk, today = desk_of(request), timezone.localdate()
    rows = queries.statements_of_operator(desk.operator.pk, programme=desk.only).prefetch_related(queries.WITH_PAYMENTS)
    running = [one for one in desk.programmes if one.starts_on <= today <= one.ends_on]
    covers = covers_of(running)
    context = {
        "covers": [(programme, covers[programme.pk]) for programme in running if programme.pk in covers],
        "account": queries.live_account(desk.operator.pk) if desk.may(SET_BANK_ACCOUNT) else None,
        "may_set_account": desk.may(SET_BANK_ACCOUNT),
    }
    return STATEMENTS.answer(request, rows, "operator/statements.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The bank account on which the structure is paid."""
    desk = desk_of(request)
    form = AccountForm(typed(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals_in(form):
            set_bank_account(
                by=desk.actor,
                organisation=desk.operator,
                holder=values["titulaire"],
                iban=values["iban"],
                bic=values["bic"],
            )
            messages.success(request, _("Le compte est enregistré : vos prochains relevés y seront payés."))
            return redirect("operator:statements")
    known = queries.live_account(desk.operator.pk) if desk.may(SET_BANK_ACCOUNT) else None
    context = {"form": form, "account": known, "submit": _("Enregistrer ce compte")}
    return render(request, "operator/account.html", context | {"cancel_url": reverse("operator:statements")})


@require_safe
def statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """One statement: what it counts, what became of it."""
    found = _reached(request, statement_id)
    prefetch_related_objects([found], queries.WITH_PAYMENTS)
    payments = list(found.payments.all())
    cancelled = last_entry("settlement.cancel_statement", found) if found.state == StatementState.CANCELLED else None
    context = {
        "statement": found,
        "title": _("Relevé %(month)s") % {"month": of_month(found.month)},
        "state": statement_tag(found),
        "slices": queries.by_venue_and_service(found),
        "corrections": queries.corrections(found),
        "corrected_by": queries.corrected_elsewhere(found),
        "facts": _facts(found, payments, cancelled),
        "returned": queries.payment_returned(found),
        "cancelled": cancelled,
        "may_set_account": desk_of(request).may(SET_BANK_ACCOUNT),
    }
    return render(request, "operator/statement.html", context)


@require_safe
def pdf(request: HttpRequest, statement_id: int) -> HttpResponse:
    """The statement on paper."""
    found = _reached(request, statement_id)
    return HttpResponse(
        statement_pdf(found), content_type="application/pdf", headers=_named(f"releve-{found.number}.pdf", "inline")
    )


@require_safe
def passes(request: HttpRequest, statement_id: int) -> StreamingHttpResponse | FileResponse:
    """Every pass of a statement, as a table."""
    found = _reached(request, statement_id)
    return StreamingHttpResponse(
        statement_csv(found), content_type=tables.CSV, headers=_named(f"releve-{found.number}.csv", "attachment")
    )


def _reached(request: HttpRequest, statement_id: int) -> Statement:
    """The statement, for whoever manages the operator it is owed to; others have their own pages for it."""
    found = get_object_or_404(Statement.objects.select_related("programme__owner", "operator"), pk=statement_id)
    managed = found.operator_id in actor_of(request).organisation_ids([Role.OPERATOR_MANAGER])
    if not managed or not actor_of(request).may(
        SEE_STATEMENTS, programme=found.programme, organisation_id=found.operator_id
    ):
        raise Http404
    return found


def _named(name: str, disposition: str) -> dict[str, str]:
    return {"Content-Disposition": f'{disposition}; filename="{name}"'}


def _facts(found: Statement, payments: list[Payment], cancelled: AuditEntry | None) -> list[Fact]:
    """What happened to it, the last thing first."""
    facts = [Fact(found.closed_at, _("Relevé arrêté"), by=found.closed_by_label)]
    for payment in payments:
        if payment.decided_on is not None:
            facts.append(_decision(payment, payment.decided_on))
        elif payment.batch.approved_at is not None:
            facts.append(Fact(payment.batch.approved_at, _("Paiement approuvé"), detail=payment.end_to_end))
    if cancelled is not None:
        facts.append(Fact(cancelled.at, _("Relevé annulé"), detail=cancelled.after["reason"], tone=Tone.CAREFUL))
    return facts[::-1]


def _decision(payment: Payment, day: date) -> Fact:
    if payment.batch.state == PaymentBatchState.ABANDONED:
        return Fact(day, _("Ordre de paiement abandonné : le relevé attend le prochain"))
    if payment.state == PaymentState.REJECTED:
        return Fact(day, _("Paiement rejeté"), detail=payment.rejection, tone=Tone.BAD)
    reference = _("Référence %(reference)s") % {"reference": payment.end_to_end}
    return Fact(day, _("Payé"), detail=reference, tone=Tone.GOOD)
