"""How a person works a page, by pointing or by typing: she only knows what can be read on it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


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


#: Nobody goes past more stops than this on one page: beyond, it cannot be reached by the keyboard.
MOST_TABS = 400
#: What has the focus: one of these elements, the link that skips the menu, or something else on the way.
REACHED, SKIPS = "there", "skips"
FOCUS = f"""wanted => wanted.includes(document.activeElement) ? "{REACHED}"
    : document.activeElement?.classList.contains("skip-link") ? "{SKIPS}" : null"""
CHOSEN = "select => select.selectedOptions[0]?.label.trim()"


@dataclass
class Typing(Pointing):
    """The keyboard alone: Tab goes from one thing to the next, Enter follows, Space ticks, arrows choose.

    No sign is typed into a list of choices: which of them a prefix finds depends on how fast one types.
    """

    def press(self, name: str) -> None:
        target = self._named(name)
        self._reach(target)
        # The element has the focus: this is the key alone, and waits for the page it opens as a click does.
        target.press("Enter")

    def fill(self, label: str, text: str) -> None:
        field = self._field(label)
        self._reach(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        expect(field).to_have_value(text)

    def fill_day(self, label: str, day: str) -> None:
        field = self._field(label)
        self._reach(field)
        year, month, number = day.split("-")
        # A browser asks the parts of a day in the order of its own language, whatever that of the page.
        for parts in ((number, month, year), (month, number, year)):
            self.page.keyboard.type("".join(parts))
            if field.input_value() == day:
                return
            self.page.keyboard.press("ArrowLeft")
            self.page.keyboard.press("ArrowLeft")
        raise AssertionError(f"“{label}” holds {field.input_value()}, not {day}")

    def tick(self, label: str) -> None:
        box = self.page.get_by_role("main").get_by_label(label).first
        if box.is_checked():
            return
        if box.get_attribute("type") == "radio":
            self._choose_radio(box)
        else:
            self._reach(box)
            self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def choose(self, label: str, option: str) -> None:
        field = self._field(label)
        self._reach(field)
        self.page.keyboard.press("Home")
        for _ in range(field.locator("option").count()):
            if field.evaluate(CHOSEN) == option:
                break
            self.page.keyboard.press("ArrowDown")
        assert field.evaluate(CHOSEN) == option, f"“{option}” is not reached with the arrows in “{label}”"

    def _choose_radio(self, box: Locator) -> None:
        """Tab enters a group by its ticked choice, or by its first or last one: arrows do the rest."""
        name = box.get_attribute("name")
        group = self.page.get_by_role("main").locator(f'input[type="radio"][name="{name}"]')
        self._reach(group)
        for _ in range(group.count()):
            if box.evaluate("box => box === document.activeElement"):
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")

    def _reach(self, target: Locator) -> None:
        """Go forward until ``target``, or one of them, has the focus; the link that skips the menu is followed."""
        target.first.wait_for()
        for _ in range(MOST_TABS):
            focus = target.evaluate_all(FOCUS)
            if focus == REACHED:
                return
            if focus == SKIPS:
                self.page.keyboard.press("Enter")
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached by the keyboard on {self.page.url}")
