"""Who pays which share of a programme: drawn, dated, changed from a month on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from poincon.programmes.models import Funding, Programme
from poincon.programmes.permissions import CHANGE_FUNDINGS, SEE_MONEY
from poincon.programmes.queries import fundings_on
from poincon.programmes.services import change_fundings
from poincon.programmes.services.fundings import earliest_day
from poincon.www.base.about import about_programme, may, today_of
from poincon.www.base.charts import Share
from poincon.www.base.forms import DayInput, HouseForm, refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.funder.fundings_forms import FundingForm, checked_shares, funders, funding_specs, row_of_funding
from poincon.www.funder.receipts import form_page
from poincon.www.funder.rows import is_arranging, rows_of


class ChangeForm(HouseForm):
    """From when, and why."""

    des = forms.DateField(
        label=_("À partir du"),
        help_text=_("Le premier jour d’un mois : un mois se règle avec une seule répartition."),
        widget=DayInput(),
    )
    motif = forms.CharField(label=_("Motif"), help_text=_("Par exemple l’avenant à la convention."), max_length=300)


@require_safe
@about_programme(SEE_MONEY)
def fundings(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The shares of today, drawn; what each funder already sent; the shares before and to come."""
    today = max(today_of(programme), programme.starts_on)
    now = list(fundings_on(programme.pk, min(today, programme.ends_on)))
    others = programme.fundings.exclude(pk__in=[one.pk for one in now]).select_related("funder")
    context = {
        "programme": programme,
        "shares": [Share(one.funder.name, one.share_bp, one.get_kind_display()) for one in now],
        "fundings": [(one, received) for one, received in zip(now, _received(now), strict=True)],
        "before": [one for one in others if one.valid_until is not None],
        "later": [one for one in others if one.valid_until is None],
        "changes": may(request, CHANGE_FUNDINGS, programme),
    }
    return render(request, "funder/fundings.html", context)


def _received(fundings: list[Funding]) -> list[int]:
    """The cents that each funder sent or promised, whatever its share was then. One statement."""
    if not fundings:
        return []
    rows = Funding.objects.filter(programme=fundings[0].programme_id).order_by().values_list("funder_id")
    # Cash that honours a commitment is not money more.
    totals = dict(rows.filter(receipts__realises=None).annotate(total=Sum("receipts__amount")))
    return [int(totals.get(one.funder_id) or 0) for one in fundings]


@form_page
@about_programme(CHANGE_FUNDINGS)
def change(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Share the programme otherwise, from a month on."""
    sent = typed(request)
    first = earliest_day(programme, timezone.now())
    kept = [row_of_funding(one) for one in programme.fundings.filter(valid_until=None).order_by("pk")]
    rows = rows_of(FundingForm, "parts", sent, kept=kept, options={"choices": funders()})
    adding = is_arranging(sent)
    form = ChangeForm(None if adding else sent, initial=_kept_or(sent, {"des": first}))
    if request.method == "POST" and not adding and checked_shares(rows) and form.is_valid():
        with refusals_in(form) as done:
            change_fundings(
                by=actor_of(request),
                programme=programme,
                fundings=funding_specs(rows.cleaned_rows),
                from_day=form.cleaned_data["des"],
                reason=form.cleaned_data["motif"],
            )
        if done:
            messages.success(request, str(_("La nouvelle répartition est enregistrée.")))
            return redirect("funder:fundings")
    context = {
        "programme": programme,
        "rows": rows,
        "form": form,
        "first": first,
        "add_label": _("Ajouter un financeur"),
        "row_label": _("Financeur"),
        "submit": _("Enregistrer cette répartition"),
        "cancel_url": reverse("funder:fundings"),
    }
    return render(request, "funder/fundings_change.html", context)


def _kept_or(sent: Any, first: dict[str, Any]) -> dict[str, Any]:
    return first if sent is None else {name: sent.get(name, "") for name in ChangeForm.base_fields}
