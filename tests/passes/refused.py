"""How a refused life is told: a function that makes one and returns the reason it was given."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.lives import Life, Live

CASES: dict[str, list[Callable[[Live], str]]] = {}
DAY = timedelta(days=1)


def gives(code: str) -> Callable[[Callable[[Live], str]], Callable[[Live], str]]:
    """The function makes a life and scans; the reason of its verdict must be ``code``."""

    def add(case: Callable[[Live], str]) -> Callable[[Live], str]:
        CASES.setdefault(code, []).append(case)
        return case

    return add


def reason(life: Life, presented: str | None = None, **changes: Any) -> str:
    life.refresh_scanner()
    return str(life.scan(presented, **changes)["reason"])
