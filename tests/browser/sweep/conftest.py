"""Two sites to look at, opened once: the one where everything has happened, the one where nothing has yet."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import Eye, Seen, opened_eye
from tests.serving import KINDS
from tests.site_map import Address

Look = Callable[[Address], list[str]]


@pytest.fixture(scope="session")
def eyes(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Eye]]:
    with ExitStack() as opened:
        folder = tmp_path_factory.mktemp("sites")
        yield [opened.enter_context(opened_eye(browser, kind, folder)) for kind in KINDS]


@pytest.fixture(scope="module")
def look(eyes: list[Eye]) -> Look:
    """Look at an address of both sites; what is empty in one and looks the same in the other is seen once."""
    seen = Seen()
    for eye in eyes:
        eye.seen = seen
    return lambda address: [f"{eye.site.kind}: {fault}" for eye in eyes for fault in eye.look_everywhere(address)]
