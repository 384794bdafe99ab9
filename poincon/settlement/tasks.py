"""Long work on money, given to the workers."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from poincon.kernel.jobs import Progress, open_job, run_job
from poincon.kernel.models import Job
from poincon.organisations.actors import Actor
from poincon.organisations.models import User
from poincon.programmes.models import Programme
from poincon.settlement import rules
from poincon.settlement.permissions import CLOSE_MONTH
from poincon.settlement.services import close_month
from poincon.settlement.services.closing import refuse_unended

CLOSING = "close_month"


def ask_closing(*, by: Actor, programme: Programme, month: date) -> Job:
    """Queue the closing of a month (any day of it). Raises the refusals ``right_missing`` and ``month_not_ended``."""
    by.require(CLOSE_MONTH, programme=programme)
    refuse_unended(programme, month)
    subject = f"{programme.pk}:{month:%Y-%m}"
    job = open_job(CLOSING, subject, asked_by_id=by.user_id, organisation_id=programme.owner_id)
    close_in_background.enqueue(job.pk, programme.pk, f"{month:%Y-%m-01}", by.user_id, by.label)
    return job


@task()
def close_in_background(job_id: int, programme_id: int, month: str, user_id: int | None, label: str) -> None:
    """Close a month, for the person who asked."""
    user = User.objects.get(pk=user_id) if user_id is not None else None
    by = Actor(user=user, source="task") if user else Actor.system(label, source="task")
    first = date.fromisoformat(month)

    def work(progress: Progress) -> dict[str, Any]:
        programme = Programme.objects.select_related("owner").get(pk=programme_id)
        made = close_month(by=by, programme=programme, month=first, progress=progress)
        return {"sentence": _sentence(first, len(made))}

    run_job(job_id, work)


def _sentence(month: date, made: int) -> str:
    if not made:
        return _("Le mois %(month)s est arrêté : aucun pass n’était encore à régler.") % {
            "month": rules.of_month(month)
        }
    told = ngettext("%(count)s relevé est établi.", "%(count)s relevés sont établis.", made) % {"count": made}
    return _("Le mois %(month)s est arrêté : %(told)s") % {"month": rules.of_month(month), "told": told}
