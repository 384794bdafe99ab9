"""Drives the engine of a page as its screen does."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

#: Opened by the test, not by the screen: what is tried here is the engine alone.
OPEN = """async () => {
  const { open } = await import("/static/poincon/scanner/engine.js");
  window.engine = await open({ onChange: (status) => { window.told = status; } });
}"""
#: Dates travel as text.
CALL = """async ([name, given]) => {
  const answer = await window.engine[name](...given);
  return JSON.stringify(answer ?? null);
}"""


@dataclass
class Driver:
    """One tab of one phone, with its engine open."""

    page: Page

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def open(self) -> None:
        self.page.evaluate(OPEN)

    def call(self, name: str, *given: Any) -> Any:
        return json.loads(self.page.evaluate(CALL, [name, list(given)]))

    @property
    def status(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.page.evaluate("() => JSON.stringify(window.engine.status)"))
        return told

    def scan(self, text: str, passes: int | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = self.call("scan", text, {"passes": passes})
        return answer

    def today(self) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = self.call("today")
        return answers

    def states(self) -> list[str]:
        """What became of each scan, oldest first."""
        return [answer["state"] for answer in reversed(self.today())]

    def enrol(self, village_context: dict[str, Any], label: str = "Téléphone") -> None:
        assert self.call("enrol", {"label": label}) == {"done": True}
        self.call("setContext", village_context)
        assert self.status["phase"] == "ready", self.status

    def wait_until(self, condition: str) -> None:
        """Wait for something of ``engine.status``, written in JavaScript about ``s``."""
        self.page.wait_for_function(f"() => {{ const s = window.engine.status; return {condition}; }}")

    def cut(self) -> None:
        self.context.set_offline(True)
        self.wait_until("!s.online")

    def connect(self) -> None:
        """The network is back: what waited leaves by itself."""
        self.context.set_offline(False)

    def settle(self) -> None:
        """The network is back, and the queue is empty."""
        self.connect()
        self.wait_until("s.online && !s.waiting && !s.syncing")

    def answering(self, path: str, handler: Callable[[Route], None], *, times: int = 0) -> None:
        """Stand between the phone and the API for the next ``times`` requests (0: always)."""
        if times:
            self.page.route(f"**/api/v1/{path}", handler, times=times)
        else:
            self.page.route(f"**/api/v1/{path}", handler)

    def leave_alone(self) -> None:
        self.page.unroute_all(behavior="wait")
