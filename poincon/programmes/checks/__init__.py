"""What is wrong with the definition of a programme: everything at once, each fault with its place. No database."""

from poincon.programmes.checks.problems import Invalid, Problem, refuse
from poincon.programmes.checks.settings import setting_problems
from poincon.programmes.checks.whole import (
    funding_problems,
    local_service_problems,
    public_problems,
    sharing_problems,
    spec_problems,
    territory_problems,
)

__all__ = [
    "Invalid",
    "Problem",
    "funding_problems",
    "local_service_problems",
    "public_problems",
    "refuse",
    "setting_problems",
    "sharing_problems",
    "spec_problems",
    "territory_problems",
]
