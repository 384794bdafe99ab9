"""Long work that can be left and found again: a row says what is done, what is left, and how it ended.

What a work returns is kept as its ``result``, where screens look for ``sentence`` (what was done, in words), ``files``
(the names of the files it made) and ``errors`` (a list of ``{"row": 3, "field": "Nom", "sentence": "…"}``). An error
that nobody foresaw leaves its name there as ``technical``, for whoever mends it.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.models import Job, JobState
from poincon.kernel.refusals import Refusal

Progress = Callable[[int, int], None]
#: Writing the progress of each item would cost more than the item.
SECONDS_BETWEEN_WRITES = 0.5
#: Without a sign of life for so long, a work was cut short: its worker was stopped or its machine is down.
SILENCE = timedelta(minutes=15)
UNEXPECTED = _(
    "Une erreur imprévue a arrêté ce travail. Relancez-le ; si elle revient, appelez qui administre le service."
)


def open_job(kind: str, subject_id: object, *, asked_by_id: int | None, organisation_id: int | None = None) -> Job:
    """Announce a long work before it is queued, so that its page exists at once.

    ``organisation_id``: whose work it is; colleagues who hold the right follow it too.
    """
    return Job.objects.create(
        kind=kind, subject_id=str(subject_id), asked_by_id=asked_by_id, organisation_id=organisation_id
    )


def is_cut_short(job: Job, *, now: datetime) -> bool:
    """Whether a work that says it runs has given no sign of life for ``SILENCE``."""
    return job.state == JobState.RUNNING and now - (job.moved_at or job.asked_at) > SILENCE


def run_job(job_id: int, work: Callable[[Progress], dict[str, Any]]) -> Job:
    """Run ``work``, which reports (done, total) and returns its result, and keep both.

    A refusal of the domain ends the job in its own words. Any other error is kept too, then raised: it is ours to mend.
    """
    job = Job.objects.get(pk=job_id)
    job.state, job.moved_at = JobState.RUNNING, timezone.now()
    job.save(update_fields=["state", "moved_at"])
    try:
        job.result = work(_writer(job))
        job.state = JobState.DONE
    except Refusal as refusal:
        job.state, job.error = JobState.FAILED, str(refusal)
    except BaseException as error:
        job.state, job.error = JobState.FAILED, str(UNEXPECTED)
        job.result = {"technical": f"{type(error).__name__}: {error}"}
        raise
    finally:
        job.ended_at = timezone.now()
        job.save(update_fields=["state", "result", "error", "ended_at", "done", "total"])
    return job


def _writer(job: Job) -> Progress:
    last_write = 0.0

    def write(done: int, total: int) -> None:
        nonlocal last_write
        job.done, job.total = done, total
        if done == total or time.monotonic() - last_write >= SECONDS_BETWEEN_WRITES:
            job.moved_at = timezone.now()
            job.save(update_fields=["done", "total", "moved_at"])
            last_write = time.monotonic()

    return write
