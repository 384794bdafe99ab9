"""Is there money behind every usable pass: now, and since the beginning."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from poincon.kernel.charts import Chart, Reference, Series, Shape, Unit
from poincon.kernel.money import euros
from poincon.passes.cover import Cover
from poincon.passes.cover import cover as cover_now
from poincon.programmes.models import Programme
from poincon.programmes.permissions import RECORD_RECEIPT, SEE_MONEY
from poincon.settlement.cover_history import CoverPoint, cover_history, month_ends
from poincon.settlement.progress import progress
from poincon.www.base.about import about_programme, may
from poincon.www.base.charts import chart_file
from poincon.www.base.parts import Tone
from poincon.www.funder.fields import written_hundredths

#: Short enough to stand under a chart.
MONTHS = (
    *(_("janv."), _("févr."), _("mars"), _("avr."), _("mai"), _("juin")),
    *(_("juil."), _("août"), _("sept."), _("oct."), _("nov."), _("déc.")),
)


@require_safe
@about_programme(SEE_MONEY)
def cover(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """The cover now, in a sentence and in figures; then month after month, drawn and in a table."""
    now = timezone.now()
    charts = _charts(programme, cover_history(programme, month_ends(programme, now)))
    if file := chart_file(request, charts):
        return file
    context = {
        "programme": programme,
        "charts": charts,
        "records": may(request, RECORD_RECEIPT, programme),
        "paid": progress(programme.pk).paid,
        **said_cover(cover_now(programme)),
    }
    return render(request, "funder/cover.html", context)


def said_cover(figures: Cover) -> dict[str, Any]:
    """The cover in a sentence, with its tone."""
    required = f"{written_hundredths(figures.required_bp)} %"
    words: dict[str, str] = {
        "received": euros(figures.received),
        "engaged": euros(figures.engaged),
        "required": required,
    }
    if figures.ratio_bp is None:
        sentence = _("Aucun pass n’est encore en circulation : %(received)s attendent d’en couvrir.")
        return {"cover": figures, "ratio": None, "tone": Tone.INFO, "sentence": sentence % words, "required": required}
    if figures.holds():
        sentence = _(
            "%(received)s sont enregistrés face à %(engaged)s de pass utilisables ou déjà utilisés : "
            "chaque pass en circulation est couvert."
        )
        tone = Tone.GOOD
    else:
        sentence = _(
            "%(received)s sont enregistrés face à %(engaged)s de pass utilisables ou déjà utilisés : "
            "il manque %(missing)s. Aucun lot ne peut être activé d’ici là ; les pass en circulation restent acceptés."
        )
        words["missing"] = euros(figures.missing())
        tone = Tone.BAD
    ratio = figures.ratio_bp // 100
    return {"cover": figures, "ratio": ratio, "tone": tone, "sentence": sentence % words, "required": required}


def _charts(programme: Programme, points: list[CoverPoint]) -> list[Chart]:
    labels = [_label(programme, point.at, is_now=point is points[-1]) for point in points]
    ratios = [None if point.ratio_bp is None else point.ratio_bp // 100 for point in points]
    red_line = Reference(_("couverture exigée"), programme.required_cover_bp // 100)
    covered = (Series(_("taux de couverture"), ratios),)
    money = (
        Series(_("argent enregistré"), [point.received for point in points]),
        Series(_("pass à couvrir"), [point.engaged for point in points]),
    )
    title, amounts = _("Taux de couverture, mois après mois"), _("Argent enregistré et pass à couvrir")
    return [
        Chart("couverture", title, _("Fin de mois"), labels, covered, Shape.LINES, Unit.PERCENT, red_line),
        Chart("argent-et-pass", amounts, _("Fin de mois"), labels, money, Shape.LINES, Unit.EUROS),
    ]


def _label(programme: Programme, at: datetime, *, is_now: bool) -> str:
    if is_now:
        return gettext("aujourd’hui")
    day = at.astimezone(ZoneInfo(programme.time_zone)).date()
    return f"{MONTHS[day.month - 1]} {day.year}"
