"""POST /api/v1/scans: one verdict for each, in order, and the same one for ever."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.test import Client

from poincon.passes.models import Redemption, Scan
from tests.api.calling import Caller, problem
from tests.factories import NOW


def test_a_pass_is_redeemed(caller: Caller) -> None:
    (verdict,) = caller.scan(caller.item(caller.life.code(position=3)))
    assert (verdict["outcome"], verdict["positions"], verdict["booklet"]["left"]) == ("accepted", [3], 9)
    assert Redemption.objects.get().position == 3


def test_verdicts_come_in_the_order_of_the_scans(caller: Caller) -> None:
    items = [caller.item(caller.life.code(position=position)) for position in (5, 2, 9)]
    results = caller.scan(*items)
    assert [(verdict["id"], verdict["positions"]) for verdict in results] == [
        (item["id"], [position]) for item, position in zip(items, (5, 2, 9), strict=True)
    ]


def test_a_refusal_is_said_in_words_and_kept(caller: Caller) -> None:
    (verdict,) = caller.scan(caller.item("bonjour"))
    assert (verdict["outcome"], verdict["reason"]) == ("refused", "unreadable_code")
    assert verdict["message"].endswith(".")
    assert verdict["next_step"].endswith(".")
    assert Scan.objects.get().reason == "unreadable_code"


def test_replaying_gives_the_same_bytes(caller: Caller, at: Callable[[datetime], None]) -> None:
    body = {"scans": [caller.item(caller.life.code(position=1)), caller.item("bonjour"), caller.item()]}
    first = caller.post("/scans", body)
    at(NOW + timedelta(days=30))
    assert caller.post("/scans", body).content == first.content
    assert Scan.objects.count() == 3


def test_replaying_one_scan_of_a_batch_gives_the_same_bytes(caller: Caller) -> None:
    items = [caller.item(caller.life.code(position=position)) for position in (1, 2)]
    together = caller.post("/scans", {"scans": items}).content
    alone = [caller.post("/scans", {"scans": [item]}).content for item in items]
    assert b",".join(text.removeprefix(b'{"results":[').removesuffix(b"]}") for text in alone) in together


def test_the_same_identifier_twice_in_a_request_is_one_scan(caller: Caller) -> None:
    item = caller.item()
    first, second = caller.scan(item, item)
    assert first == second
    assert Redemption.objects.count() == 1


def test_the_same_pass_twice_in_a_request_is_used_once(caller: Caller) -> None:
    code = caller.life.code(position=4)
    assert caller.reasons(caller.item(code), caller.item(code)) == [None, "already_used"]


def test_an_identifier_in_capitals_is_the_same(caller: Caller) -> None:
    item = caller.item(id="0190A6E0-1C5B-7C3E-9D2F-3A5B7C9D1E2F")
    again = item | {"id": item["id"].lower()}
    assert caller.scan(item) == caller.scan(again)
    assert Scan.objects.get().uuid == UUID(item["id"])


def test_the_identifier_of_another_operator_tells_nothing(caller: Caller, stranger: Caller) -> None:
    theirs = stranger.item()
    stranger.scan(theirs)
    ours = caller.item(id=theirs["id"])
    (alone,) = caller.scan(ours)
    assert (alone["reason"], alone["booklet"]) == ("identifier_taken", None)
    assert caller.reasons(ours, caller.item()) == ["identifier_taken", None]


def test_a_thousand_scans_are_answered_together(caller: Caller) -> None:
    results = caller.scan(*(caller.item(f"numéro {rank}") for rank in range(1000)))
    assert len(results) == Scan.objects.count() == 1000


def test_a_thousand_and_one_scans_are_too_many(caller: Caller) -> None:
    response = caller.post("/scans", {"scans": [caller.item()] * 1001})
    assert problem(response) == (413, "too_many_scans")
    assert "1001" in response.json()["detail"].replace("\u202f", "").replace("\xa0", "")
    assert not Scan.objects.exists()


def test_the_answer_is_in_french_whatever_the_caller_speaks(caller: Caller) -> None:
    code = caller.life.code(position=1)
    caller.scan(caller.item(code))
    body = json.dumps({"scans": [caller.item(code)]}).encode()
    headers = {"Authorization": f"Bearer {caller.token}", "Accept-Language": "en"}
    response = caller.client.generic("POST", "/api/v1/scans", body, "application/json", headers=headers)
    assert "4 mars 2026" in response.json()["results"][0]["message"]
    assert response.headers["Content-Language"] == "fr"


def test_a_browser_needs_no_form_token(caller: Caller) -> None:
    strict = Caller(Client(enforce_csrf_checks=True), caller.life)
    assert strict.reasons(strict.item()) == [None]
