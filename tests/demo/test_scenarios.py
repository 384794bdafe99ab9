"""Each story is played whole, on a frozen day: what it leaves behind is true, plausible, and the same each time."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from poincon.cli.commands.proofs import every_invariant
from poincon.demo.player import NOT_EMPTY, play
from poincon.demo.stories import scenario_names
from poincon.demo.telling import Told, figures, lines, tell
from poincon.demo.world import DOMAIN, World
from poincon.kernel import seals
from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.organisations.models import Membership
from poincon.passes import context
from poincon.passes.keys import KNOWN_VERIFIERS
from poincon.passes.models import Annulment, Block, HandOver, HandOverCancellation, Scan, Transfer
from poincon.passes.queries import examine
from poincon.settlement.enums import PaymentState, StatementState
from poincon.settlement.models import Payment, Statement
from poincon.territories.services import load_territories
from poincon.www.account import demo as sign_in

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

NOW = datetime(2026, 3, 18, 9, 30, tzinfo=UTC)
LAST_MONTH = date(2026, 2, 1)
#: Ordered, handed over, started, used up, passes used, for each programme: change them with the story, not by accident.
EXPECTED = {
    "creuse": [(140, 86, 75, 36, 504), (80, 43, 36, 14, 235)],
    "pas-de-calais": [(120, 81, 68, 29, 407)],
    "rhone-alpes": [(160, 111, 98, 74, 860)],
}


@pytest.fixture(scope="module", params=scenario_names())
def world(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """The story played, once for all the tests; undone afterwards."""
    # Rows and versions are numbered anew: what was kept of another story means something else.
    context.forget()
    KNOWN_VERIFIERS.clear()
    with django_db_blocker.unblock(), transaction.atomic():
        load_territories(progress=lambda _done, _total: None)
        out = tmp_path_factory.mktemp(request.param)
        yield play(request.param, now=NOW, out=out, progress=lambda _done, _total: None)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def told(world: World) -> Told:
    return tell(world)


def test_nothing_that_must_be_true_is_false(world: World) -> None:
    assert [fault for invariant in every_invariant() for fault in invariant.find()] == []
    assert seals.verify() == []


def test_no_scan_surprised_the_story(world: World) -> None:
    assert world.surprises == []


def test_every_incident_of_the_file_was_refused_for_its_reason(world: World) -> None:
    told = Counter[str]()
    for programme in world.story.told.programmes:
        told.update(programme.incidents)
    assert world.refusals == told
    kept = Counter(Scan.objects.filter(accepted=False).values_list("reason", flat=True))
    assert all(kept[reason] >= count for reason, count in told.items())


def test_each_stage_of_the_funnel_is_inside_the_one_before(told: Told) -> None:
    for one in told.figures:
        stages = one.funnel
        counts = [stages.ordered, stages.printed, stages.delivered, stages.handed, stages.started, stages.used_up]
        assert counts == sorted(counts, reverse=True)
        assert counts[-1] > 0
        assert stages.passes_printed > stages.passes_handed > stages.passes_used >= one.passes_paid


def test_the_same_day_gives_the_same_story(world: World) -> None:
    name = world.story.folder.name
    found = []
    for stage in world.stages.values():
        stages = figures(stage.programme).funnel
        found.append((stages.ordered, stages.handed, stages.started, stages.used_up, stages.passes_used))
    assert found == EXPECTED[name]


def test_everybody_told_has_a_file_and_a_booklet(world: World, told: Told) -> None:
    expected = [programme.people.count for programme in world.story.told.programmes]
    # Those who come in the last days of the month are not there yet.
    assert all(count * 0.8 <= one.people <= count for one, count in zip(told.figures, expected, strict=True))


def test_last_month_is_closed_and_this_one_is_open(world: World) -> None:
    assert Statement.objects.filter(month=LAST_MONTH).exists()
    assert not Statement.objects.filter(month__gt=LAST_MONTH).exists()
    for stage in world.stages.values():
        assert any(punch.at.date() >= date(2026, 3, 1) for punch in stage.punches)


def test_things_go_wrong_and_are_put_right(world: World) -> None:
    programmes = world.story.told.programmes
    assert Annulment.objects.count() >= sum(one.annulments for one in programmes) - 2
    assert HandOver.objects.filter(replaces__isnull=False).count() == sum(one.people.lost for one in programmes)
    assert HandOverCancellation.objects.count() == sum(one.people.mistaken_hand_overs for one in programmes)
    missing = sum(parcel.missing for one in programmes for parcel in one.deliveries)
    assert Block.objects.filter(reason="missing").count() == missing > 0
    assert Transfer.objects.exclude(discrepancy="").exclude(resolved_at=None).count() >= 1


def test_a_rejected_payment_is_paid_again(world: World) -> None:
    expected = sum(len(one.payments.rejected_in) for one in world.story.told.programmes if one.payments)
    rejected = Payment.objects.filter(state=PaymentState.REJECTED)
    assert rejected.count() == expected
    assert all(payment.statement.state != StatementState.CANCELLED for payment in rejected)
    paid_again = [one for one in rejected if one.statement.payments.filter(state=PaymentState.PAID).exists()]
    assert len(paid_again) == expected


def test_each_role_has_an_account_that_the_sign_in_page_offers(world: World, told: Told) -> None:
    assert [account.email for account in told.accounts] == [one.user.email for one in sign_in.demo_accounts()]
    assert {one.role for one in sign_in.demo_accounts()} == set(Role.values)
    assert DOMAIN == sign_in.DEMO_DOMAIN
    assert not Membership.objects.exclude(user__email__endswith=f"@{DOMAIN}").exists()


def test_the_punch_given_to_try_would_be_accepted(told: Told) -> None:
    number = told.curl.partition('"code": "')[2].partition('"')[0]
    tested = examine(number, now=NOW)
    assert not isinstance(tested, Refusal)
    assert tested.refusal is None
    assert told.token in told.curl


def test_the_papers_are_made(told: Told) -> None:
    kinds = {path.name.split("-")[0] for path in told.files}
    assert {"carnets", "releve"} <= kinds
    assert ("ordre" in kinds) == any(one.paid for one in told.figures)
    assert all(path.stat().st_size for path in told.files)


def test_the_terminal_tells_it_all(told: Told) -> None:
    shown = "\n".join(lines(told))
    assert told.title in shown
    assert all(account.email in shown for account in told.accounts)
    assert all(str(path) in shown for path in told.files)


def test_a_database_in_use_is_left_alone(world: World) -> None:
    with pytest.raises(Refusal) as refused:
        play("creuse", now=NOW, out=world.out, progress=lambda _done, _total: None)
    assert refused.value.code == NOT_EMPTY.code
