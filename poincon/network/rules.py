"""Whether a qualification or an agreement holds on a day. No database."""

from datetime import date

from poincon.network.models import PrescriberAgreement, Qualification


def qualification_holds(qualification: Qualification, day: date) -> bool:
    """Whether an operator may be paid for that day. A withdrawal takes effect on its own day."""
    withdrawn = qualification.withdrawn_on is not None and day >= qualification.withdrawn_on
    return not withdrawn and _within(day, qualification.valid_from, qualification.valid_until)


def agreement_holds(agreement: PrescriberAgreement, day: date) -> bool:
    """Whether a prescriber may hand booklets over that day."""
    return _within(day, agreement.valid_from, agreement.valid_until)


def _within(day: date, first: date, last: date | None) -> bool:
    return first <= day and (last is None or day <= last)
