"""Whether a qualification or an agreement holds on a day. No database."""

from collections.abc import Iterable
from datetime import date, timedelta

from poincon.network.models import PrescriberAgreement, Qualification, QualificationSuspension


def qualification_holds(
    qualification: Qualification, day: date, suspensions: Iterable[QualificationSuspension] = ()
) -> bool:
    """Whether an operator may be paid for that day. A withdrawal takes effect on its own day."""
    withdrawn = qualification.withdrawn_on is not None and day >= qualification.withdrawn_on
    if any(_within(day, suspension.first_day, suspension.last_day) for suspension in suspensions):
        return False
    return not withdrawn and _within(day, qualification.valid_from, qualification.valid_until)


def agreement_holds(agreement: PrescriberAgreement, day: date) -> bool:
    """Whether a prescriber may hand booklets over that day."""
    return _within(day, agreement.valid_from, agreement.valid_until)


def first_day_kept(row: Qualification | PrescriberAgreement, valid_from: date) -> date:
    """The first day of a right renewed from ``valid_from``: that of the period before, unless days lie between them.

    Renewing early must neither stop anybody until then, nor refuse the late scans of the period before.
    """
    goes_on = row.valid_until is None or row.valid_until >= valid_from - timedelta(days=1)
    return min(row.valid_from, valid_from) if goes_on else valid_from


def _within(day: date, first: date, last: date | None) -> bool:
    return first <= day and (last is None or day <= last)
