"""Long work on passes, given to the workers."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django_tasks import task

from poincon.kernel.jobs import Progress, open_job, run_job
from poincon.kernel.models import Job
from poincon.organisations.actors import Actor
from poincon.organisations.models import User
from poincon.passes.documents.layout import Layout
from poincon.passes.models import Batch
from poincon.passes.services.printing import print_batch

PRINT_BATCH = "print_batch"


def ask_printing(*, by: Actor, batch: Batch) -> Job:
    """Queue the printing of a batch; the job is found again by its id. A stopped printing goes on where it was."""
    owner_id = batch.programme.owner_id
    job = open_job(PRINT_BATCH, batch.pk, asked_by_id=by.user_id, organisation_id=owner_id)
    print_in_background.enqueue(job.pk, batch.pk, by.user_id, by.label)
    return job


@task()
def print_in_background(job_id: int, batch_id: int, user_id: int | None, label: str) -> None:
    """Print a batch into the documents folder, for the person who asked."""
    user = User.objects.get(pk=user_id) if user_id is not None else None
    by = Actor(user=user, source="task") if user else Actor.system(label, source="task")

    def work(progress: Progress) -> dict[str, Any]:
        batch = Batch.objects.select_related("programme__owner", "signing_key").get(pk=batch_id)
        paths = print_batch(by=by, batch=batch, out=batch_folder(batch), layout=Layout(), progress=progress)
        return {"files": [path.name for path in paths]}

    run_job(job_id, work)


def batch_folder(batch: Batch) -> Path:
    """Where the sheets of a batch are kept: private, outside any folder a web server shows."""
    return Path(settings.DOCUMENTS_DIR) / batch.programme.code / f"lot-{batch.number}"
