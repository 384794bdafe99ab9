"""GET /api/v1/booklets/{code or number}: what a booklet is worth, without using it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from poincon.passes import keys
from poincon.passes.models import Redemption, Scan
from tests.api.calling import Caller, problem
from tests.factories import NOW, SYSTEM


def path(presented: str) -> str:
    return "/booklets/" + quote(presented, safe="")


def test_a_number_tells_what_is_left(caller: Caller) -> None:
    caller.scan(caller.item(caller.life.code(position=3)))
    answer = caller.get(path(caller.life.number())).json()
    assert answer == {
        "number": caller.life.number(),
        "size": 10,
        "left": 9,
        "valid_until": "2027-03-03",
        "position": 0,
        "positions_used": [3],
        "usable": True,
        "reason": None,
        "message": "Ce chéquier est valable.",
        "next_step": "",
        "programme": "Pass numérique de la Creuse",
    }


def test_testing_uses_nothing_and_leaves_no_scan(caller: Caller) -> None:
    caller.get(path(caller.life.code(position=3)))
    assert (Redemption.objects.count(), Scan.objects.count()) == (0, 0)


def test_a_scanned_code_tells_its_pass(caller: Caller) -> None:
    assert caller.get(path(caller.life.code(position=3))).json()["position"] == 3


def test_the_code_may_be_an_address_whose_slashes_were_merged(caller: Caller) -> None:
    scanned = caller.life.code(position=3).replace("//", "/")
    assert caller.get("/booklets/" + scanned).json()["position"] == 3


def test_the_reason_why_it_would_be_refused_is_told(caller: Caller) -> None:
    answer = caller.get(path(caller.life.number(rank=2))).json()
    assert (answer["usable"], answer["reason"]) == (False, "not_handed_over")
    assert answer["next_step"]


def test_an_expired_booklet_is_told_so(caller: Caller, at: Callable[[datetime], None]) -> None:
    at(NOW + timedelta(days=500))
    assert caller.get(path(caller.life.number())).json()["reason"] == "expired"


@pytest.mark.parametrize("text", ["zz", " ", "\x00", "é" * 100, "٣" * 11 + "K", "x" + " " * 30_000 + "1", "../scans"])
def test_what_is_not_a_code_is_unreadable(caller: Caller, text: str) -> None:
    assert problem(caller.get(path(text))) == (422, "unreadable_code")


def test_a_number_with_one_wrong_character_is_told_so(caller: Caller) -> None:
    number = caller.life.number()
    wrong = str((int(number[0]) + 1) % 10) + number[1:]
    assert problem(caller.get(path(wrong))) == (422, "wrong_check_character")


def test_a_forged_code_is_told_so(caller: Caller) -> None:
    code = caller.life.code()
    assert problem(caller.get(path(code[:-1] + ("0" if code[-1] != "0" else "1")))) == (422, "forged_signature")


def test_a_code_of_another_instance_is_told_so(caller: Caller) -> None:
    assert problem(caller.get(path(caller.life.code(key="00000000")))) == (404, "unknown_key")


def test_a_number_that_was_never_printed_is_unknown(caller: Caller) -> None:
    assert problem(caller.get(path(caller.life.code(number=1)))) == (404, "unknown_booklet")


def test_a_pass_beyond_the_booklet_is_told_so(caller: Caller) -> None:
    assert problem(caller.get(path(caller.life.number(position=11)))) == (422, "position_out_of_range")


def test_a_code_of_a_revoked_key_is_told_so(caller: Caller) -> None:
    code = caller.life.code()
    keys.revoke(by=SYSTEM, identifier=caller.life.batch.signing_key.identifier, reason="vol", now=NOW)
    assert problem(caller.get(path(code))) == (409, "revoked_key")
