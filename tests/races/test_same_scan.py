"""One scan sent many times at once is one scan: the same answer to all, byte for byte."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.utils import OperationalError

from poincon.passes.invariants import INVARIANTS
from poincon.passes.models import Redemption, Scan
from poincon.passes.rules import ScanRequest
from poincon.passes.services import redeem as redeem_module
from poincon.passes.services.redeem import redeem
from tests.factories import NOW
from tests.lives import Life, make_life
from tests.races.together import Gate, all_at_once, one_inside_the_other, without_index

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def sending(life: Life, *requests: ScanRequest) -> Callable[[], list[str]]:
    return lambda: redeem(requests, scanner=life.scanner, now=NOW)


def test_one_scan_sent_by_twenty_at_once() -> None:
    life = make_life()
    request = life.request()
    answers = all_at_once([sending(life, request)] * 20)
    assert len({str(answer) for answer in answers}) == 1
    assert (Scan.objects.count(), Redemption.objects.count(), life.booklet().used) == (1, 1, 1)


def test_a_scan_that_names_no_booklet_sent_by_twenty_at_once() -> None:
    life = make_life()
    request = life.request("pas un code")
    answers = all_at_once([sending(life, request)] * 20)
    assert len({str(answer) for answer in answers}) == 1
    assert Scan.objects.count() == 1


def test_a_queue_sent_again_before_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network drops, the device sends its queue again with one scan more: nothing is used twice, nor lost."""
    life, gate = make_life(), Gate()
    gate.before(monkeypatch, redeem_module, "_write")
    queue = [life.request() for _ in range(3)]
    first, second, waited = one_inside_the_other(gate, sending(life, *queue), sending(life, *queue, life.request()))
    assert waited
    assert second[:3] == first
    assert life.booklet().used == 0b1111
    assert Redemption.objects.count() == 4
    assert [fault for invariant in INVARIANTS for fault in invariant.find()] == []


def test_without_its_identifier_a_scan_sent_twice_uses_two_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: neither looked for once the booklet is locked, nor unique."""
    life, gate = make_life(), Gate()
    gate.before(monkeypatch, redeem_module, "_write")
    answered = redeem_module.ANSWERED
    monkeypatch.setattr(redeem_module, "ANSWERED", replace(answered, sql=f"{answered.sql} AND id < 0"))
    request = life.request()
    with without_index("passes_scan_uuid_key", "passes_scan"):
        first, second, _ = one_inside_the_other(gate, sending(life, request), sending(life, request))
        assert first != second
        assert (Scan.objects.count(), life.booklet().used) == (2, 0b11)


def test_the_same_identifier_on_two_booklets_at_once_is_one_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    """No lock in common: the unique index stops the second, which then reads the first answer."""
    life, gate = make_life(handed=2), Gate()
    gate.before(monkeypatch, redeem_module, "_write")
    one = life.request(life.number(1))
    two = replace(life.request(life.number(2)), uuid=one.uuid)
    first, second, waited = one_inside_the_other(gate, sending(life, one), sending(life, two))
    assert (first == second, waited) == (True, False)
    assert (Scan.objects.count(), Redemption.objects.count()) == (1, 1)


# --- identifiers in another order -------------------------------------------------------------------------------------


@pytest.fixture
def _slow_rows() -> Any:
    """Each scan takes its time to be written, so that two requests meet in the middle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END $$; "
            "CREATE TRIGGER slowly BEFORE INSERT ON passes_scan FOR EACH ROW EXECUTE FUNCTION slowly()"
        )
        yield
        cursor.execute("DROP TRIGGER slowly ON passes_scan; DROP FUNCTION slowly")


def two_orders(life: Life) -> list[Any]:
    one, two = life.request("pas un code"), life.request("ni celui-ci")
    return all_at_once([sending(life, one, two), sending(life, two, one)])


@pytest.mark.usefixtures("_slow_rows")
def test_the_same_scans_in_two_orders_do_not_wait_for_each_other() -> None:
    first, second = two_orders(make_life())
    assert first == second[::-1]


@pytest.mark.usefixtures("_slow_rows")
def test_written_in_the_order_they_came_they_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    life = make_life()
    monkeypatch.setattr(redeem_module, "sorted", lambda items, **_: list(items), raising=False)
    outcomes = two_orders(life)
    assert sum(isinstance(outcome, OperationalError) for outcome in outcomes) == 1
