from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from poincon.programmes.models import Programme
from poincon.settlement.permissions import SEE_PAYMENTS
from poincon.settlement.queries import live_account, operators_with_accounts
from poincon.www.accountant.lists import ACCOUNTS
from poincon.www.base.about import about_programme


@require_safe
@about_programme(SEE_PAYMENTS)
def accounts(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """Where each operator is paid, and whose account is missing. Only the end of an IBAN is shown."""
    context = {"programme": programme, "payer": live_account(programme.owner_id)}
    return ACCOUNTS.answer(request, operators_with_accounts(programme), "accountant/accounts.html", context)
