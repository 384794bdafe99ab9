"""The verbs of a programme's network: qualify, suspend, agree, train."""

from poincon.network.services.prescribers import agree_prescriber, end_agreement
from poincon.network.services.qualifications import (
    lift_suspension,
    qualify,
    suspend_qualification,
    withdraw_qualification,
)
from poincon.network.services.trainings import record_group_training, record_training
from poincon.network.services.welcome import welcome_organisations

__all__ = [
    "agree_prescriber",
    "end_agreement",
    "lift_suspension",
    "qualify",
    "record_group_training",
    "record_training",
    "suspend_qualification",
    "welcome_organisations",
    "withdraw_qualification",
]
