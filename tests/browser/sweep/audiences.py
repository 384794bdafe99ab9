"""Every address of the site map, shared between files by audience: a file stays with one worker of pytest.

Each file looks at its pages as each role that may open them, where everything has happened and where nothing has yet.
"""

from collections.abc import Callable

import pytest

from tests.browser.sweep.conftest import Look
from tests.site_map import Address, pages

#: Audience → how its addresses begin. The others belong to everybody.
BEGINNINGS = {
    "coordinator": "coordination/",
    "funder": "commanditaire/",
    "operator": "mediation/",
    "prescriber": "prescripteur/",
}


def pages_of(audience: str) -> list[Address]:
    """The addresses of this audience, or of everybody."""
    if audience in BEGINNINGS:
        return [page for page in pages() if page.route.startswith(BEGINNINGS[audience])]
    return [page for page in pages() if not page.route.startswith(tuple(BEGINNINGS.values()))]


def each_page_of(audience: str) -> Callable[[Address, Look], None]:
    """The test of every page of this audience."""

    @pytest.mark.parametrize("address", pages_of(audience), ids=str)
    def test_page(address: Address, look: Look) -> None:
        faults = look(address)
        assert not faults, "\n".join(faults)

    return test_page
