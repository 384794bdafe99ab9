"""The pages of long works: the list, one work with its progress, its files, starting it again."""

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from poincon.kernel.documents.french import count
from poincon.kernel.models import Job, JobState
from poincon.www.base.jobs import JobView, jobs_of
from poincon.www.base.listing import Column, Filters, Kind, Listing
from poincon.www.base.parts import Empty
from poincon.www.base.request import actor_of


class JobFilters(Filters):
    etat = forms.ChoiceField(label=_("État"), choices=[("", _("Tous")), *JobState.choices])

    lookups = {"etat": "state"}


def _said(total: int) -> str:
    return ngettext("%(total)s travail", "%(total)s travaux", total) % {"total": count(total)}


JOBS = Listing[Job](
    name="travaux",
    columns=(
        Column(
            "travail",
            _("Travail"),
            lambda job: JobView(job).label,
            link=lambda job: reverse("job", args=[job.pk]),
        ),
        Column("etat", _("État"), lambda job: JobView(job).state, kind=Kind.TAG, sort=("state", "-pk")),
        Column("fait", _("Fait"), "done", kind=Kind.NUMBER),
        Column("total", _("Sur"), "total", kind=Kind.NUMBER),
        Column("demande", _("Demandé le"), "asked_at", kind=Kind.MOMENT, sort=("asked_at",)),
        Column("par", _("Par"), "asked_by", sort=("asked_by__full_name",)),
    ),
    order="-demande",
    said=_said,
    filters=JobFilters,
    empty=Empty(
        _("Aucun travail en cours"),
        _(
            "Imprimer des milliers de chéquiers ou importer un fichier prend du temps. "
            "Ces travaux continuent sans vous, et se retrouvent ici."
        ),
    ),
)


@require_safe
@never_cache
def jobs(request: HttpRequest) -> HttpResponseBase:
    """The long works that one may follow."""
    return JOBS.answer(request, jobs_of(actor_of(request)), "jobs/list.html")


@require_safe
@never_cache
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One work: how far it is, how it ended. A page that asks only for the progress gets only it."""
    view = JobView(_visible(request, job_id))
    template = "components/progress.html" if request.headers.get("HX-Request") else "jobs/job.html"
    return render(request, template, {"work": view})


@require_safe
@never_cache
def job_file(request: HttpRequest, job_id: int, name: str) -> FileResponse:
    """A file that a work made."""
    path = JobView(_visible(request, job_id)).files.get(name)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@require_POST
def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Start again a work that failed or was cut short. The verb behind it asks for the right."""
    view = JobView(_visible(request, job_id))
    if not view.can_retry or view.kind is None or view.kind.retry is None:
        return redirect("job", job_id)
    return redirect("job", view.kind.retry(actor_of(request), view.job).pk)


def _visible(request: HttpRequest, job_id: int) -> Job:
    return get_object_or_404(jobs_of(actor_of(request)), pk=job_id)
