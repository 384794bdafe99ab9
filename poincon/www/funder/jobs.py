"""The long works of a funder: printing a batch."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from poincon.kernel.models import Job
from poincon.organisations.actors import Actor
from poincon.passes.models import Batch
from poincon.passes.permissions import PRINT_BATCH
from poincon.passes.tasks import PRINT_BATCH as PRINTING
from poincon.passes.tasks import ask_printing, batch_folder
from poincon.www.base.jobs import JobKind, declare_job_kind


def _batch_of(job: Job) -> Batch:
    return Batch.objects.select_related("programme").get(pk=int(job.subject_id))


def _files(job: Job) -> dict[str, Path]:
    folder = batch_folder(_batch_of(job))
    return {name: folder / name for name in job.result.get("files", [])}


def _again(by: Actor, job: Job) -> Job:
    return ask_printing(by=by, batch=_batch_of(job))


declare_job_kind(JobKind(PRINTING, _("Imprimer un lot de chéquiers"), PRINT_BATCH, files=_files, retry=_again))
