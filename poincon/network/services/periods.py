"""What several verbs of the network share: order of dates, how a day is written."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_within, written_day
from poincon.network.models import PrescriberAgreement, Qualification

DATES_REVERSED = Refusal(
    "network.dates_reversed",
    _("Jusqu’au : cette date précède le premier jour, le %(first)s."),
    _("Corrigez l’une des deux dates."),
)
REASON_MISSING = Refusal(
    "network.reason_missing",
    _("Motif : il manque."),
    _("Écrivez pourquoi : l’organisation le lira."),
)


def require_order(first: date, last: date | None) -> None:
    """Raise a refusal when a period ends before it begins."""
    if last is not None and last < first:
        raise DATES_REVERSED.filled(first=written(first))


def checked_reason(reason: str) -> str:
    """A reason of 300 characters at most. Raises a refusal when it is missing or longer."""
    kept = text_within(300, _("Motif"), reason)
    if not kept:
        raise REASON_MISSING.filled()
    return kept


def dates(row: Qualification | PrescriberAgreement) -> dict[str, object]:
    """The days of a right, as the journal keeps them."""
    until = row.valid_until.isoformat() if row.valid_until else None
    return {"valid_from": row.valid_from.isoformat(), "valid_until": until}


def written(value: date) -> str:
    """A day as a refusal says it."""
    return written_day(value)
