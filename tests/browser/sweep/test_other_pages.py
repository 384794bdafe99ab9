from pathlib import Path

from tests.browser.looking import Eye
from tests.browser.sweep.audiences import BEGINNINGS, each_page_of, pages_of

test_page = each_page_of("everybody")


def test_every_audience_has_its_file_and_pages() -> None:
    for audience in BEGINNINGS:
        assert len(pages_of(audience)) > 10
        assert Path(__file__).with_name(f"test_{audience}_pages.py").exists()


def test_there_are_pages_to_look_at(eyes: list[Eye]) -> None:
    assert all(len(eye.site.stops) > 20 for eye in eyes)
