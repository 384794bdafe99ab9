"""The long works of whoever pays: closing a month."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from poincon.kernel.models import Job
from poincon.organisations.actors import Actor
from poincon.programmes.models import Programme
from poincon.settlement.permissions import CLOSE_MONTH
from poincon.settlement.tasks import CLOSING, ask_closing
from poincon.www.base.jobs import JobKind, declare_job_kind


def _again(by: Actor, job: Job) -> Job:
    programme_id, month = job.subject_id.split(":")
    programme = Programme.objects.select_related("owner").get(pk=int(programme_id))
    return ask_closing(by=by, programme=programme, month=date.fromisoformat(f"{month}-01"))


declare_job_kind(JobKind(CLOSING, _("Arrêter un mois"), CLOSE_MONTH, retry=_again))
