"""docs/api.md: its examples are played against the API, and its tables compared with the code."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from poincon.api.devices import REQUESTS_PER_MINUTE
from poincon.api.problems import STATUS
from poincon.api.reading import MOST_SCANS
from poincon.api.scanner import CHANGES_KEPT
from poincon.passes.refusals import SCAN_REFUSALS
from poincon.passes.services.annul import UNDO_MINUTES
from tests.api.calling import Caller

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```http\n(\w+) (\S+)\n(.*?)```\n\n```json\n(.*?)```", re.DOTALL)
NUMBER, MISTYPED, VENUE, SERVICE = "4829 1570 363Q", "4829 1570 365Q", 12, "courriel"
#: Numbers drawn by the database.
IDENTIFIERS = {"id", "programme"}
CALLS = {"GET": Caller.get, "DELETE": Caller.delete}
ANYTHING = "…"


def played(caller: Caller, text: str) -> str:
    """``text`` of the page, about the booklet, the venue and the service of this test."""
    number = caller.life.number()
    for shown, real in ((NUMBER, number), (MISTYPED, mistyped(number)), (SERVICE, caller.life.scheme.service.code)):
        text = text.replace(quote(shown), quote(real)).replace(shown, real)
    return text.replace(f'"venue": {VENUE}', f'"venue": {caller.life.scheme.venue.pk}')


def mistyped(number: str) -> str:
    return str((int(number[0]) + 1) % 10) + number[1:]


def follows(answer: Any, shown: Any) -> bool:
    """Whether ``answer`` is what the page shows."""
    if isinstance(shown, dict):
        return set(answer) == set(shown) and all(
            type(answer[key]) is type(shown[key])
            if key in IDENTIFIERS and isinstance(shown[key], int)
            else follows(answer[key], shown[key])
            for key in shown
        )
    if isinstance(shown, list):
        return len(answer) == len(shown) and all(map(follows, answer, shown))
    return bool(shown in (ANYTHING, answer))


def test_the_examples_are_true(caller: Caller) -> None:
    examples = EXAMPLE.findall(PAGE)
    assert len(examples) == 6
    for method, address, request, shown in examples:
        head, _, body = played(caller, request).partition("\n\n")
        assert "Authorization: Bearer TOKEN" in head
        path = played(caller, address).removeprefix("/api/v1")
        answer = caller.post(path, body.encode()) if method == "POST" else CALLS[method](caller, path)
        expected = json.loads(played(caller, shown))
        assert follows(answer.json(), expected), answer.content.decode()


def test_what_the_page_does_not_show_is_noticed() -> None:
    assert follows({"a": [1, "x"]}, {"a": [1, ANYTHING]})
    assert not follows({"a": 1, "b": 2}, {"a": 1})
    assert not follows({"a": [1, 2]}, {"a": [1]})
    assert not follows({"id": "1"}, {"id": 1})
    assert not follows({"a": True}, {"a": "x"})


def test_every_problem_is_listed_with_its_status() -> None:
    listed = re.findall(r"^\| `(\w+)` \| (\d{3}) \|", PAGE, re.MULTILINE)
    assert {code: int(status) for code, status in listed} == {code: int(status) for code, status in STATUS.items()}


def test_every_reason_is_listed_in_the_order_of_the_rules() -> None:
    listed = re.findall(r"^\| `(\w+)` \| [^\d|][^|]*\|$", PAGE, re.MULTILINE)
    assert listed == [refusal.code for refusal in SCAN_REFUSALS]


def test_the_limits_are_those_of_the_code() -> None:
    assert f"{REQUESTS_PER_MINUTE} requests a minute" in PAGE
    assert f"up to {MOST_SCANS:,}" in PAGE
    assert f"Within {UNDO_MINUTES} minutes" in PAGE
    assert f"older than\n  {CHANGES_KEPT.days} days" in PAGE
