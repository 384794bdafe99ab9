"""A network comes in from a table: sent, read, shown with its faults, confirmed. Nothing is written before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from poincon.kernel import tables
from poincon.kernel.refusals import Refusal
from poincon.mediation.imports import (
    NetworkRow,
    RowProblem,
    ignored_headings,
    read_network_file,
    read_network_rows,
    template_headings,
)
from poincon.mediation.imports.kept import forget_table, keep_table, kept_table
from poincon.mediation.permissions import IMPORT_NETWORK
from poincon.mediation.services import ImportRefused, NetworkImport, import_network, preview_network
from poincon.mediation.tasks import ask_import, import_sentence
from poincon.programmes.models import Programme
from poincon.www.base.about import about_programme
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.coordinator.forms.network import TableForm

KEY = "network_table"
#: Beyond, bringing it in takes longer than a person waits before a page: a worker does it.
LARGE = 150
MOST_SHOWN = 100


@dataclass(frozen=True)
class Preview:
    """What a table would bring: names to recognise, how many of each, every fault."""

    rows: int
    organisations: Sequence[tuple[str, str]]
    venues: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    known: int | None
    problems: Sequence[RowProblem]
    ignored: Sequence[str]
    is_large: bool

    @property
    def shown(self) -> Sequence[RowProblem]:
        return self.problems[:MOST_SHOWN]

    @property
    def brings_nothing(self) -> bool:
        return not (self.organisations or self.venues or self.people)


@require_http_methods(["GET", "HEAD", "POST"])
@about_programme(IMPORT_NETWORK)
def import_table(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Send a table: it is read at once, and kept until it is confirmed."""
    form = TableForm(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["fichier"].read()
        with refusals_in(form, "fichier") as done:
            read_network_file(content)
        if done:
            request.session[KEY] = keep_table(content)
            return redirect("coordinator:import_check")
    headings = template_headings()
    context = {
        "form": form,
        "programme": programme,
        "headings": headings,
        "submit": _("Lire ce tableau"),
        "cancel_url": reverse("coordinator:organisations"),
    }
    return render(request, "coordinator/import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@about_programme(IMPORT_NETWORK)
def import_check(request: HttpRequest, programme: Programme) -> HttpResponse:
    """What the table would bring, row by row where it is wrong; then bring it in."""
    key = request.session.get(KEY, "")
    try:
        rows = read_network_file(kept_table(key))
    except Refusal as refusal:
        if key:
            messages.error(request, str(refusal))
        return redirect("coordinator:import")
    if request.method == "POST":
        return _brought(request, programme, key, rows)
    context = {"programme": programme, "preview": _preview(request, programme, rows)}
    return render(request, "coordinator/import_check.html", context)


@require_POST
@about_programme(IMPORT_NETWORK)
def import_give_up(request: HttpRequest, _programme: Programme) -> HttpResponse:
    """Throw the table away."""
    forget_table(request.session.pop(KEY, ""))
    messages.success(request, _("Rien n’a été enregistré. Le tableau est oublié."))
    return redirect("coordinator:import")


def _brought(request: HttpRequest, programme: Programme, key: str, rows: list[dict[str, str]]) -> HttpResponse:
    by = actor_of(request)
    if len(rows) > LARGE:
        job = ask_import(by=by, programme=programme, key=key)
        del request.session[KEY]
        return redirect("job", job.pk)
    try:
        done = import_network(by=by, programme=programme, rows=rows)
    except ImportRefused:
        messages.error(request, _("Rien n’a été enregistré : corrigez d’abord les lignes ci-dessous."))
        return redirect("coordinator:import_check")
    forget_table(key)
    del request.session[KEY]
    messages.success(request, import_sentence(done))
    return redirect("coordinator:welcome" if done.organisations else "coordinator:organisations")


def _preview(request: HttpRequest, programme: Programme, rows: list[dict[str, str]]) -> Preview:
    if len(rows) > LARGE:
        return _read_only(rows)
    return _as_done(preview_network(by=actor_of(request), programme=programme, rows=rows), len(rows))


def _as_done(done: NetworkImport, rows: int) -> Preview:
    return Preview(
        rows,
        [(one.name, one.commune.name if one.commune else "") for one in done.organisations],
        [(one.name, f"{one.operator.name}, {one.commune.name}") for one in done.venues],
        [(one.full_name or one.email, _invited(one)) for one in done.invitations],
        done.known,
        done.problems,
        done.ignored,
        is_large=False,
    )


def _invited(one: Any) -> str:
    where = one.organisation.name if one.organisation else ""
    return f"{one.get_role_display()}, {where} – {one.email}"


def _read_only(rows: list[dict[str, str]]) -> Preview:
    """What the table itself says; what the site knows already is told once it is brought in."""
    read, problems = read_network_rows(rows)
    return Preview(
        len(rows),
        _different((one.siret or one.rna or one.organisation, one.organisation, one.commune) for one in read),
        _different(((one.organisation, one.venue), one.venue, one.commune) for one in read if one.venue),
        _different((one.person_email, one.person, _role_said(one)) for one in read if one.role),
        None,
        problems,
        ignored_headings(rows[0].keys()),
        is_large=True,
    )


def _role_said(one: NetworkRow) -> str:
    return f"{one.role.label if one.role else ''}, {one.organisation} – {one.person_email}"


def _different(named: Any) -> list[tuple[str, str]]:
    """Each thing once, whatever the number of its rows."""
    return list({key: (name, detail) for key, name, detail in named}.values())


@require_safe
@about_programme(IMPORT_NETWORK)
def template(request: HttpRequest, _programme: Programme) -> HttpResponseBase:
    """The table to fill in: its headings, and nothing else."""
    if request.GET.get("format") == "csv":
        headers = {"Content-Disposition": 'attachment; filename="reseau.csv"'}
        lines = tables.csv_lines(template_headings(), [])
        return StreamingHttpResponse(lines, content_type=tables.CSV, headers=headers)
    headers = {"Content-Disposition": 'attachment; filename="reseau.xlsx"'}
    with tables.worksheet_file(template_headings(), []) as file:
        return HttpResponse(file.read(), content_type=tables.XLSX, headers=headers)
