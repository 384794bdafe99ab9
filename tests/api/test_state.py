"""GET /api/v1/scanner/state: what a device keeps to work off line."""

import base64
import gzip
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from poincon.mediation.models import Venue
from poincon.network.models import Qualification
from poincon.organisations.services.version import touch_rules
from poincon.passes.enums import BlockReason
from poincon.passes.ranges import BookletRange
from poincon.passes.services.block import block
from poincon.passes.services.move import destroy
from tests.api.calling import Caller, problem
from tests.factories import NOW, SYSTEM
from tests.lives import active_batch

PATH = "/scanner/state"
At = Callable[[datetime], None]


def state(caller: Caller, since: str = "") -> dict[str, Any]:
    response = caller.get(PATH + (f"?since={quote(since)}" if since else ""))
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def bits(batch: dict[str, Any]) -> int:
    return int.from_bytes(base64.b64decode(batch["used"]), "little")


def test_it_holds_what_the_device_needs(caller: Caller) -> None:
    life, answer = caller.life, state(caller)
    assert [key["id"] for key in answer["keys"]] == [life.batch.signing_key.identifier]
    assert [venue["id"] for venue in answer["venues"]] == [life.scheme.venue.pk]
    assert [offer["service"] for offer in answer["venues"][0]["offers"]] == [life.scheme.service.code]
    assert [programme["id"] for programme in answer["programmes"]] == [life.scheme.programme.pk]
    assert [(batch["id"], batch["quantity"], batch["size"]) for batch in answer["batches"]] == [(life.batch.pk, 3, 10)]


def test_a_used_pass_is_one_bit(caller: Caller) -> None:
    caller.scan(caller.item(caller.life.code(position=4)))
    (batch,) = state(caller)["batches"]
    assert bits(batch) == 1 << 3


def test_a_blocked_booklet_is_named_by_its_rank(caller: Caller) -> None:
    block(by=SYSTEM, number=caller.life.number(rank=1), reason=BlockReason.LOST, now=NOW)
    (batch,) = state(caller)["batches"]
    assert batch["blocked"] == [1]


def test_nothing_of_another_operator_is_shown(caller: Caller, stranger: Caller) -> None:
    mine, theirs = state(caller), state(stranger)
    for part in ("venues", "programmes", "batches"):
        assert not {row["id"] for row in mine[part]} & {row["id"] for row in theirs[part]}


def test_since_tells_only_what_changed(caller: Caller, at: At) -> None:
    at(NOW + timedelta(hours=1))
    version = state(caller)["version"]
    at(NOW + timedelta(hours=1, minutes=2))
    caller.scan(caller.item(caller.life.code(position=4)))
    at(NOW + timedelta(hours=1, minutes=4))
    answer = state(caller, version)
    assert not answer["complete"]
    assert answer["changed"] == [{"batch": caller.life.batch.pk, "rank": 1, "used": "8", "blocked": False}]
    assert "used" not in answer["batches"][0]


def test_what_did_not_change_since_is_not_told(caller: Caller, at: At) -> None:
    caller.scan(caller.item())
    at(NOW + timedelta(hours=1))
    version = state(caller)["version"]
    at(NOW + timedelta(hours=2))
    assert state(caller, version)["changed"] == []


def test_the_version_needs_no_escape_in_an_address(caller: Caller) -> None:
    version = state(caller)["version"]
    assert caller.get(f"{PATH}?since={version}").status_code == 200


@pytest.mark.parametrize("since", [NOW - timedelta(days=32), NOW + timedelta(seconds=1), NOW.replace(year=2200)])
def test_a_version_never_given_or_too_old_gives_the_whole_state(caller: Caller, since: datetime) -> None:
    answer = state(caller, since.isoformat())
    assert answer["complete"]
    assert "changed" not in answer


@pytest.mark.parametrize(
    "since",
    ["x", "2026", "2026-03-04", "2026-03-04T10:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
)
def test_what_is_not_a_version_is_refused(caller: Caller, since: str) -> None:
    response = caller.get(f"{PATH}?since={quote(since)}")
    assert problem(response) == (422, "invalid_request")
    assert response.json()["faults"][0]["field"] == "since"


def test_a_batch_activated_since_comes_with_its_bitmap(caller: Caller, at: At) -> None:
    at(NOW + timedelta(hours=1))
    version = state(caller)["version"]
    batch = active_batch(caller.life.scheme, quantity=2, now=NOW + timedelta(hours=2))
    at(NOW + timedelta(hours=3))
    described = {row["id"]: row for row in state(caller, version)["batches"]}
    assert "used" in described[batch.pk]
    assert "used" not in described[caller.life.batch.pk]


def test_an_operator_qualified_since_gets_every_bitmap(caller: Caller, at: At) -> None:
    version = state(caller)["version"]
    Qualification.objects.update(decided_at=NOW + timedelta(hours=1))
    at(NOW + timedelta(hours=2))
    assert "used" in state(caller, version)["batches"][0]


def test_a_booklet_destroyed_since_is_told(caller: Caller, at: At) -> None:
    at(NOW + timedelta(hours=1))
    version = state(caller)["version"]
    life = caller.life
    destroy(
        by=SYSTEM,
        holder=life.scheme.prescriber,
        ranges=[BookletRange(life.batch.pk, 3, 3)],
        place="Guéret",
        method="broyage",
        witness="Paul",
        reason="Essai",
        now=NOW + timedelta(hours=2),
    )
    at(NOW + timedelta(hours=3))
    assert state(caller, version)["changed"] == [{"batch": life.batch.pk, "rank": 3, "used": "0", "blocked": True}]


def test_an_offer_that_ends_later_is_told_until_then(caller: Caller, at: At) -> None:
    offer = caller.life.scheme.offer
    offer.ended_on = NOW.date() + timedelta(days=2)
    offer.save(update_fields=["ended_on"])
    assert state(caller)["venues"][0]["offers"]
    at(NOW + timedelta(days=2))
    assert not state(caller)["venues"][0]["offers"]


# --- ETag -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["{tag}", "W/{tag}", '"autre", {tag}', "*"])
def test_an_unchanged_state_is_not_sent_again(caller: Caller, written: str) -> None:
    tag = caller.get(PATH).headers["ETag"]
    response = caller.get(PATH, **{"If-None-Match": written.format(tag=tag)})
    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", tag)
    assert "Content-Type" not in response.headers


@pytest.mark.parametrize(
    "written", ['"autre"', "sans guillemets", "W/", "", '"ffffffffffffffff-0"', '"-"', f'"{"f" * 400}-1"', '"-1-1"']
)
def test_another_tag_gives_the_state(caller: Caller, written: str) -> None:
    assert caller.get(PATH, **{"If-None-Match": written}).status_code == 200


def test_a_compressed_state_keeps_a_tag_that_is_recognised(caller: Caller) -> None:
    response = caller.get(PATH, **{"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content).startswith(b'{"format":1')
    again = caller.get(PATH, **{"If-None-Match": response.headers["ETag"], "Accept-Encoding": "gzip"})
    assert again.status_code == 304


def redeem(caller: Caller) -> None:
    caller.scan(caller.item())


def annul(caller: Caller) -> None:
    item = caller.item()
    caller.scan(item)
    caller.post(f"/scans/{item['id']}/annul")


def block_booklet(caller: Caller) -> None:
    block(by=SYSTEM, number=caller.life.number(), reason=BlockReason.LOST, now=NOW)


def close_venue(caller: Caller) -> None:
    Venue.objects.update(closed_on=NOW.date())
    touch_rules(caller.life.scheme.operator.pk)


@pytest.mark.parametrize("change", [redeem, annul, block_booklet, close_venue])
def test_the_tag_changes_with_the_state(caller: Caller, change: Callable[[Caller], None]) -> None:
    tag = caller.get(PATH).headers["ETag"]
    change(caller)
    assert caller.get(PATH, **{"If-None-Match": tag}).status_code == 200


def test_a_fresh_scan_may_hide_another_so_the_state_is_sent_again(caller: Caller, at: At) -> None:
    redeem(caller)
    at(NOW + timedelta(minutes=1))
    tag = caller.get(PATH).headers["ETag"]
    at(NOW + timedelta(minutes=2))
    assert caller.get(PATH, **{"If-None-Match": tag}).status_code == 200
    at(NOW + timedelta(minutes=10))
    settled = caller.get(PATH).headers["ETag"]
    at(NOW + timedelta(minutes=20))
    assert caller.get(PATH, **{"If-None-Match": settled}).status_code == 304


def test_scans_of_other_programmes_leave_my_tag(caller: Caller, stranger: Caller, at: At) -> None:
    tag = caller.get(PATH).headers["ETag"]
    at(NOW + timedelta(minutes=1))
    redeem(stranger)
    annul(stranger)
    block_booklet(stranger)
    assert caller.get(PATH, **{"If-None-Match": tag}).status_code == 304


def test_a_refused_scan_leaves_the_tag(caller: Caller, at: At) -> None:
    tag = caller.get(PATH).headers["ETag"]
    caller.scan(caller.item("rien"))
    assert caller.get(PATH, **{"If-None-Match": tag}).status_code == 304


def test_the_tag_lasts_the_day(caller: Caller, at: At) -> None:
    tag = caller.get(PATH).headers["ETag"]
    at(NOW + timedelta(hours=3))
    assert caller.get(PATH, **{"If-None-Match": tag}).status_code == 304
    at(NOW + timedelta(days=1))
    assert caller.get(PATH, **{"If-None-Match": tag}).status_code == 200


def test_the_tag_of_another_device_is_not_mine(caller: Caller, stranger: Caller) -> None:
    theirs = stranger.get(PATH).headers["ETag"]
    assert caller.get(PATH, **{"If-None-Match": theirs}).status_code == 200
