"""Random lives of booklets, played through the verbs beside a simple model of them.

After each step: each pass is where the model says, none used twice, all covered to the cent, nothing found by a check.
"""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from poincon.kernel.refusals import Refusal
from poincon.organisations.devices import Scanner
from poincon.organisations.enums import Role
from poincon.organisations.models import Organisation
from poincon.passes import codes, context, keys
from poincon.passes.cover import cover
from poincon.passes.enums import BlockReason, Custody, Validity
from poincon.passes.invariants import INVARIANTS
from poincon.passes.models import Booklet, HandOver, Redemption, Transfer
from poincon.passes.queries import funnel
from poincon.passes.ranges import BookletRange, read_number
from poincon.passes.rules import ScanRequest
from poincon.passes.services.activate import activate, expire
from poincon.passes.services.annul import annul
from poincon.passes.services.block import block, replace
from poincon.passes.services.hand_over import cancel_hand_over, hand_over
from poincon.passes.services.move import destroy, recall, receive, send
from poincon.passes.services.order import cancel_batch, enter_stock, order_batch
from poincon.passes.services.printing import approve_proof
from poincon.passes.services.redeem import redeem
from tests.factories import NOW, SYSTEM, make_membership, make_receipt, make_scheme, make_user
from tests.lives import active_batch, delivered
from tests.passes.paper import SIZE, Lot, Paper, digits, lot_of, mask, maybe_refused
from tests.refusing import refused

EXAMPLES, STEPS = 40, 40
#: What the scheme begins with covers four booklets; then each receipt covers one more.
VALUE, RECEIVED = 1000, 10_000_000
COVER_BP = RECEIVED * 10_000 // (4 * SIZE * VALUE)
LATER = NOW + timedelta(days=800)


class Lives(RuleBasedStateMachine):
    """Every verb of a booklet's life, on a handful of booklets. Refused steps must change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.lots: list[Lot] = []
        # Each life begins with an empty database.
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize()
    def a_programme(self) -> None:
        context.forget()
        keys.KNOWN_VERIFIERS.clear()
        self.scheme = make_scheme(max_passes_per_session=60, booklet_sizes=[SIZE], required_cover_bp=COVER_BP)
        user = make_user()
        make_membership(Role.MEDIATOR, self.scheme.operator, user=user)
        self.scanner = Scanner(self.scheme.operator.pk, 1, None, user.pk, "Téléphone")
        keys.rotate(by=SYSTEM, now=NOW)
        self.money = RECEIVED
        self.parcels: list[tuple[Transfer, Lot, list[Paper]]] = []
        self.hand_overs: list[tuple[HandOver, Paper, set[int]]] = []
        self.scans: list[tuple[ScanRequest, str, Paper | None, set[int]]] = []
        self.annulled: set[UUID] = set()
        self.scanned = 0
        # The long way there is walked once, so that the steps are spent on what comes after.
        delivered(batch := active_batch(self.scheme, quantity=3, size=SIZE), self.scheme.prescriber)
        self.lots.append(lot_of(batch, "prescriber", "active"))
        self.order(quantity=2)
        self.lots[-1].enter(enter_stock(by=SYSTEM, batch=self.lots[-1].batch, now=NOW))

    def holders(self) -> dict[str, Organisation]:
        return {"network": self.scheme.network, "prescriber": self.scheme.prescriber}

    def papers(self) -> list[Paper]:
        return [paper for lot in self.lots for paper in lot.papers]

    def choose(self, data: st.DataObject, items: list[Any], often: Callable[[Any], bool] = bool) -> Any:
        """One of these, more often one for which the verb should do something."""
        return data.draw(st.sampled_from([*items, *filter(often, items), *filter(often, items)]))

    # --- the verbs ----------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.lots) < 3)
    @rule(quantity=st.integers(1, 3))
    def order(self, quantity: int) -> None:
        batch = order_batch(by=SYSTEM, programme=self.scheme.programme, quantity=quantity, size=SIZE, now=NOW)
        approve_proof(by=SYSTEM, batch=batch, now=NOW)
        self.lots.append(lot_of(batch))

    @precondition(lambda self: any(not lot.printed for lot in self.lots))
    @rule(data=st.data())
    def print_batch(self, data: st.DataObject) -> None:
        lot = self.choose(data, [lot for lot in self.lots if not lot.printed], lambda lot: not lot.cancelled)
        with maybe_refused("batch_cancelled", unless=not lot.cancelled):
            lot.enter(enter_stock(by=SYSTEM, batch=lot.batch, now=NOW))

    @precondition(lambda self: len(self.lots) == 3)
    @rule(data=st.data())
    def cancel_a_batch(self, data: st.DataObject) -> None:
        lot = self.choose(data, self.lots, lambda lot: not lot.printed)
        possible = not lot.printed and not lot.cancelled
        with maybe_refused("batch_cancelled" if lot.cancelled else "batch_printed", unless=possible):
            cancel_batch(by=SYSTEM, batch=lot.batch, reason="erreur", now=NOW)
            lot.cancelled = True

    @precondition(lambda self: any(lot.printed and not lot.active for lot in self.lots))
    @rule(data=st.data(), to_the_cent=st.booleans())
    def activate_batch(self, data: st.DataObject, to_the_cent: bool) -> None:
        """With the money there is, or topped up to a cent less than needed, then to the cent."""
        lot = self.choose(data, [lot for lot in self.lots if lot.printed and not lot.active])
        waking = [paper for paper in lot.papers if paper.validity == "inert" and not paper.gone]
        required = -(-(self.engaged() + len(waking) * SIZE * VALUE) * COVER_BP // 10_000)
        if to_the_cent and required > self.money + 1:
            self.receive(required - 1 - self.money)
            with refused("not_covered", match="Il manque 0,01"):
                activate(by=SYSTEM, batch=lot.batch, now=NOW)
            self.receive(1)
        with maybe_refused("not_covered", unless=required <= self.money):
            activate(by=SYSTEM, batch=lot.batch, now=NOW)
            lot.active = True
            for paper in waking:
                paper.validity = "active"

    @rule(short=st.booleans())
    def receive_money(self, short: bool) -> None:
        self.receive(RECEIVED // 4 - short)

    def receive(self, amount: int) -> None:
        make_receipt(self.scheme.programme, amount)
        self.money += amount

    @precondition(lambda self: any(paper.whole for paper in self.papers()))
    @rule(data=st.data())
    def send_booklets(self, data: st.DataObject) -> None:
        lot, paper = self.choose(data, [(lot, paper) for lot in self.lots for paper in lot.papers if paper.whole])
        first = lot.papers.index(paper)
        last = data.draw(st.integers(first, len(lot.papers) - 1))
        sent = lot.papers[first : last + 1]
        other = "prescriber" if paper.holder == "network" else "network"
        possible = all(one.whole and one.holder == paper.holder for one in sent)
        ranges = [BookletRange(lot.batch.pk, first + 1, last + 1)]
        with maybe_refused("booklets_not_in_stock", unless=possible):
            holders = self.holders()
            transfer = send(by=SYSTEM, sender=holders[paper.holder], receiver=holders[other], ranges=ranges, now=NOW)
            self.parcels.append((transfer, lot, sent))
            for one in sent:
                one.in_transit = True

    @precondition(lambda self: self.parcels)
    @rule(data=st.data())
    def receive_parcel(self, data: st.DataObject) -> None:
        parcel = self.choose(data, self.parcels)
        self.parcels.remove(parcel)
        transfer, _, sent = parcel
        missing = data.draw(st.lists(st.sampled_from(sent), unique_by=id, max_size=1))
        receive(by=SYSTEM, transfer=transfer, missing=[digits(paper.number) for paper in missing], now=NOW)
        arrived = "prescriber" if transfer.receiver_id == self.scheme.prescriber.pk else "network"
        for paper in sent:
            paper.in_transit = False
            if paper in missing:
                paper.gone = "lost"
                paper.validity = "blocked" if paper.validity in {"inert", "active"} else paper.validity
            else:
                paper.gone, paper.holder = "", arrived

    @precondition(lambda self: self.parcels)
    @rule(data=st.data())
    def recall_parcel(self, data: st.DataObject) -> None:
        parcel = self.choose(data, self.parcels)
        self.parcels.remove(parcel)
        transfer, _, sent = parcel
        recall(by=SYSTEM, transfer=transfer, reason="erreur", now=NOW)
        for paper in sent:
            paper.in_transit, paper.gone = False, ""

    @precondition(lambda self: any(paper.holder for paper in self.papers()))
    @rule(data=st.data(), passes=st.sampled_from([None, 1, 2]))
    def give(self, data: st.DataObject, passes: int | None) -> None:
        papers = [paper for paper in self.papers() if paper.holder]
        paper = self.choose(data, papers, lambda paper: paper.in_stock and paper.validity == "active")
        free = sorted(set(range(1, SIZE + 1)) - paper.handed)
        given = set(free if passes is None else free[:passes])
        possible = paper.in_stock and paper.holder == "prescriber" and paper.validity == "active"
        possible = possible and len(given) == (len(free) if passes is None else passes)
        with maybe_refused("", unless=possible):
            made = hand_over(by=SYSTEM, prescriber=self.scheme.prescriber, number=paper.number, passes=passes, now=NOW)
            paper.given.append(given)
            self.hand_overs.append((made, paper, given))

    @precondition(lambda self: self.hand_overs)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        made, paper, given = self.choose(data, self.hand_overs, lambda made: bool(made[1].used))
        possible = given in paper.given and not given & paper.used
        with maybe_refused("", unless=possible):
            cancel_hand_over(by=SYSTEM, hand_over=made, reason="erreur", now=NOW)
            paper.given.remove(given)
            self.hand_overs.remove((made, paper, given))

    @precondition(lambda self: any(paper.holder for paper in self.papers()))
    @rule(data=st.data(), count=st.integers(1, 3), again=st.booleans())
    def scan(self, data: st.DataObject, count: int, again: bool) -> None:
        """Several scans in one request: covers, single passes, and perhaps one sent before."""
        papers = [paper for paper in self.papers() if paper.holder]
        presented: list[tuple[ScanRequest, Paper, int]] = []
        for _ in range(count):
            paper = self.choose(data, papers, lambda paper: paper.is_usable() and paper.handed - paper.used)
            position = data.draw(st.integers(0, SIZE))
            presented.append((self.request(paper, position), paper, position))
        replayed = self.choose(data, self.scans) if again and self.scans else None
        requests = [request for request, _, _ in presented] + ([replayed[0]] if replayed else [])
        answers = redeem(requests, scanner=self.scanner, now=NOW)
        for (request, paper, position), text in zip(presented, answers, strict=False):
            taken = self.expected(paper, position)
            verdict = json.loads(text)
            assert set(verdict["positions"]) == taken, verdict
            paper.used |= taken
            self.scans.append((request, text, paper, taken))
        if replayed:
            assert answers[-1] == replayed[1]

    def request(self, paper: Paper, position: int) -> ScanRequest:
        self.scanned += 1
        return ScanRequest(
            uuid=UUID(int=self.scanned),
            presented=f"{paper.number} - {position:02d}" if position else paper.number,
            venue_id=self.scheme.venue.pk,
            service=self.scheme.service.code,
            occurred_at=NOW,
        )

    def expected(self, paper: Paper, position: int) -> set[int]:
        usable = sorted(paper.handed - paper.used) if paper.is_usable() else []
        if position:
            return {position} & set(usable)
        shared = sum(bool(part - paper.used) for part in paper.given) > 1
        return set() if shared else set(usable[:1])

    @precondition(lambda self: self.scans)
    @rule(data=st.data())
    def annul_scan(self, data: st.DataObject) -> None:
        request, _, paper, taken = self.choose(data, self.scans, lambda scan: bool(scan[3]))
        live = HandOver.objects.filter(replaces__booklet__number=read_number(paper.number), cancellation=None)
        replaced = bool(taken) and request.uuid not in self.annulled and live.exists()
        code = "annul_replaced" if replaced else "nothing_to_annul"
        with maybe_refused(code, unless=bool(taken) and not replaced):
            annul(by=SYSTEM, uuid=request.uuid, reason="erreur", now=NOW)
            if request.uuid not in self.annulled:
                self.annulled.add(request.uuid)
                paper.used -= taken

    @precondition(lambda self: any(paper.holder for paper in self.papers()))
    @rule(data=st.data(), reason=st.sampled_from([BlockReason.LOST, BlockReason.ERROR]))
    def block_booklet(self, data: st.DataObject, reason: BlockReason) -> None:
        paper = self.choose(data, [paper for paper in self.papers() if paper.holder])
        possible = paper.validity in {"inert", "active"} and len(paper.used) < SIZE and paper.gone != "destroyed"
        with maybe_refused("", unless=possible):
            block(by=SYSTEM, number=paper.number, reason=reason, now=NOW)
            paper.validity = "blocked"
            if reason == BlockReason.LOST:
                paper.gone = "lost"

    @precondition(lambda self: any(p.validity == "blocked" for p in self.papers()))
    @rule(data=st.data())
    def replace_booklet(self, data: st.DataObject) -> None:
        """The new booklet gets what was left, in one hand-over; whether it may is the verb's own tests' business."""
        old = self.choose(data, [paper for paper in self.papers() if paper.validity == "blocked"])
        new = self.choose(data, [paper for paper in self.papers() if paper.holder and paper is not old] or [old])
        with suppress(Refusal):
            made = replace(
                by=SYSTEM,
                prescriber=self.scheme.prescriber,
                number=old.number,
                new_number=new.number,
                now=NOW,
            )
            given = {position for position in range(1, SIZE + 1) if made.passes >> (position - 1) & 1}
            assert new.is_usable()
            assert not given & new.handed
            assert len(given) <= len(old.handed - old.used)
            new.given.append(given)
            self.hand_overs.append((made, new, given))

    @precondition(lambda self: any(paper.whole for paper in self.papers()))
    @rule(data=st.data())
    def destroy_booklet(self, data: st.DataObject) -> None:
        lot, paper = self.choose(data, [(lot, paper) for lot in self.lots for paper in lot.papers if paper.whole])
        rank = lot.papers.index(paper) + 1
        ranges = [BookletRange(lot.batch.pk, rank, rank)]
        holder = self.holders()[paper.holder]
        destroy(
            by=SYSTEM,
            holder=holder,
            ranges=ranges,
            place="Guéret",
            method="broyage",
            witness="Anne",
            reason="abîmé",
            now=NOW,
        )
        paper.gone = "destroyed"

    # Late: little happens afterwards.
    @precondition(lambda self: len(self.scans) > 8 and any(lot.active and not lot.expired for lot in self.lots))
    @rule(data=st.data())
    def expire_batch(self, data: st.DataObject) -> None:
        lot = self.choose(data, [lot for lot in self.lots if lot.active and not lot.expired])
        expire(by=SYSTEM, batch=lot.batch, now=LATER)
        lot.expired = True
        for paper in lot.papers:
            if paper.validity in {"inert", "active"} and paper.gone != "destroyed":
                paper.validity = "expired"

    # --- what is always true ------------------------------------------------------------------------------------------

    def engaged(self) -> int:
        live = sum(SIZE - len(paper.used) for paper in self.papers() if paper.state == "active")
        return (live + sum(len(paper.used) for paper in self.papers())) * VALUE

    @invariant()
    def each_booklet_is_as_the_model_says(self) -> None:
        stored = {codes.written(row.number): row for row in Booklet.objects.all()}
        for paper in self.papers():
            row = stored[paper.number]
            assert row.used == mask(paper.used), paper
            assert row.handed == mask(paper.handed), paper
            assert Custody(row.custody).name.lower() == paper.custody, paper
            assert Validity(row.validity).name.lower() == paper.validity, paper

    @invariant()
    def passes_are_conserved(self) -> None:
        """Printed = inert + active unused + redeemed + expired + blocked + destroyed, counted in the database."""
        counted: Counter[str] = Counter()
        for row in Booklet.objects.exclude(custody=Custody.ORDERED):
            state = "destroyed" if row.custody == Custody.DESTROYED else Validity(row.validity).name.lower()
            counted[state] += row.size - row.used.bit_count()
        redeemed = Redemption.objects.filter(annulment=None).count()
        printed = sum(len(lot.papers) * SIZE for lot in self.lots if lot.printed)
        assert sum(counted.values()) + redeemed == printed
        expected: Counter[str] = Counter()
        for paper in self.papers():
            if paper.holder:
                expected[paper.state] += SIZE - len(paper.used)
        assert +counted == +expected
        assert redeemed == sum(len(paper.used) for paper in self.papers())

    @invariant()
    def what_is_cancelled_is_out_of_the_funnel(self) -> None:
        if self.lots:
            counted = funnel(self.scheme.programme.pk)
            assert counted.ordered == sum(len(lot.papers) for lot in self.lots if not lot.cancelled)
            assert counted.printed == sum(len(lot.papers) for lot in self.lots if lot.printed)

    @invariant()
    def the_money_covers_what_is_engaged(self) -> None:
        if self.lots:
            figures = cover(self.scheme.programme)
            assert (figures.engaged, figures.received, figures.missing()) == (self.engaged(), self.money, 0)

    @invariant()
    def the_check_finds_nothing(self) -> None:
        if self.lots:
            assert [fault for one in INVARIANTS for fault in one.find()] == []


@pytest.mark.django_db
def test_random_lives() -> None:
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # A life that fails is printed as it is: making it shorter takes minutes. Add Phase.shrink to study one.
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    run_state_machine_as_test(Lives, settings=chosen)
