"""POST /api/v1/scans/{id}/annul: undo a punch, and be told the same when asking again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from poincon.passes.models import Annulment
from tests.api.calling import Caller, problem
from tests.factories import NOW

At = Callable[[datetime], None]


def redeemed(caller: Caller, **changes: Any) -> str:
    """The identifier of an accepted scan of the first pass."""
    item = caller.item(caller.life.code(position=1), **changes)
    assert caller.reasons(item) == [None]
    return str(item["id"])


def test_an_annulled_pass_is_usable_again(caller: Caller) -> None:
    scan_id = redeemed(caller)
    response = caller.post(f"/scans/{scan_id}/annul", {"reason": "erreur de chéquier"})
    assert response.json() == {
        "id": scan_id,
        "annulled_at": "2026-03-04T09:00:00Z",
        "number": caller.life.number(),
        "left": 10,
        "positions": [1],
    }
    assert Annulment.objects.get().reason == "erreur de chéquier"
    assert caller.reasons(caller.item(caller.life.code(position=1))) == [None]


def test_the_body_may_be_left_out(caller: Caller) -> None:
    assert caller.post(f"/scans/{redeemed(caller)}/annul").status_code == 200


def test_annulling_again_gives_the_same_annulment(caller: Caller, at: At) -> None:
    scan_id = redeemed(caller)
    first = caller.post(f"/scans/{scan_id}/annul").content
    at(NOW + timedelta(days=1))
    assert caller.post(f"/scans/{scan_id}/annul", {"reason": "autre"}).content == first


def test_replaying_an_annulled_scan_gives_its_first_verdict(caller: Caller) -> None:
    item = caller.item()
    first = caller.scan(item)
    caller.post(f"/scans/{item['id']}/annul")
    assert caller.scan(item) == first


def test_an_annulment_too_late_is_refused(caller: Caller, at: At) -> None:
    scan_id = redeemed(caller)
    at(NOW + timedelta(minutes=16))
    assert problem(caller.post(f"/scans/{scan_id}/annul")) == (409, "annul_too_late")


def test_an_annulment_that_waited_off_line_counts_on_the_device_s_clock(caller: Caller, at: At) -> None:
    scan_id = redeemed(caller)
    at(NOW + timedelta(days=2))
    asked_at = (NOW + timedelta(minutes=14)).isoformat()
    assert caller.post(f"/scans/{scan_id}/annul", {"occurred_at": asked_at}).status_code == 200


def test_a_refused_scan_has_nothing_to_annul(caller: Caller) -> None:
    item = caller.item("bonjour")
    caller.scan(item)
    assert problem(caller.post(f"/scans/{item['id']}/annul")) == (409, "nothing_to_annul")


def test_a_scan_of_another_operator_is_unknown(caller: Caller, stranger: Caller) -> None:
    theirs = redeemed(stranger)
    assert problem(caller.post(f"/scans/{theirs}/annul")) == (404, "scan_unknown")


def test_a_scan_that_never_was_is_unknown(caller: Caller) -> None:
    path = "/scans/0190a6e0-1c5b-7c3e-9d2f-3a5b7c9d1e2f/annul"
    assert problem(caller.post(path)) == (404, "scan_unknown")


def test_a_path_without_uuid_names_the_field(caller: Caller) -> None:
    response = caller.post("/scans/zz/annul")
    assert problem(response) == (422, "invalid_request")
    assert response.json()["faults"][0]["field"] == "scan_id"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], ""),
        ({"reason": 5}, "reason"),
        ({"reason": None}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"reason": "\ud83d"}, "reason"),
        ({"occurred_at": "hier"}, "occurred_at"),
        ({"occurred_at": "2026"}, "occurred_at"),
        ({"occurred_at": 1772614800}, "occurred_at"),
        ({"occurred_at": "2026-03-04T10:00:00"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
    ],
)
def test_a_bad_field_is_named_in_french(caller: Caller, body: object, field: str) -> None:
    response = caller.post(f"/scans/{redeemed(caller)}/annul", body)
    assert problem(response) == (422, "invalid_request")
    (fault,) = response.json()["faults"]
    assert fault["field"] == field
    assert " est attendu" in fault["fault"] or "sont attendues" in fault["fault"] or "au plus" in fault["fault"]
    assert not Annulment.objects.exists()


def test_a_null_character_is_left_out_of_the_reason(caller: Caller) -> None:
    assert caller.post(f"/scans/{redeemed(caller)}/annul", {"reason": "a\x00b"}).status_code == 200
    assert Annulment.objects.get().reason == "ab"


def test_a_body_that_is_not_json_annuls_nothing(caller: Caller) -> None:
    assert problem(caller.post(f"/scans/{redeemed(caller)}/annul", b"{")) == (400, "not_json")
    assert not Annulment.objects.exists()
