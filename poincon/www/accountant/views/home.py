from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from poincon.passes.cover import cover
from poincon.passes.queries.waiting import waiting_batches
from poincon.programmes.models import Programme
from poincon.settlement import rules
from poincon.settlement.enums import PaymentBatchState, StatementState
from poincon.settlement.models import PaymentBatch, Statement
from poincon.settlement.queries import owed_back, to_pay, unclosed_since
from poincon.www.base.hats import worn_hat
from poincon.www.base.request import actor_of
from poincon.www.templatetags.humane import month


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is to pay, what waits for somebody, what is behind the passes."""
    hat = worn_hat(request)
    if hat.programme is None:
        return render(request, "accountant/home.html", {"hat": hat, "programme": None})
    return render(request, "accountant/home.html", {"hat": hat, **_about(hat.programme, actor_of(request).user_id)})


def _about(programme: Programme, user_id: int | None) -> dict[str, object]:
    orders = PaymentBatch.objects.filter(programme=programme).select_related("prepared_by").order_by("pk")
    prepared = list(orders.filter(state=PaymentBatchState.PREPARED))
    return {
        "programme": programme,
        "to_pay": to_pay(programme),
        "month": _month_to_close(programme),
        "to_approve": [one for one in prepared if one.prepared_by_id != user_id],
        "elsewhere": [one for one in prepared if one.prepared_by_id == user_id],
        "to_activate": waiting_batches(programme.pk).to_activate,
        "to_confirm": list(orders.filter(state=PaymentBatchState.APPROVED)),
        "cover": cover(programme),
        "debts": owed_back(programme),
        "latest": _latest(programme),
    }


def _month_to_close(programme: Programme) -> str:
    """The oldest month that is over and still owes passes, in words; empty when nothing waits."""
    today = rules.local_day(timezone.now(), programme.time_zone)
    first = unclosed_since(programme, before=today.replace(day=1))
    return month(first) if first is not None else ""


def _latest(programme: Programme) -> list[tuple[Statement, str]]:
    """The last statements made, each with its month in words."""
    recent: date = timezone.localdate() - timedelta(days=400)
    statements = Statement.objects.filter(programme=programme, month__gte=recent).exclude(
        state=StatementState.CANCELLED
    )
    latest = statements.select_related("operator").order_by("-pk")[:5]
    return [(one, month(one.month)) for one in latest]
