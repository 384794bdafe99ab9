"""A booklet tested without being used says what a scan would say, and counts what its holders may still use."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from poincon.kernel.refusals import Refusal
from poincon.passes import refusals
from poincon.passes.enums import BlockReason
from poincon.passes.queries import examine, public_booklet
from poincon.passes.services.block import block
from poincon.passes.services.hand_over import hand_over
from poincon.programmes.services import suspend
from tests.factories import NOW, SYSTEM, TODAY
from tests.lives import Life, Live


def refusal(presented: str, now: datetime = NOW) -> Refusal | None:
    examined = examine(presented, now=now)
    return examined if isinstance(examined, Refusal) else examined.refusal


def code(presented: str, now: datetime = NOW) -> str | None:
    found = refusal(presented, now)
    return found.code if found else None


def partly_handed(live: Live) -> Life:
    """Four passes of ten are given, one of them is used."""
    life = live(handed=0)
    hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(), passes=4, now=NOW)
    life.scan(life.number(position=2))
    return life


@pytest.mark.parametrize("position", [0, 1, 2, 4, 5])
def test_a_test_and_a_scan_agree(live: Live, position: int) -> None:
    life = partly_handed(live)
    presented = life.code(position=position)
    assert code(presented) == life.scan(presented)["reason"]


def test_a_used_pass_says_so_without_day_nor_place(live: Live) -> None:
    life = partly_handed(live)
    found = refusal(life.number(position=2))
    assert found == refusals.ALREADY_USED
    assert str(found.sentence) == "Ce pass a déjà été utilisé."


def test_a_copy_of_this_instance_is_seen(live: Live) -> None:
    life = live()
    assert code(life.code(rank=1, number=life.booklet(2).number)) == "forged_signature"


def test_a_suspension_is_told(live: Live) -> None:
    life = live()
    suspend(
        by=SYSTEM,
        programme=life.scheme.programme,
        first_day=TODAY,
        last_day=TODAY,
        reason="neige",
        moves_validity=False,
        now=NOW,
    )
    assert code(life.number()) == "programme_suspended"


def test_a_blocked_booklet_is_told(live: Live) -> None:
    life = live()
    block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, now=NOW)
    assert code(life.number()) == "blocked_booklet"


def test_today_is_the_day_of_the_programme(live: Live) -> None:
    """At ten in the evening in Paris, the last day of grace is already over on the island of La Réunion."""
    life = live(time_zone="Indian/Reunion")
    last = life.batch.valid_until + timedelta(days=life.batch.grace_days)
    evening = datetime(last.year, last.month, last.day, 22, tzinfo=ZoneInfo("Europe/Paris"))
    assert (code(life.number(), evening - timedelta(hours=3)), code(life.number(), evening)) == (None, "expired")


def test_what_is_left_is_what_was_given(live: Live) -> None:
    life = partly_handed(live)
    page = public_booklet(life.number(), now=NOW)
    assert not isinstance(page, Refusal)
    assert (page.left, page.usable) == (3, True)
    verdict = life.scan(life.number(position=1))
    assert (verdict["message"], verdict["booklet"]["left"]) == ("Accepté, reste 2", 2)


def test_a_pass_used_twice_in_one_request_has_no_day_yet(live: Live) -> None:
    life = live()
    verdicts = life.scan_all([life.request(life.code(position=3)) for _ in range(2)])
    assert [verdict["reason"] for verdict in verdicts] == [None, "already_used"]
    assert verdicts[1]["message"] == "Ce pass a déjà été utilisé."


def test_a_pass_used_before_says_when_and_in_which_territory(live: Live) -> None:
    life = partly_handed(live)
    assert "le 4 mars 2026 (" in life.scan(life.number(position=2))["message"]
