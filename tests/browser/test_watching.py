"""The watchmen themselves: each must see what it is there for."""

import pytest
from playwright.sync_api import Browser

from tests.browser.accessibility import scrolls_sideways, small_targets, violations


@pytest.fixture
def bad_page(browser: Browser) -> str:
    return (
        "<!DOCTYPE html><html><body><img src='data:,'><p style='color:#999;background:#fff'>pâle</p>"
        "<button style='height:20px'>petit</button><div style='width:3000px'>large</div></body></html>"
    )


def test_the_watchmen_see_a_bad_page(browser: Browser, bad_page: str) -> None:
    page = browser.new_page()
    page.set_content(bad_page)
    found = {fault.split(":")[0] for fault in violations(page)}
    assert {"image-alt", "color-contrast", "html-has-lang", "document-title"} <= found
    assert scrolls_sideways(page)
    assert small_targets(page)
    page.close()
