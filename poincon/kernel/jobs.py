"""Long work that can be left and found again: a row says what is done, what is left, and how it ended."""

import time
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from poincon.kernel.models import Job, JobState
from poincon.kernel.refusals import Refusal

Progress = Callable[[int, int], None]
#: Writing the progress of each item would cost more than the item.
SECONDS_BETWEEN_WRITES = 0.5


def open_job(kind: str, subject_id: object, *, asked_by_id: int | None) -> Job:
    """Announce a long work before it is queued, so that its page exists at once."""
    return Job.objects.create(kind=kind, subject_id=str(subject_id), asked_by_id=asked_by_id)


def run_job(job_id: int, work: Callable[[Progress], dict[str, Any]]) -> Job:
    """Run ``work``, which reports (done, total) and returns its result, and keep both.

    A refusal of the domain ends the job in its own words. Any other error is kept too, then raised: it is ours to mend.
    """
    job = Job.objects.get(pk=job_id)
    job.state = JobState.RUNNING
    job.save(update_fields=["state"])
    try:
        job.result = work(_writer(job))
        job.state = JobState.DONE
    except Refusal as refusal:
        job.state, job.error = JobState.FAILED, str(refusal)
    except BaseException as error:
        job.state, job.error = JobState.FAILED, f"{type(error).__name__}: {error}"
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
            job.save(update_fields=["done", "total"])
            last_write = time.monotonic()

    return write
