"""Files of scans: read whole, every fault with its line and field, the same answers when sent twice."""

import json
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from poincon.cli.scan_files import Defaults, read_scans
from poincon.cli.shape import Refused

NOTHING = Defaults(None, "", None)
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))
GIVEN = Defaults(7, "email", NOON)


def test_csv_and_json_say_the_same() -> None:
    csv = "id;code;venue;service;passes;occurred_at\n" + "0" * 31 + "1;4829 1570 364K;7;email;2;2026-03-04T12:00\n"
    row = {"id": "0" * 31 + "1", "code": "4829 1570 364K", "venue": 7, "service": "email", "passes": 2}
    text = json.dumps({"scans": [row | {"occurred_at": "2026-03-04T12:00:00+01:00"}]})
    assert read_scans(csv, NOTHING) == read_scans(text, NOTHING)
    (scan,) = read_scans(csv, NOTHING)
    assert (scan.uuid, scan.venue_id, scan.passes, scan.occurred_at) == (UUID(int=1), 7, 2, NOON)


def test_the_command_completes_what_lines_leave_out() -> None:
    (scan,) = read_scans("code\nABC\n", GIVEN)
    assert (scan.presented, scan.venue_id, scan.service, scan.occurred_at) == ("ABC", 7, "email", NOON)


def test_a_spreadsheet_puts_a_mark_before_the_first_column() -> None:
    assert len(read_scans("\ufeffcode,passes\nABC,1\n", GIVEN)) == 1


def test_the_same_file_gives_the_same_identifiers() -> None:
    text = "code\nABC\nABC\n"
    first, second = read_scans(text, GIVEN), read_scans(text, GIVEN)
    assert [scan.uuid for scan in first] == [scan.uuid for scan in second]
    assert len({scan.uuid for scan in first}) == 2, "two lines alike are two passes"


def test_another_place_gives_another_identifier() -> None:
    (here,), (there,) = read_scans("code\nABC\n", GIVEN), read_scans("code\nABC\n", Defaults(8, "email", NOON))
    assert here.uuid != there.uuid


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("code;passes\nABC;0\n", "ligne 2, passes"),
        ("code;venue\nABC;douze\n", "ligne 2, venue"),
        ("code\n \n", "ligne 2, code"),
        ("code;occurred_at\nABC;hier\n", "ligne 2, occurred_at"),
        ("code;id\nABC;12\n", "ligne 2, id"),
        ('[{"code": 12}]', "scan n° 1, code"),
        ('["ABC"]', "scan n° 1, code"),
        ('{"scans": {}}', "scans"),
        ("[", "JSON"),
        ("numero\nABC\n", "Colonnes inconnues : numero"),
        ("passes\n1\n", "code"),
        ("code\n", "aucun scan"),
    ],
)
def test_a_fault_is_named_with_its_place(text: str, fault: str) -> None:
    with pytest.raises(Refused) as refused:
        read_scans(text, GIVEN)
    assert fault in str(refused.value)


def test_without_moment_nor_identifier_a_line_is_refused() -> None:
    with pytest.raises(Refused, match="id, occurred_at"):
        read_scans("code;venue;service\nABC;7;email\n", NOTHING)


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(Refused, match=r"2 erreur\(s\)"):
        read_scans("code;passes\nABC;0\nDEF;1\nGHI;x\n", GIVEN)
