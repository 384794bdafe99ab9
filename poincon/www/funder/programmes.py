"""A programme: all its rules, read in plain French, and the way to change each."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from poincon.kernel.alphabet import Alphabetical
from poincon.programmes.described import described
from poincon.programmes.models import Programme, ProgrammeChange, Public, Service, Territory
from poincon.programmes.permissions import CHANGE_DATES, SEE_MONEY, SEE_RULES, UPDATE_RULES, UPDATE_THEME
from poincon.programmes.queries import changes_of, fundings_on
from poincon.programmes.rules import is_suspended
from poincon.programmes.writing import programme_file
from poincon.www.base.about import about_programme, may, today_of
from poincon.www.base.charts import Share
from poincon.www.base.parts import Tag, Tone
from poincon.www.base.request import actor_of
from poincon.www.funder.programmes_history import latest_decisions
from poincon.www.funder.programmes_sections import SECTIONS


@require_safe
@about_programme(SEE_RULES)
def programme(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Everything that defines the programme looked at."""
    actor, today = actor_of(request), today_of(programme)
    changes = changes_of(programme.pk)
    context: dict[str, Any] = {
        "programme": programme,
        "state": _state(programme, changes, today),
        "not_begun": today < programme.starts_on,
        "decisions": [_decision(one) for one in changes],
        "sections": read_sections(programme),
        "territories": territories_of(programme),
        "publics": [(one, _public_state(one, today)) for one in programme.publics.order_by("pk")],
        "services": allowed_services(programme),
        "local_services": programme.local_services.filter(retired_on=None)
        .select_related("national")
        .order_by(Alphabetical("label")),
        "history": latest_decisions(programme),
        "updates": may(request, UPDATE_RULES, programme),
        "dates": may(request, CHANGE_DATES, programme),
        "themes": may(request, UPDATE_THEME, programme),
        "shares": _shares(programme, today) if actor.may(SEE_MONEY, programme=programme) else [],
    }
    return render(request, "funder/programme.html", context)


@require_safe
@about_programme(SEE_RULES)
def export(_request: HttpRequest, programme: Programme) -> HttpResponse:
    """The file that would create this programme again (docs/programme-file.md)."""
    name = f"{programme.code}.toml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = programme_file(described(programme)).encode()
    return HttpResponse(content, content_type="application/toml; charset=utf-8", headers=headers)


def read_sections(rules: Any) -> list[tuple[Any, list[str]]]:
    """Each section of the rules with its sentences; ``rules``: a programme or a specification."""
    return [(section, list(section.said(rules))) for section in SECTIONS.values()]


def territories_of(programme: Programme) -> QuerySet[Any]:
    """The territories of a programme, each with the number of its communes."""
    return (
        Territory.objects.filter(programme=programme).annotate(total=Count("communes")).order_by(Alphabetical("name"))
    )


def allowed_services(programme: Programme) -> list[Service]:
    """The published services that the programme lists; none when it admits them all."""
    return [] if programme.all_services else list(programme.services.filter(programme=None).order_by("catalogue", "pk"))


def _state(programme: Programme, changes: list[ProgrammeChange], today: Any) -> Tag:
    if today < programme.starts_on:
        return Tag(_("pas commencé"), Tone.INFO)
    if today > programme.ends_on:
        return Tag(_("terminé"), Tone.QUIET)
    return Tag(_("suspendu"), Tone.CAREFUL) if is_suspended(today, changes) else Tag(_("en cours"), Tone.GOOD)


def _decision(change: ProgrammeChange) -> dict[str, Any]:
    effect = _("les pass gagnent ces jours") if change.moves_validity else _("la validité des pass ne change pas")
    return {"change": change, "label": change.get_kind_display(), "effect": effect}


def _public_state(public: Public, today: Any) -> Tag:
    if public.open_from and public.open_from > today:
        return Tag(_("à venir"), Tone.INFO)
    if public.open_until and public.open_until < today:
        return Tag(_("fini"), Tone.QUIET)
    return Tag(_("accueilli"), Tone.GOOD)


def _shares(programme: Programme, today: Any) -> list[Share]:
    day = min(max(today, programme.starts_on), programme.ends_on)
    return [Share(one.funder.name, one.share_bp, one.get_kind_display()) for one in fundings_on(programme.pk, day)]
