"""A punch is undone by a compensating row: 15 minutes for the mediator, later for those who steer."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from poincon.organisations.devices import Scanner
from poincon.organisations.enums import Role
from poincon.passes.enums import BlockReason, Validity
from poincon.passes.models import Annulment, Redemption, Scan
from poincon.passes.services.activate import expire
from poincon.passes.services.annul import annul, annul_own
from poincon.passes.services.block import block, replace
from poincon.passes.services.hand_over import cancel_hand_over
from tests.factories import NOW, SYSTEM, make_actor, make_organisation, make_user
from tests.lives import Life, Live
from tests.refusing import refused

MINUTES = [timedelta(minutes=minute) for minute in (0, 1, 15)]


@pytest.fixture
def life(live: Live) -> Life:
    return live(price=2)


def punched(life: Life, **changes: Any) -> UUID:
    """The first two passes of the first booklet used, just now."""
    verdict = life.scan(life.code(), **changes)
    assert verdict["outcome"] == "accepted"
    return UUID(verdict["id"])


def undo(life: Life, uuid: UUID, *, now: datetime = NOW, occurred_at: datetime | None = None) -> Annulment:
    return annul_own(scanner=life.scanner, uuid=uuid, reason="erreur", occurred_at=occurred_at, now=now)


def test_the_passes_are_usable_again(life: Life) -> None:
    undo(life, punched(life))
    assert life.booklet().used == 0
    assert life.scan(life.code(position=1))["outcome"] == "accepted"


def test_nothing_is_deleted(life: Life) -> None:
    annulment = undo(life, punched(life))
    assert list(Redemption.objects.values_list("position", "annulment_id")) == [(1, annulment.pk), (2, annulment.pk)]
    assert Scan.objects.get().accepted


def test_only_its_own_passes_are_freed(life: Life) -> None:
    first, second = punched(life), punched(life)
    undo(life, first)
    assert life.booklet().used == 0b1100
    undo(life, second)
    assert life.booklet().used == 0


@pytest.mark.parametrize("delay", MINUTES)
def test_the_mediator_has_fifteen_minutes(life: Life, delay: timedelta) -> None:
    assert undo(life, punched(life), now=NOW + delay).at == NOW + delay


def test_afterwards_the_mediator_is_sent_to_the_network(life: Life) -> None:
    uuid = punched(life)
    with refused("annul_too_late", match="tête de réseau"):
        undo(life, uuid, now=NOW + timedelta(minutes=15, seconds=1))
    assert life.booklet().used == 0b11


def test_a_scan_that_waited_may_be_undone_when_it_arrives(life: Life) -> None:
    back = NOW + timedelta(days=3)
    uuid = punched(life, occurred_at=NOW, now=back)
    assert undo(life, uuid, now=back + timedelta(minutes=14)).at == back + timedelta(minutes=14)


def test_an_annulment_made_off_line_may_arrive_late(life: Life) -> None:
    uuid = punched(life)
    arrived = NOW + timedelta(days=2)
    assert undo(life, uuid, occurred_at=NOW + timedelta(minutes=10), now=arrived).at == arrived


def test_an_annulment_too_late_on_the_device_is_too_late(life: Life) -> None:
    uuid = punched(life)
    with refused("annul_too_late"):
        undo(life, uuid, occurred_at=NOW + timedelta(minutes=16), now=NOW + timedelta(days=2))


def test_a_device_that_waited_too_long_is_not_believed(life: Life) -> None:
    """Otherwise any device could undo any punch for ever, by giving the time of the punch."""
    uuid = punched(life)
    days = life.scheme.programme.offline_max_days
    with refused("annul_too_late"):
        undo(life, uuid, occurred_at=NOW, now=NOW + timedelta(days=days, minutes=1))
    assert undo(life, uuid, occurred_at=NOW, now=NOW + timedelta(days=days))


def test_asking_again_gives_the_same_annulment(life: Life) -> None:
    uuid = punched(life)
    first = undo(life, uuid)
    assert undo(life, uuid, now=NOW + timedelta(days=40)) == first
    assert annul(by=SYSTEM, uuid=uuid, reason="encore", now=NOW + timedelta(days=40)) == first
    assert Annulment.objects.count() == 1


def test_a_pass_used_again_since_stays_used(life: Life) -> None:
    uuid = punched(life)
    undo(life, uuid)
    punched(life)
    undo(life, uuid)
    assert life.booklet().used == 0b11


def test_another_operator_s_punch_is_not_seen(life: Life) -> None:
    other = make_organisation()
    stranger = Scanner(other.pk, other.rules_version, None, make_user().pk, "Autre téléphone")
    with refused("scan_unknown"):
        annul_own(scanner=stranger, uuid=punched(life), reason="erreur", now=NOW)


def test_an_unknown_scan_is_refused(life: Life) -> None:
    with refused("scan_unknown"):
        undo(life, uuid4())
    with refused("scan_unknown"):
        annul(by=SYSTEM, uuid=uuid4(), reason="erreur", now=NOW)


@pytest.mark.parametrize("presented", ["pas un code", None])
def test_a_refused_scan_has_nothing_to_annul(life: Life, presented: str | None) -> None:
    verdict = life.scan(presented or life.code(2))
    assert verdict["outcome"] == "refused"
    uuid = UUID(verdict["id"])
    with refused("nothing_to_annul"):
        undo(life, uuid)
    with refused("nothing_to_annul"):
        annul(by=SYSTEM, uuid=uuid, reason="erreur", now=NOW)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FUNDER])
def test_those_who_steer_annul_at_any_time(life: Life, role: Role) -> None:
    actor = life.scheme.actor(role)
    annulment = annul(by=actor, uuid=punched(life), reason="doublon", now=NOW + timedelta(days=300))
    assert (annulment.by_label, annulment.reason, life.booklet().used) == (actor.label, "doublon", 0)


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.OPERATOR_MANAGER, Role.ACCOUNTANT, Role.OBSERVER])
def test_the_others_of_the_scheme_do_not(life: Life, role: Role) -> None:
    with refused("right_missing"):
        annul(by=life.scheme.actor(role), uuid=punched(life), reason="doublon", now=NOW)


def test_a_coordinator_of_another_programme_does_not(life: Life) -> None:
    other = make_organisation(is_coordinator=True)
    with refused("right_missing"):
        annul(by=make_actor(Role.COORDINATOR, other), uuid=punched(life), reason="doublon", now=NOW)


def test_a_booklet_replaced_keeps_its_punches(life: Life) -> None:
    uuid = punched(life)
    block(by=SYSTEM, number=life.number(), reason=BlockReason.LOST, now=NOW)
    given = replace(
        by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(), new_number=life.number(2), now=NOW
    )
    with refused("annul_replaced"):
        undo(life, uuid)
    cancel_hand_over(by=SYSTEM, hand_over=given, reason="erreur", now=NOW)
    undo(life, uuid)
    assert (life.booklet().used, life.scan()["reason"]) == (0, "blocked_booklet")


def test_an_annulment_does_not_bring_an_expired_booklet_back(life: Life) -> None:
    uuid = punched(life)
    over = NOW + timedelta(days=500)
    expire(by=SYSTEM, batch=life.batch, now=over)
    annul(by=SYSTEM, uuid=uuid, reason="erreur", now=over)
    assert (life.booklet().used, life.booklet().validity) == (0, Validity.EXPIRED)
