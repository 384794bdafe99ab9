"""How a scanner is recognised: one statement, on the path of every scan."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from poincon.kernel.db import PlannedStatement, run_together

RECOGNISE = PlannedStatement(
    "SELECT d.operator_id, o.rules_version, d.id, d.enrolled_by_id, d.label FROM organisations_device d "
    "JOIN organisations_organisation o ON o.id = d.operator_id "
    "JOIN organisations_user u ON u.id = d.enrolled_by_id AND u.is_active "
    "WHERE d.token_digest {among} AND d.revoked_at IS NULL",
    kind="text",
)


#: A device is said to have been heard at a moment this far from the truth at most: enough to find the forgotten ones.
CONTACT_PRECISION = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Scanner:
    """Who scans: a device or a signed-in mediator, for one operator. ``operator_version`` dates what is known of it."""

    operator_id: int
    operator_version: int
    device_id: int | None
    user_id: int
    label: str


def token_digest(token: str) -> str:
    """What is kept of a device token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def recognise(token: str) -> Scanner | None:
    """The scanner that holds ``token``; None when it is unknown, revoked, or its mediator may no longer act."""
    rows = run_together([RECOGNISE.about([token_digest(token)])])[0]
    return Scanner(*rows[0]) if rows else None
