"""Long work keeps its progress, its result, and its end."""

from datetime import timedelta

import pytest

from poincon.kernel.jobs import SILENCE, Progress, is_cut_short, open_job, run_job
from poincon.kernel.models import Job, JobState
from poincon.kernel.refusals import Refusal
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def ask() -> Job:
    return open_job("essai", 7, asked_by_id=None)


def test_a_job_waits_before_it_runs() -> None:
    job = ask()
    assert (job.state, job.done, job.ended_at) == (JobState.WAITING, 0, None)


def test_a_job_ends_with_its_result() -> None:
    def work(progress: Progress) -> dict[str, int]:
        progress(1, 3)
        progress(3, 3)
        return {"made": 3}

    run_job(ask().pk, work)
    job = Job.objects.get()
    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, 3, 3, {"made": 3})
    assert job.ended_at is not None


def test_a_refusal_ends_the_job_in_its_own_words() -> None:
    def work(progress: Progress) -> dict[str, int]:
        progress(2, 10)
        raise Refusal("no", "Il manque 10 €.", "Enregistrez le versement.")

    run_job(ask().pk, work)
    job = Job.objects.get()
    assert (job.state, job.error, job.done) == (JobState.FAILED, "Il manque 10 €. Enregistrez le versement.", 2)


def test_our_own_mistake_is_kept_and_raised() -> None:
    def work(progress: Progress) -> dict[str, int]:
        raise ZeroDivisionError("oops")

    with pytest.raises(ZeroDivisionError):
        run_job(ask().pk, work)
    job = Job.objects.get()
    assert job.error.startswith("Une erreur imprévue a arrêté ce travail.")
    assert job.result == {"technical": "ZeroDivisionError: oops"}


def test_a_job_that_falls_silent_was_cut_short() -> None:
    job = ask()
    job.state, job.moved_at = JobState.RUNNING, NOW
    assert not is_cut_short(job, now=NOW + SILENCE)
    assert is_cut_short(job, now=NOW + SILENCE + timedelta(seconds=1))


def test_a_job_that_waits_or_is_over_was_not_cut_short() -> None:
    for state in (JobState.WAITING, JobState.DONE, JobState.FAILED):
        assert not is_cut_short(Job(state=state, asked_at=NOW), now=NOW + 2 * SILENCE)


def test_progress_is_a_sign_of_life() -> None:
    def work(progress: Progress) -> dict[str, int]:
        Job.objects.update(moved_at=NOW)
        progress(1, 1)
        return {}

    job = run_job(ask().pk, work)
    assert job.moved_at is not None
    assert job.moved_at > NOW
