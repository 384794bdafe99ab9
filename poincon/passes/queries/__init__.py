"""What is read of passes, each in a bounded number of statements."""

from poincon.passes.queries.booklet import PublicBooklet, examine, public_booklet
from poincon.passes.queries.funnel import Funnel, funnel
from poincon.passes.queries.stock import HolderStock, stock_by_holder

__all__ = [
    "Funnel",
    "HolderStock",
    "PublicBooklet",
    "examine",
    "funnel",
    "public_booklet",
    "stock_by_holder",
]
