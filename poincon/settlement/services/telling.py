"""Operators learn of their money by mail, in the transaction that decides it."""

from collections.abc import Mapping
from datetime import datetime

from poincon.kernel.messages import Notice, announce
from poincon.organisations.enums import Role
from poincon.organisations.mailing import recipients
from poincon.programmes.models import Programme


def tell_operators(
    notice: Notice, programme: Programme, operator_of: Mapping[int, int], *, happened_at: datetime
) -> None:
    """Queue one mail for each statement or payment (id → operator) and each person who manages its operator."""
    there = recipients(operator_of.values(), [Role.OPERATOR_MANAGER], programme_id=programme.pk)
    told = [(pk, one) for pk, operator_id in operator_of.items() for one in there[operator_id]]
    announce(notice, told, happened_at=happened_at)
