"""The way of a hand-over through its screens: what was answered, what is still to ask, what it would do."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.beneficiaries.models import CaseFile
from poincon.beneficiaries.queries import cases_seen_by
from poincon.kernel.refusals import Refusal
from poincon.organisations.models import Organisation
from poincon.passes import codes
from poincon.passes.models import Booklet, HandOver
from poincon.passes.queries.batch import day_of
from poincon.passes.services.hand_over import Ready, examine_hand_over, hand_over
from poincon.passes.services.newcomer import hand_over_to_newcomer
from poincon.programmes.models import Programme, Public
from poincon.www.base.parts import Step
from poincon.www.base.request import actor_of
from poincon.www.prescriber.draft import Draft
from poincon.www.prescriber.forms.handing import BookletForm, PersonForm, PublicForm

NOT_YOURS = Refusal(
    "programme_of_another_role",
    _("Le chéquier %(number)s est d’un dispositif où vous ne remettez pas de chéquiers."),
    _("Prenez un chéquier de votre stock."),
)
#: The screens, in their order: the name of each address, and what it is about.
BOOKLET, PERSON, PUBLIC, CHECK, DONE = range(1, 6)
SCREENS = {
    BOOKLET: ("prescriber:hand_over", _("Le chéquier")),
    PERSON: ("prescriber:hand_over_person", _("La personne")),
    PUBLIC: ("prescriber:hand_over_public", _("Le public")),
    CHECK: ("prescriber:hand_over_check", _("Vérifier")),
    DONE: ("", _("La lettre")),
}


@dataclass
class Handing:
    """One hand-over in the making: its draft, the booklet it is about, checked again at each screen."""

    request: HttpRequest
    organisation: Organisation
    draft: Draft
    ready: Ready

    @property
    def booklet(self) -> Booklet:
        return self.ready.booklet

    @property
    def number(self) -> str:
        return codes.written(self.booklet.number)

    @property
    def programme(self) -> Programme:
        return self.booklet.batch.programme

    @property
    def today(self) -> date:
        return day_of(self.programme, timezone.now())

    @property
    def passes(self) -> int | None:
        """What was asked: some passes; None for all that are left."""
        form = BookletForm(self.draft.booklet)
        return form.passes if form.is_valid() else None

    @property
    def case(self) -> CaseFile | None:
        """The person already known that was chosen."""
        if self.draft.case_id is None:
            return None
        return self.known().filter(pk=self.draft.case_id).first()

    def known(self) -> QuerySet[CaseFile]:
        """The people whom this organisation already accompanies in the programme of the booklet."""
        return cases_seen_by(actor_of(self.request)).filter(prescriber=self.organisation, programme=self.programme)

    def publics(self) -> list[Public]:
        """Those open today."""
        begun = Q(open_from=None) | Q(open_from__lte=self.today)
        not_over = Q(open_until=None) | Q(open_until__gte=self.today)
        return list(self.programme.publics.filter(begun, not_over).order_by("pk"))

    def person_form(self, sent: QueryDict | dict[str, str] | None = None) -> PersonForm:
        initial = self.draft.person or None
        return PersonForm(sent, initial=initial, programme=self.programme, today=self.today)

    def public_form(self, sent: QueryDict | dict[str, str] | None = None) -> PublicForm:
        initial = self.draft.public or None
        return PublicForm(sent, initial=initial, publics=self.publics(), today=self.today)

    def asks_public(self) -> bool:
        """Whether the screen of the publics has something to ask."""
        return self.programme.publics.exists()

    def next_screen(self) -> int:
        """The first screen that is not answered."""
        if self.case is not None:
            return CHECK
        if not self.draft.person:
            return PERSON
        return PUBLIC if self.asks_public() and not self.draft.public else CHECK

    def answered(self) -> tuple[PersonForm, PublicForm | None] | int:
        """The answers, checked again; or the screen where one of them is not right any more."""
        person = self.person_form(self.draft.person)
        if not person.is_valid():
            return PERSON
        if not self.asks_public():
            return person, None
        public = self.public_form(self.draft.public)
        return (person, public) if public.is_valid() else PUBLIC

    def do(self) -> HandOver:
        """Hand over. Raises Refusal. Asked twice, does it once."""
        by, asked = actor_of(self.request), self.draft.request_id
        number, passes = self.number, self.passes
        if (case := self.case) is not None:
            return hand_over(
                by=by,
                prescriber=self.organisation,
                number=number,
                case_file=case,
                passes=passes,
                request_id=asked,
            )
        found = self.answered()
        if isinstance(found, int):
            raise LookupError("the answers are checked before")
        person, public = found
        return hand_over_to_newcomer(
            by=by,
            prescriber=self.organisation,
            number=number,
            person={**person.changes(), **(public.changes() if public else {})},
            passes=passes,
            request_id=asked,
        )


def handing_of(request: HttpRequest, organisation: Organisation, draft: Draft) -> Handing:
    """The hand-over that this draft is about. Raises Refusal when its booklet cannot be handed over (any more)."""
    form = BookletForm(draft.booklet)
    if not form.is_valid():
        raise NOT_YOURS.filled(number=draft.booklet.get("numero", ""))
    ready = examine_hand_over(
        by=actor_of(request), prescriber=organisation, number=form.cleaned_data["numero"], passes=form.passes
    )
    return Handing(request, organisation, draft, ready)


def steps() -> list[Step]:
    """The stepper of every screen: one goes back to those behind."""
    return [Step(label, reverse(name) if name else "") for name, label in SCREENS.values()]


def labels() -> list[Step]:
    """The stepper of the last screen: what is done is not gone back to, but undone."""
    return [Step(label) for _name, label in SCREENS.values()]
