from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from poincon.kernel import tables
from poincon.kernel.audit import last_entry
from poincon.programmes.models import Programme
from poincon.settlement import rules
from poincon.settlement.documents import statement_csv, statement_pdf
from poincon.settlement.enums import StatementState
from poincon.settlement.permissions import CANCEL_STATEMENT, CLOSE_MONTH, SEE_STATEMENTS
from poincon.settlement.queries import (
    by_month,
    by_venue_and_service,
    corrected_elsewhere,
    owed_back,
    payments_of,
    statements_of_programme,
    to_pay,
)
from poincon.settlement.refusals import NOT_CANCELLABLE
from poincon.settlement.services import cancel_statement
from poincon.settlement.services.cancelling import CANCELLABLE
from poincon.settlement.tasks import ask_closing
from poincon.www.accountant.forms import CloseMonthForm, ReasonForm
from poincon.www.accountant.lists import STATEMENTS, statement_tag
from poincon.www.accountant.views.reach import statement_of
from poincon.www.base.about import about_programme
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.hats import worn_hat
from poincon.www.base.request import actor_of
from poincon.www.templatetags.humane import month


@require_safe
@about_programme(SEE_STATEMENTS)
def statements(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """The statements of the programme looked at."""
    context = {"programme": programme, "to_pay": to_pay(programme), "debts": owed_back(programme)}
    rows = statements_of_programme(programme)
    if not actor_of(request).may(SEE_STATEMENTS, programme=programme):
        # Somebody of an operator sees those of her structure.
        rows, context["debts"] = rows.filter(operator=worn_hat(request).membership.organisation_id), []
    return STATEMENTS.answer(request, rows, "accountant/statements.html", context)


@require_safe
def statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """What one statement is made of, and how it was paid."""
    found = statement_of(request, statement_id, SEE_STATEMENTS)
    is_cancelled = found.state == StatementState.CANCELLED
    context = {
        "statement": found,
        "month": month(found.month),
        "state": statement_tag(found),
        "slices": by_venue_and_service(found),
        "months": [(month(_first(one.labels)), one) for one in by_month(found)],
        "payments": payments_of(found),
        "can_cancel": found.state in CANCELLABLE and actor_of(request).may(CANCEL_STATEMENT, programme=found.programme),
        "others": corrected_elsewhere(found),
        "cancelled": last_entry("settlement.cancel_statement", found) if is_cancelled else None,
    }
    return render(request, "accountant/statement.html", context)


def _first(labels: tuple[str, ...]) -> date:
    year, month = labels
    return date(int(year), int(month), 1)


@require_safe
def statement_paper(request: HttpRequest, statement_id: int) -> HttpResponse:
    """The statement as a PDF."""
    found = statement_of(request, statement_id, SEE_STATEMENTS)
    return _file(statement_pdf(found), f"releve-{found.number}.pdf", "application/pdf")


@require_safe
def statement_rows(request: HttpRequest, statement_id: int) -> HttpResponseBase:
    """The passes of a statement, one by one, as CSV."""
    found = statement_of(request, statement_id, SEE_STATEMENTS)
    headers = {"Content-Disposition": f'attachment; filename="releve-{found.number}.csv"'}
    return StreamingHttpResponse(statement_csv(found), content_type=tables.CSV, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Ask why, then cancel a statement that nobody started to pay."""
    found = statement_of(request, statement_id, CANCEL_STATEMENT)
    if found.state == StatementState.CANCELLED:
        told = NOT_CANCELLABLE.filled(number=found.number, state=found.get_state_display())
        messages.info(request, str(told.sentence))
        return redirect("accountant:statement", found.pk)
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            cancel_statement(by=actor_of(request), statement=found, **form.cleaned_data)
        if done:
            messages.success(request, _("Le relevé %(number)s est annulé.") % {"number": found.number})
            return redirect("accountant:statement", found.pk)
    context = {"form": form, "statement": found, "verb": _("Annuler le relevé"), "danger": True}
    return render(request, "accountant/cancel_statement.html", {**context, "cancel_url": _url(found.pk)})


def _url(statement_id: int) -> str:
    return reverse("accountant:statement", args=[statement_id])


@require_http_methods(["GET", "HEAD", "POST"])
@about_programme(CLOSE_MONTH)
def close(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Choose a month that is over; the work goes on by itself and is followed on its page."""
    today = rules.local_day(timezone.now(), programme.time_zone)
    form = CloseMonthForm(typed(request), programme=programme, today=today)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            job = ask_closing(by=actor_of(request), programme=programme, month=form.cleaned_data["mois"])
        if done:
            return redirect("job", job.pk)
    context = {"form": form, "programme": programme, "submit": _("Arrêter le mois"), "cancel_url": None}
    return render(request, "accountant/close_month.html", context)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'inline; filename="{name}"'})
