"""How a person works a page by pointing: she only knows what can be read on it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page


@dataclass
class Pointing:
    """A finger or a mouse."""

    page: Page

    def press(self, name: str) -> None:
        """Follow the link or press the button that begins with these words, in what the page is about."""
        self._named(name).click()

    def fill(self, label: str, text: str) -> None:
        self._field(label).fill(text)

    def fill_day(self, label: str, day: str) -> None:
        """``day``: ISO 8601."""
        self._field(label).fill(day)

    def tick(self, label: str) -> None:
        self.page.get_by_role("main").get_by_label(label).first.check()

    def choose(self, label: str, option: str) -> None:
        self._field(label).select_option(label=option)

    def _field(self, label: str) -> Locator:
        return self.page.get_by_role("main").get_by_label(label).first

    def _named(self, name: str) -> Locator:
        main, begins = self.page.get_by_role("main"), re.compile(rf"^\s*{re.escape(name)}")
        return main.get_by_role("link", name=begins).or_(main.get_by_role("button", name=begins)).first
