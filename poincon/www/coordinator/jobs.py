"""The long works of whoever runs the network: bringing a table in."""

from django.utils.translation import gettext_lazy as _

from poincon.kernel.models import Job
from poincon.mediation.permissions import IMPORT_NETWORK
from poincon.mediation.tasks import IMPORTING, ask_import
from poincon.organisations.actors import Actor
from poincon.programmes.models import Programme
from poincon.www.base.jobs import JobKind, declare_job_kind


def _again(by: Actor, job: Job) -> Job:
    programme_id, _sign, key = job.subject_id.partition(":")
    return ask_import(by=by, programme=Programme.objects.get(pk=int(programme_id)), key=key)


declare_job_kind(JobKind(IMPORTING, _("Importer un réseau"), IMPORT_NETWORK, retry=_again))
