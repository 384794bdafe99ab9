"""Long works as one follows them: mine, and those of my organisation that my rights open."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.jobs import is_cut_short
from poincon.kernel.models import Job, JobState
from poincon.kernel.refusals import Text
from poincon.organisations.actors import Actor, Right
from poincon.www.base.parts import Tag, Tone


@dataclass(frozen=True)
class JobKind:
    """A kind of long work: its name on screen, the right that opens it to colleagues, its files, how to start it again.

    ``files`` finds where the files named in the result lie (they are private: only the page of the work sends them).
    """

    code: str
    label: Text
    right: Right
    files: Callable[[Job], dict[str, Path]] | None = None
    retry: Callable[[Actor, Job], Job] | None = None


#: Every kind, by code. Filled by ``declare_job_kind`` when the audience folders' jobs.py are imported.
KINDS: dict[str, JobKind] = {}

STATE_TONES = {
    JobState.WAITING: Tone.QUIET,
    JobState.RUNNING: Tone.INFO,
    JobState.DONE: Tone.GOOD,
    JobState.FAILED: Tone.BAD,
}
CUT_SHORT = Tag(_("interrompu"), Tone.BAD)


def declare_job_kind(kind: JobKind) -> JobKind:
    """Declare a kind of long work. Raises ValueError when its code is taken."""
    if kind.code in KINDS:
        raise ValueError(f"job kind {kind.code} is declared twice")
    KINDS[kind.code] = kind
    return kind


@dataclass(frozen=True)
class JobView:
    """A work as a page shows it."""

    job: Job

    @property
    def kind(self) -> JobKind | None:
        return KINDS.get(self.job.kind)

    @property
    def label(self) -> Text:
        return self.kind.label if self.kind else self.job.kind

    @property
    def is_cut_short(self) -> bool:
        return is_cut_short(self.job, now=timezone.now())

    @property
    def is_over(self) -> bool:
        return self.job.state in {JobState.DONE, JobState.FAILED} or self.is_cut_short

    @property
    def state(self) -> Tag:
        if self.is_cut_short:
            return CUT_SHORT
        state = JobState(self.job.state)
        return Tag(state.label, STATE_TONES[state])

    @property
    def percent(self) -> int | None:
        """How far it is; None while the total is unknown."""
        return self.job.done * 100 // self.job.total if self.job.total else None

    @property
    def can_retry(self) -> bool:
        failed = self.job.state == JobState.FAILED or self.is_cut_short
        return failed and self.kind is not None and self.kind.retry is not None

    @property
    def files(self) -> dict[str, Path]:
        """The files of its result that are still there."""
        if self.kind is None or self.kind.files is None or self.job.state != JobState.DONE:
            return {}
        return {name: path for name, path in self.kind.files(self.job).items() if path.is_file()}

    @property
    def errors(self) -> list[dict[str, Any]]:
        return list(self.job.result.get("errors", []))

    @property
    def sentence(self) -> str:
        return str(self.job.result.get("sentence", ""))


def jobs_of(actor: Actor) -> QuerySet[Job]:
    """The works that this person asked for, and those of her organisations that her roles there open. One query."""
    visible = Q(asked_by=actor.user_id)
    for membership in actor.memberships:
        kinds = [kind.code for kind in KINDS.values() if membership.role in kind.right.roles]
        if membership.organisation_id and kinds and membership.programme_id is None:
            visible |= Q(organisation_id=membership.organisation_id, kind__in=kinds)
    return Job.objects.filter(visible).select_related("asked_by")
