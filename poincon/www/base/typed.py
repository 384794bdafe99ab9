"""What a person was typing when her session ended, or when her page had grown too old to be sent: kept locked for an
hour, given back once she has signed in again."""

import json
import time

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from poincon.kernel.vault import lock_away, take_out

KEPT, PURPOSE = "typed", "typed"
SECONDS_KEPT = 3600
#: A form typed by hand is far smaller; files are never kept.
MOST_BYTES = 64 * 1024


def keep(request: HttpRequest) -> bool:
    """Keep what this POST brought, encrypted in the session; say whether there was anything to keep."""
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    written = fields.urlencode()
    if not written or len(written) > MOST_BYTES:
        return False
    kept = json.dumps({"path": request.path, "at": int(time.time()), "fields": written})
    request.session[KEPT] = lock_away(kept.encode(), purpose=PURPOSE)
    if not request.user.is_authenticated:
        request.session.set_expiry(SECONDS_KEPT)
    return True


def kept_for(request: HttpRequest) -> QueryDict | None:
    """What was kept for this page, once; None when there is nothing, or when it is an hour old."""
    locked = request.session.get(KEPT)
    if locked is None:
        return None
    kept = json.loads(take_out(locked, purpose=PURPOSE))
    is_old = time.time() - kept["at"] > SECONDS_KEPT
    if kept["path"] != request.path and not is_old:
        return None
    del request.session[KEPT]
    if is_old:
        return None
    messages.warning(
        request, _("Votre session avait expiré. Ce que vous aviez tapé est encore là : vérifiez, puis envoyez.")
    )
    return QueryDict(kept["fields"])
