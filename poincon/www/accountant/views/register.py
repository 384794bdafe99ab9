from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from poincon.passes.documents.register import register_pdf
from poincon.passes.permissions import SEE_BATCHES
from poincon.passes.queries.register import movements_of, register_on
from poincon.programmes.models import Programme
from poincon.settlement import rules
from poincon.www.accountant.lists import MOVEMENTS
from poincon.www.base.about import about_programme
from poincon.www.base.forms import DayInput, HouseForm


class DayForm(HouseForm):
    au = forms.DateField(label=_("Solde au soir du"), widget=DayInput(), required=False)


@require_safe
@about_programme(SEE_BATCHES)
def register(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """The balances at the end of any day, and every movement."""
    form, day = _asked_day(request, programme)
    context = {"programme": programme, "register": register_on(programme, day), "day_form": form, "day": day}
    return MOVEMENTS.answer(request, movements_of(programme), "accountant/register.html", context)


@require_safe
@about_programme(SEE_BATCHES)
def paper(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The register at the end of a day, to print and sign."""
    _form, day = _asked_day(request, programme)
    headers = {"Content-Disposition": f'inline; filename="registre-{programme.code}-{day:%Y-%m-%d}.pdf"'}
    return HttpResponse(register_pdf(register_on(programme, day)), content_type="application/pdf", headers=headers)


def _asked_day(request: HttpRequest, programme: Programme) -> tuple[DayForm, date]:
    """The day asked for; today when none is, or when it is not understood."""
    today = rules.local_day(timezone.now(), programme.time_zone)
    form = DayForm(request.GET if "au" in request.GET else None, initial={"au": today})
    day = form.cleaned_data["au"] if form.is_bound and form.is_valid() else None
    return form, min(day, today) if day else today
