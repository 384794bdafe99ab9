"""The home of a prescriber: one big action, then what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from poincon.organisations.models import Organisation
from poincon.passes import codes
from poincon.passes.models import HandOver, Transfer
from poincon.passes.queries.batch import last_days_of
from poincon.passes.queries.stock import Glance, glance, last_arrival, last_hand_over, to_hand
from poincon.programmes.models import Programme
from poincon.www.prescriber.draft import draft_of
from poincon.www.prescriber.lists import given_to, hand_over_state
from poincon.www.prescriber.reach import desk

LAST_SHOWN = 5
#: Short campaigns are used better: a month without a hand-over is long (field facts, "Distribution").
SLEEPS_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Drawer:
    """The stock of one programme: figures, until when it is valid, since when nothing left it."""

    figures: Glance
    valid_until: date | None
    #: The last hand-over or arrival, when it is old and booklets wait.
    asleep_since: datetime | None


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Hand over; parcels to receive; the stock at a glance; the last hand-overs."""
    hat, organisation, programme = desk(request)
    context = {
        "hat": hat,
        "programme": programme,
        "drawer": _drawer(programme, organisation, timezone.now()) if programme else None,
        "parcels": _waiting(hat.programmes, organisation),
        "last": _last(programme, organisation) if programme else [],
        "draft": draft_of(request, organisation),
    }
    return render(request, "prescriber/home.html", context)


def _drawer(programme: Programme, organisation: Organisation, now: datetime) -> Drawer:
    figures = glance(programme.pk, organisation.pk)
    if not figures.to_hand:
        return Drawer(figures, None, None)
    in_stock = to_hand(programme.pk, organisation.pk).order_by().values_list("batch_id", flat=True).distinct()
    last_days = last_days_of(programme.pk)
    moved = [
        moment
        for moment in (last_hand_over(programme.pk, organisation.pk), last_arrival(programme.pk, organisation.pk))
        if moment is not None
    ]
    last = max(moved, default=None)
    return Drawer(
        figures,
        min(last_days[batch_id] for batch_id in in_stock),
        last if last is not None and now - last > SLEEPS_AFTER else None,
    )


def _waiting(programmes: Sequence[Programme], organisation: Organisation) -> list[Transfer]:
    """Of every programme: the one looked at is not always that of the parcel on the table."""
    here = Transfer.objects.filter(programme__in=programmes, receiver=organisation)
    to_receive = here.filter(received_at=None, recalled_at=None)
    return list(to_receive.select_related("sender", "programme").order_by("sent_at"))


def _last(programme: Programme, organisation: Organisation) -> list[dict[str, Any]]:
    given = HandOver.objects.filter(prescriber=organisation, booklet__batch__programme=programme, cancellation=None)
    latest = given.select_related("booklet", "case_file__beneficiary").order_by("-at", "-pk")[:LAST_SHOWN]
    return [
        {
            "given": one,
            "name": given_to(one),
            "number": codes.written(one.booklet.number),
            "passes": one.passes.bit_count(),
            "state": hand_over_state(one),
            "may_cancel": not one.passes & one.booklet.used,
        }
        for one in latest
    ]
