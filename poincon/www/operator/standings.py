"""Where a structure stands in each programme: qualified, until when, for what, and whom to call."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from poincon.kernel.documents.french import short_day
from poincon.kernel.texts import alphabetical
from poincon.network.enums import TrainingKind
from poincon.network.models import Qualification, QualificationSuspension, TrainingRecord
from poincon.network.rules import qualification_holds
from poincon.programmes.models import Programme
from poincon.www.base.parts import Tag, Tone
from poincon.www.operator.desk import Desk

#: A renewal takes some weeks to be decided.
SOON = timedelta(days=60)

HOLDS = Tag(gettext_lazy("qualifiée"), Tone.GOOD)
ENDS_SOON = Tag(gettext_lazy("à renouveler"), Tone.CAREFUL)
LATER = Tag(gettext_lazy("à venir"), Tone.INFO)
OVER = Tag(gettext_lazy("terminée"), Tone.QUIET)
SUSPENDED = Tag(gettext_lazy("suspendue"), Tone.BAD)
WITHDRAWN = Tag(gettext_lazy("retirée"), Tone.BAD)


@dataclass(frozen=True)
class Standing:
    """The qualification of the structure in one programme, read on one day."""

    qualification: Qualification
    today: date
    #: Whether the person who reads followed the training that the programme asks of mediators.
    trained: bool

    @property
    def programme(self) -> Programme:
        return self.qualification.programme

    @property
    def runs(self) -> bool:
        return self.programme.starts_on <= self.today <= self.programme.ends_on

    @property
    def holds(self) -> bool:
        return qualification_holds(self.qualification, self.today, self.qualification.suspensions.all())

    @property
    def suspension(self) -> QualificationSuspension | None:
        """The suspension of today, if there is one."""
        found = self.qualification.suspensions.all()
        return next((one for one in found if suspended(one, self.today)), None)

    @property
    def lacks_training(self) -> bool:
        return self.programme.mediator_training_required and not self.trained

    @property
    def state(self) -> Tag:
        one = self.qualification
        if one.withdrawn_on is not None and one.withdrawn_on <= self.today:
            return WITHDRAWN
        if self.suspension is not None:
            return SUSPENDED
        if one.valid_from > self.today:
            return LATER
        if not self.holds:
            return OVER
        return ENDS_SOON if self._ends_soon else HOLDS

    @property
    def _ends_soon(self) -> bool:
        last = self.qualification.valid_until
        return last is not None and last - self.today <= SOON and last < self.programme.ends_on

    @property
    def warns(self) -> bool:
        """Whether something stops one from punching now, or soon will, while the programme runs."""
        return self.runs and (self.state is not HOLDS or self.lacks_training)

    @property
    def warning(self) -> str:
        """What stops one from punching, in a sentence."""
        one = self.qualification
        if self.state is ENDS_SOON and one.valid_until:
            return _("Votre qualification prend fin le %(day)s.") % {"day": short_day(one.valid_until)}
        if self.state is LATER:
            return _("Votre qualification commence le %(day)s.") % {"day": short_day(one.valid_from)}
        if self.state is not HOLDS:
            return _("Votre structure n’est pas qualifiée aujourd’hui : les pass y seraient refusés.")
        return _(
            "Ce dispositif demande une formation que vous n’avez pas encore suivie : vos poinçons seraient refusés."
        )


def suspended(suspension: QualificationSuspension, day: date) -> bool:
    """Whether this suspension stands on that day."""
    return suspension.first_day <= day and (suspension.last_day is None or day <= suspension.last_day)


def standings_of(desk: Desk, today: date) -> list[Standing]:
    """One for each programme of the desk, running ones first. Four queries, whatever their number."""
    found = Qualification.objects.filter(operator=desk.operator, programme__in=desk.programmes)
    trained = set(
        TrainingRecord.objects.filter(
            user=desk.actor.user, kind=TrainingKind.MEDIATOR, programme__in=desk.programmes
        ).values_list("programme_id", flat=True)
    )
    standings = [
        Standing(one, today, one.programme_id in trained)
        for one in found.select_related("programme__owner", "programme__lead_network").prefetch_related(
            "services", "suspensions"
        )
    ]
    return sorted(
        standings,
        key=lambda one: (not one.runs, -one.programme.starts_on.toordinal(), alphabetical(one.programme.name)),
    )
