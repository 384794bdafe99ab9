"""Every address of the site map, as each role that may open it, in a database where everything has happened."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import Eye, opened_eye
from tests.site_map import Address, pages


@pytest.fixture(scope="module")
def eye(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Eye]:
    with opened_eye(browser, "full", tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.mark.parametrize("address", pages(), ids=str)
def test_page(address: Address, eye: Eye) -> None:
    faults = eye.look_everywhere(address)
    assert not faults, "\n".join(faults)


def test_there_are_pages_to_look_at(eye: Eye) -> None:
    assert len(eye.site.stops) > 20
