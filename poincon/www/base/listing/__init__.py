"""Lists: declared once, then searched, filtered, sorted, cut into pages and exported in the same way everywhere."""

from poincon.www.base.listing.columns import Column, Kind
from poincon.www.base.listing.filters import Filters, words_in
from poincon.www.base.listing.listing import Listing
from poincon.www.base.listing.page import PAGE, Pages, pages_around

__all__ = ["PAGE", "Column", "Filters", "Kind", "Listing", "Pages", "pages_around", "words_in"]
