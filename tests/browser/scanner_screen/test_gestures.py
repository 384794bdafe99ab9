"""Which sighting of a code is a new gesture: the module alone, the time given."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.scanner_screen.conftest import Screen

PLAY = """async pictures => {
    const { Gestures } = await import('/static/poincon/scanner/watch.js');
    const gestures = new Gestures();
    const at = (x) => [-60, 60].flatMap((dx) => [-60, 60].map((dy) => ({ x: x + dx, y: 360 + dy })));
    const size = { width: 1280, height: 720 };
    return pictures.map(([now, codes]) =>
        gestures.chosen(codes.map(([text, x]) => ({ text, corners: at(x) })), size, now));
}"""
MIDDLE, LEFT, EDGE = 640, 400, 80

Picture = tuple[int, list[tuple[str, int]]]


@pytest.fixture
def page(screen: Screen) -> Page:
    return screen()


def play(page: Page, *pictures: Picture) -> list[Any]:
    return list(page.evaluate(PLAY, list(pictures)))


def test_a_code_counts_once_however_long_it_is_seen(page: Page) -> None:
    seen = [(now, [("A", MIDDLE)]) for now in range(0, 20_000, 500)]
    assert play(page, *seen) == ["A", *[None] * (len(seen) - 1)]


def test_a_code_that_comes_back_later_is_a_new_gesture(page: Page) -> None:
    assert play(page, (0, [("A", MIDDLE)]), (3_000, [("A", MIDDLE)]), (7_100, [("A", MIDDLE)])) == ["A", None, "A"]


def test_another_code_counts_at_once(page: Page) -> None:
    assert play(page, (0, [("A", MIDDLE)]), (200, [("B", MIDDLE)]), (400, [("C", LEFT)])) == ["A", "B", "C"]


def test_of_several_codes_the_one_in_the_middle_counts(page: Page) -> None:
    assert play(page, (0, [("A", EDGE), ("B", MIDDLE), ("C", LEFT)])) == ["B"]


def test_several_codes_far_from_the_middle_are_not_aimed_at(page: Page) -> None:
    assert play(page, (0, [("A", EDGE), ("B", 1280 - EDGE)])) == [None]


def test_neighbours_of_a_sheet_wait_until_the_punched_one_has_left(page: Page) -> None:
    both = [("A", LEFT), ("B", MIDDLE)]
    alone = [("B", MIDDLE)]
    told = play(page, (0, [("A", MIDDLE)]), (300, both), (600, both), (1_200, alone), (2_200, alone), (2_400, alone))
    assert told == ["A", None, None, None, "B", None]
