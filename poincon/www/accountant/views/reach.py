"""What the person who asks may reach: the programmes of her hat, their statements, orders and payments."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from poincon.organisations.actors import Right
from poincon.settlement.models import Payment, PaymentBatch, Statement
from poincon.www.base.hats import worn_hat
from poincon.www.base.request import actor_of


def statement_of(request: HttpRequest, statement_id: int, right: Right) -> Statement:
    """A statement of a programme of the hat, or 404. Raises the refusal ``right_missing``."""
    rows = Statement.objects.select_related("programme__owner", "operator")
    found = _reached(request, rows, "programme", statement_id)
    actor_of(request).require(right, programme=found.programme, organisation_id=found.operator_id)
    return found


def order_of(request: HttpRequest, payment_batch_id: int, right: Right) -> PaymentBatch:
    """A payment order of a programme of the hat, or 404. Raises the refusal ``right_missing``."""
    rows = PaymentBatch.objects.select_related("programme__owner", "prepared_by", "approved_by")
    found = _reached(request, rows, "programme", payment_batch_id)
    actor_of(request).require(right, programme=found.programme)
    return found


def payment_of(request: HttpRequest, payment_id: int, right: Right) -> Payment:
    """A payment of a programme of the hat, or 404. Raises the refusal ``right_missing``."""
    rows = Payment.objects.select_related("batch__programme", "statement__operator")
    found = _reached(request, rows, "batch__programme", payment_id)
    actor_of(request).require(right, programme=found.batch.programme)
    return found


Row = TypeVar("Row", Statement, PaymentBatch, Payment)


def _reached(request: HttpRequest, rows: "QuerySet[Row]", path: str, pk: int) -> Row:
    return get_object_or_404(rows, pk=pk, **{f"{path}__in": worn_hat(request).programmes})
