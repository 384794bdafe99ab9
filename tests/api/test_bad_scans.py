"""Scans that are wrong in every way: each is refused for itself, and blocks no other."""

import json
from datetime import timedelta
from typing import Any

import pytest

from poincon.passes.models import Scan
from tests.api.calling import Caller
from tests.factories import NOW

HUGE = "9" * 10_000
SURROGATE = "\ud83d"
BAD_VALUES: dict[str, list[Any]] = {
    "code": [..., None, 5, True, "", "  ", [], {}, "A" * 10_000],
    "passes": [0, -1, 61, 1.5, True, "1", [], {}, 10**30],
    "venue": [..., None, 0, -1, "1", True, 1.0, [], {}, 2**63, 10**30],
    "service": [..., None, 5, False, "", " ", [], {}],
    "occurred_at": [
        *(..., None, 5, True, "", "hier", [], {}),
        *("2026-03-04", "2026-03-04T10:00:00", "2026-02-30T10:00:00Z", "2026", "1772614800"),
        *("0001-01-01T00:00:00+14:00", "1899-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"),
    ],
    "mediator": [0, -1, "1", True, 1.5, [], {}, 2**63, 10**30],
}
BAD_IDENTIFIERS: list[Any] = [
    *(..., None, 5, True, "", "zz", [], {}, SURROGATE, "\x00", HUGE),
    "{0190a6e0-1c5b-7c3e-9d2f-3a5b7c9d1e2f}",
    "0190a6e01c5b7c3e9d2f3a5b7c9d1e2f",
    "0190a6e0-1c5b-7c3e-9d2f-3a5b7c9d1e2٣",
    "0190a6e0-1c5b-7c3e-9d2f-3a5b7c9d_e2f",
]


@pytest.mark.parametrize("field", BAD_VALUES)
def test_a_bad_value_is_refused_by_the_name_of_its_field(caller: Caller, field: str) -> None:
    items = [caller.item(**{field: value}) for value in BAD_VALUES[field]]
    verdicts = caller.scan(*items)
    assert {verdict["reason"] for verdict in verdicts} == {"malformed"}
    assert all(f"« {field} »" in verdict["message"] for verdict in verdicts)
    assert Scan.objects.filter(accepted=False, reason="malformed").count() == len(items)


@pytest.mark.parametrize("field", BAD_VALUES)
def test_a_bad_value_blocks_no_other_scan(caller: Caller, field: str) -> None:
    bad = caller.item(**{field: BAD_VALUES[field][0]})
    assert caller.reasons(caller.item(), bad, caller.item()) == [None, "malformed", None]


@pytest.mark.parametrize("field", BAD_VALUES)
def test_a_malformed_scan_keeps_its_first_verdict(caller: Caller, field: str) -> None:
    bad = caller.item(**{field: BAD_VALUES[field][0]})
    first = caller.scan(bad)
    assert caller.scan(caller.item(id=bad["id"])) == first


@pytest.mark.parametrize("identifier", BAD_IDENTIFIERS)
def test_a_scan_without_identifier_is_refused_and_not_kept(caller: Caller, identifier: Any) -> None:
    bad = caller.item(id=identifier)
    assert caller.reasons(caller.item(), bad, caller.item()) == [None, "malformed", None]
    assert Scan.objects.count() == 2


@pytest.mark.parametrize("item", [None, 5, "texte", [], [[]], {}, True])
def test_what_is_not_a_scan_is_refused_and_not_kept(caller: Caller, item: object) -> None:
    assert caller.reasons(item, caller.item()) == ["malformed", None]
    assert Scan.objects.count() == 1


def test_a_null_passes_or_mediator_is_none_at_all(caller: Caller) -> None:
    assert caller.reasons(caller.item(passes=None, mediator=None)) == [None]


def test_an_integer_that_python_refuses_to_read_blocks_no_other(caller: Caller) -> None:
    body = json.dumps({"scans": [caller.item(venue=1234567), caller.item()]}).replace("1234567", HUGE)
    response = caller.post("/scans", body.encode())
    assert [verdict["reason"] for verdict in response.json()["results"]] == ["malformed", None]


@pytest.mark.parametrize(
    "text", ["\x00", f"code{SURROGATE}", "é\x00à", "٣" * 11 + "K", "1" * 11 + "²", "x" + " " * 498 + "1"]
)
def test_strange_characters_are_an_unreadable_code(caller: Caller, text: str) -> None:
    assert caller.reasons(caller.item(text), caller.item()) == ["unreadable_code", None]
    assert Scan.objects.get(accepted=False).presented.startswith("sha256:")


def test_strange_characters_are_an_unknown_service(caller: Caller) -> None:
    services = ["\x00x", f"service{SURROGATE}", "x" * 10_000]
    assert caller.reasons(*(caller.item(service=service) for service in services)) == ["service_unknown"] * 3


def test_unknown_fields_are_ignored(caller: Caller) -> None:
    assert caller.reasons(caller.item(volume=[[[11]]])) == [None]


# --- the codes --------------------------------------------------------------------------------------------------------


def test_a_forged_signature_is_refused(caller: Caller) -> None:
    code = caller.life.code(position=1)
    forged = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert caller.reasons(caller.item(forged)) == ["forged_signature"]


def test_a_code_whose_payload_was_changed_is_refused(caller: Caller) -> None:
    one, other = caller.life.code(position=1), caller.life.code(position=2)
    start = one.index("/P/") + 3
    assert caller.reasons(caller.item(other[: start + 25] + one[start + 25 :])) == ["forged_signature"]


def test_a_code_of_another_instance_is_refused(caller: Caller) -> None:
    assert caller.reasons(caller.item(caller.life.code(position=1, key="00000000"))) == ["unknown_key"]


@pytest.mark.parametrize("kept", [1, 60, 127])
def test_a_truncated_code_is_refused(caller: Caller, kept: int) -> None:
    code = caller.life.code(position=1)
    assert caller.reasons(caller.item(code[: code.index("/P/") + 3 + kept])) == ["unreadable_code"]


def test_a_number_with_one_wrong_character_is_refused(caller: Caller) -> None:
    number = caller.life.number()
    wrong = str((int(number[0]) + 1) % 10) + number[1:]
    assert caller.reasons(caller.item(wrong)) == ["wrong_check_character"]


def test_a_pass_beyond_the_booklet_is_refused(caller: Caller) -> None:
    assert caller.reasons(caller.item(caller.life.number(position=11))) == ["position_out_of_range"]


# --- the clock, the venue, the people ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (NOW + timedelta(minutes=9), None),
        (NOW + timedelta(minutes=11), "clock_ahead"),
        (NOW.replace(year=2200), "clock_ahead"),
        (NOW - timedelta(days=30), "too_late"),
        (NOW.replace(year=1970), "too_late"),
        (NOW.replace(year=1900), "too_late"),
    ],
)
def test_a_clock_far_off_is_refused(caller: Caller, moment: Any, reason: str | None) -> None:
    assert caller.reasons(caller.item(occurred_at=moment.isoformat())) == [reason]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04T10:00:00+01:00",
        "2026-03-04T09:00:00Z",
        "2026-03-04 09:00:00.123456Z",
        "2026-03-03T12:23:00-20:37",
        "2026-03-05T08:59:00+23:59",
    ],
)
def test_every_way_to_write_a_moment_is_read(caller: Caller, text: str) -> None:
    assert caller.reasons(caller.item(occurred_at=text)) == [None]


def test_an_unknown_venue_is_refused(caller: Caller) -> None:
    assert caller.reasons(caller.item(venue=2**63 - 1)) == ["venue_unknown"]


def test_a_venue_of_another_operator_is_refused(caller: Caller, stranger: Caller) -> None:
    assert caller.reasons(caller.item(venue=stranger.life.scheme.venue.pk)) == ["venue_unknown"]


def test_a_booklet_of_a_programme_one_is_not_qualified_for_is_refused(caller: Caller, stranger: Caller) -> None:
    assert caller.reasons(caller.item(stranger.life.number())) == ["operator_not_qualified"]


def test_a_mediator_of_another_operator_is_refused(caller: Caller, stranger: Caller) -> None:
    assert caller.reasons(caller.item(mediator=stranger.life.scanner.user_id)) == ["mediator_unknown"]


def test_a_mediator_of_the_operator_may_be_named(caller: Caller) -> None:
    assert caller.reasons(caller.item(mediator=caller.life.scanner.user_id)) == [None]
