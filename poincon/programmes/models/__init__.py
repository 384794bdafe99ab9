from poincon.programmes.models.draft import ProgrammeDraft
from poincon.programmes.models.funding import Funding, FundingReceipt
from poincon.programmes.models.programme import Programme, ProgrammeChange, Public, Territory
from poincon.programmes.models.service import Service

__all__ = [
    "Funding",
    "FundingReceipt",
    "Programme",
    "ProgrammeChange",
    "ProgrammeDraft",
    "Public",
    "Service",
    "Territory",
]
