"""A right of an organisation as a page tells it: its state today, since when, until when, and why it ended."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from poincon.kernel.texts import alphabetical
from poincon.network.models import PrescriberAgreement, Qualification, QualificationSuspension
from poincon.www.base.parts import Tag, Tone
from poincon.www.templatetags.humane import short_day


@dataclass(frozen=True)
class Told:
    """``row``: the agreement or the qualification itself. ``over``: it may only be given again."""

    row: Qualification | PrescriberAgreement
    state: Tag
    period: str
    because: str = ""
    over: bool = False
    #: Of a qualification: the suspension in force or to come.
    suspension: QualificationSuspension | None = None
    services: list[str] = field(default_factory=list)


def agreement_told(row: PrescriberAgreement, today: date) -> Told:
    """An agreement, on a day."""
    over = row.valid_until is not None and row.valid_until < today
    if over:
        state = Tag(_("finie"), Tone.QUIET)
    elif row.valid_from > today:
        state = Tag(_("à venir"), Tone.INFO)
    else:
        state = Tag(_("en cours"), Tone.GOOD)
    return Told(row, state, _period(row), because=row.ended_because, over=over)


def qualification_told(row: Qualification, today: date) -> Told:
    """A qualification, on a day. Its suspensions and services are read beforehand."""
    withdrawn = row.withdrawn_on is not None
    over = withdrawn or (row.valid_until is not None and row.valid_until < today)
    suspended = next((one for one in row.suspensions.all() if one.last_day is None or one.last_day >= today), None)
    services = [] if row.all_services else sorted((service.label for service in row.services.all()), key=alphabetical)
    return Told(
        row,
        _state(row, today, over=over, suspended=suspended),
        _period(row),
        because=row.withdrawn_because or (suspended.reason if suspended else ""),
        over=over,
        suspension=None if over else suspended,
        services=services,
    )


def _state(row: Qualification, today: date, *, over: bool, suspended: QualificationSuspension | None) -> Tag:
    if row.withdrawn_on is not None:
        day = short_day(row.withdrawn_on)
        words = _("retirée depuis le %(day)s") if row.withdrawn_on <= today else _("retirée le %(day)s")
        return Tag(words % {"day": day}, Tone.BAD)
    if over:
        return Tag(_("finie"), Tone.QUIET)
    if suspended is not None and suspended.first_day <= today:
        return Tag(_("suspendue"), Tone.CAREFUL)
    if row.valid_from <= today:
        return Tag(_("en cours"), Tone.GOOD)
    return Tag(_("à venir"), Tone.INFO)


def _period(row: Qualification | PrescriberAgreement) -> str:
    first = short_day(row.valid_from)
    if row.valid_until is None:
        return _("depuis le %(first)s, sans fin prévue") % {"first": first}
    return _("du %(first)s au %(last)s") % {"first": first, "last": short_day(row.valid_until)}
