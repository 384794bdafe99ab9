"""Punching by typing a number, testing a booklet, undoing. Everything works without a script."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from poincon.kernel.refusals import Refusal
from poincon.passes import refusals
from poincon.passes.queries import examine
from poincon.passes.queries.punches import punches_of
from poincon.passes.services.punch import punch, undo_punch
from poincon.www.base.booklets import MISTYPED, number_fault
from poincon.www.base.forms import typed
from poincon.www.operator.answers import Answer, answer_of_scan, answer_of_test, answer_of_verdict
from poincon.www.operator.desk import Desk, desk_of
from poincon.www.operator.forms.punching import PunchForm
from poincon.www.operator.places import Place, places_of, recent_places, remember_place

#: What is wrong is the number typed: it is said at its field as well.
ABOUT_THE_NUMBER = frozenset(
    one.code
    for one in (
        refusals.UNKNOWN_BOOKLET,
        refusals.POSITION_OUT_OF_RANGE,
        refusals.ONE_PASS_CODE,
    )
)
#: Where to go back to after an undo.
WAYS_BACK = {"accueil": "operator:home", "liste": "operator:punches", "poinconner": "operator:punch"}


@dataclass(frozen=True)
class Counter:
    """What stands on the page: every place of the structure, the one in use, those used lately."""

    desk: Desk
    places: list[Place]
    recent: list[Place]

    @property
    def place(self) -> Place | None:
        return next(iter(self.recent), None)


def _counter(request: HttpRequest, sent: QueryDict) -> Counter:
    desk = desk_of(request)
    places = places_of(desk, timezone.localdate())
    # The place is in the form: what is shown is what is punched, even with two windows open.
    named = next((place for place in places if place.key == sent.get("ou")), None)
    wanted = next((place for place in places if place.key == sent.get("lieu")), named)
    if wanted is not None:
        remember_place(request, desk, wanted)
    return Counter(desk, places, recent_places(request, desk, places))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def punching(request: HttpRequest) -> HttpResponse:
    """The counter: type a number, punch or test; ``lieu`` takes another place, and keeps what was typed.

    ``?numero=`` comes from the search of the header: nothing is punched, nor looked up, before a button is pressed.
    """
    sent = typed(request)
    counter = _counter(request, sent or QueryDict())
    place, kept = counter.place, _kept(sent or request.GET)
    if place is None:
        return _page(request, counter, None, None, number=kept["numero"])
    if request.method != "POST" or "lieu" in request.POST or "ou" not in request.POST:
        return _page(request, counter, PunchForm(place=place, initial=kept), None)
    form = PunchForm(request.POST, place=place)
    if not form.is_valid():
        return _page(request, counter, form, None)
    if "tester" in request.POST:
        answer = answer_of_test(examine(form.cleaned_data["numero"]))
        return _answered(request, counter, form, answer)
    return _punch(request, counter, place, form)


def _kept(sent: QueryDict) -> dict[str, str]:
    """What was typed, when another place is taken or when the session had ended; a price is that of its own place."""
    kept = ("numero",) if "lieu" in sent else ("numero", "passes")
    return {name: sent.get(name, "") for name in kept}


def _punch(request: HttpRequest, counter: Counter, place: Place, form: PunchForm) -> HttpResponse:
    now = timezone.now()
    uuid = _identifier(request, place, form)
    verdict = punch(
        by=counter.desk.actor,
        operator=counter.desk.operator,
        uuid=uuid,
        presented=form.cleaned_data["numero"],
        venue_id=place.venue.pk,
        service=place.service.code,
        passes=form.cleaned_data.get("passes"),
        now=now,
    )
    if verdict.accepted:
        return redirect("operator:punched", uuid)
    scan = punches_of(counter.desk.operator.pk).filter(uuid=uuid).first()
    answer = answer_of_scan(scan, now=now) if scan else answer_of_verdict(verdict)
    return _answered(request, counter, form, answer)


def _identifier(request: HttpRequest, place: Place, form: PunchForm) -> UUID:
    """The identifier of this gesture: the form's, mixed with what it says.

    The same form sent twice, by whatever accident, punches once; a page found again by « back », on which another
    number is typed, is another punch.
    """
    try:
        made_with_the_form = UUID(request.POST.get("poincon", ""))
    except ValueError:
        made_with_the_form = uuid4()
    number = "".join(form.cleaned_data["numero"].split()).upper()
    return uuid5(made_with_the_form, f"{number} {place.key} {form.cleaned_data.get('passes')}")


def _answered(request: HttpRequest, counter: Counter, form: PunchForm, answer: Answer) -> HttpResponse:
    if answer.reason in MISTYPED:
        form.add_error("numero", number_fault(form.cleaned_data["numero"]))
    elif answer.reason in ABOUT_THE_NUMBER:
        form.add_error("numero", str(answer.next_step or answer.sentence))
    return _page(request, counter, form, answer)


@never_cache
@require_safe
def punched(request: HttpRequest, punch_id: UUID) -> HttpResponse:
    """The answer to a punch, and the field for the next one. Reading it again changes nothing."""
    counter = _counter(request, QueryDict())
    scan = get_object_or_404(punches_of(counter.desk.operator.pk, programme_id=counter.desk.only_id), uuid=punch_id)
    place = counter.place
    form = PunchForm(place=place) if place else None
    return _page(request, counter, form, answer_of_scan(scan, now=timezone.now()))


@require_POST
def undo(request: HttpRequest, punch_id: UUID) -> HttpResponse:
    """Undo a punch of less than 15 minutes, from wherever it is listed."""
    desk = desk_of(request)
    scan = get_object_or_404(punches_of(desk.operator.pk, programme_id=desk.only_id), uuid=punch_id)
    try:
        undo_punch(by=desk.actor, operator=desk.operator, uuid=scan.uuid, reason=_("Annulé par le médiateur"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Le poinçon est annulé : les pass sont de nouveau utilisables."))
    return redirect(WAYS_BACK.get(request.POST.get("retour", ""), "operator:punch"))


def _page(
    request: HttpRequest, counter: Counter, form: PunchForm | None, answer: Answer | None, *, number: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "desk": counter.desk,
        "place": counter.place,
        "others": counter.recent[1:],
        "places": counter.places,
        "form": form,
        "answer": answer,
        "identifier": uuid4(),
        # It waits while one says where one is.
        "number": number,
    }
    return render(request, "operator/punch.html", context)
