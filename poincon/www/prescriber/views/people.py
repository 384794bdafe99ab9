"""The people a prescriber accompanies: the list, one person, her answers corrected."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from poincon.beneficiaries.models import CaseFile
from poincon.beneficiaries.queries import cases_seen_by
from poincon.beneficiaries.rules import NIR_FOUND, contains_nir
from poincon.beneficiaries.services import update_case
from poincon.passes import codes
from poincon.passes.models import HandOver
from poincon.passes.positions import positions_of
from poincon.passes.queries.batch import day_of
from poincon.passes.queries.history import events_of
from poincon.www.base.booklets import facts_of
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.parts import Fact
from poincon.www.base.request import actor_of
from poincon.www.prescriber.forms.handing import PERSON_FIELDS, PersonForm
from poincon.www.prescriber.lists import PEOPLE, hand_over_state
from poincon.www.prescriber.people import live_hand_overs, name_of
from poincon.www.prescriber.reach import desk


@require_safe
def people(request: HttpRequest) -> HttpResponseBase:
    """Those to whom this organisation prescribed in the programme looked at, and nobody else."""
    if contains_nir(request.GET.get("q", "")):
        messages.error(request, str(NIR_FOUND.filled(field=_("Recherche"))))
        return redirect("prescriber:people")
    _worn, organisation, programme = desk(request)
    given = HandOver.objects.filter(cancellation=None).select_related("booklet").order_by("pk")
    rows = cases_seen_by(actor_of(request)).filter(prescriber=organisation, programme=programme)
    rows = rows.prefetch_related(Prefetch("hand_overs", given))
    return PEOPLE.answer(request, rows, "prescriber/people.html")


@require_safe
def person(request: HttpRequest, case_id: int) -> HttpResponse:
    """One person: what she told, her booklets, what she did of them."""
    case = _mine(request, case_id)
    given = live_hand_overs([case.pk])
    context = {
        "case": case,
        "name": name_of(case),
        "booklets": [_booklet(one) for one in given],
        "facts": _story(case, given),
    }
    return render(request, "prescriber/person.html", context)


def edit(request: HttpRequest, case_id: int) -> HttpResponse:
    """Correct what is known of a person."""
    case = _mine(request, case_id)
    today = day_of(case.programme, timezone.now())
    form = PersonForm(typed(request), initial=_known(case), programme=case.programme, today=today)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form) as done:
            update_case(by=actor_of(request), case_file=case, **form.changes())
        if done:
            messages.success(request, _("Le dossier est corrigé."))
            return redirect("prescriber:person", case.pk)
    context = {
        "form": form,
        "case": case,
        "name": name_of(case),
        "submit": _("Enregistrer les corrections"),
        "cancel_url": reverse("prescriber:person", args=[case.pk]),
    }
    return render(request, "prescriber/edit_person.html", context)


def _mine(request: HttpRequest, case_id: int) -> CaseFile:
    return get_object_or_404(cases_seen_by(actor_of(request)), pk=case_id)


def _booklet(given: HandOver) -> dict[str, Any]:
    used = given.passes & given.booklet.used
    return {
        "given": given,
        "number": codes.written(given.booklet.number),
        "state": hand_over_state(given),
        "positions": [(position, position in positions_of(used)) for position in positions_of(given.passes)],
        "passes": given.passes.bit_count(),
        "left": (given.passes & ~used).bit_count(),
    }


def _story(case: CaseFile, given: list[HandOver]) -> list[Fact]:
    """Her own passes only: a booklet may be shared."""
    hers: dict[int, int] = {}
    for one in given:
        hers[one.booklet_id] = hers.get(one.booklet_id, 0) | one.passes
    numbers = {one.booklet_id: codes.written(one.booklet.number) for one in given}
    events = [event for event in events_of(hers) if not event.passes or event.passes & hers[event.booklet_id]]
    opened = Fact(case.opened_at, _("Dossier ouvert"), by=str(case.opened_by or ""))
    return [*facts_of(events, numbers if len(numbers) > 1 else None), opened]


def _known(case: CaseFile) -> dict[str, Any]:
    person = case.beneficiary
    known = {name: getattr(person, fact) for name, fact in PERSON_FIELDS.items() if fact != "situation"}
    return known | {"situation": case.situation}
