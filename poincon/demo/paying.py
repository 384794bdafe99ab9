"""Being paid: each month is closed and sealed, then an accountant prepares, the funder approves, the bank answers."""

from datetime import date, datetime, timedelta
from functools import partial

from poincon.demo.calendar import first_of_next_month, months_of
from poincon.demo.scenario import PaymentsTold
from poincon.demo.staging import Staging
from poincon.demo.timeline import Timeline
from poincon.demo.world import Stage, World
from poincon.kernel.seals import seal
from poincon.organisations.enums import Role
from poincon.passes.services.annul import annul
from poincon.settlement.enums import PaymentState
from poincon.settlement.queries import payable_statements
from poincon.settlement.services import (
    approve_payments,
    close_month,
    confirm_paid,
    prepare_payments,
    reject_payment,
)

WORKING_HOUR = 10
LATE_ANNULMENT_AFTER = timedelta(days=6)


class Paying:
    """Plans the closings and payments of one programme."""

    def __init__(self, world: World, timeline: Timeline, staging: Staging) -> None:
        self.world = world
        self.timeline = timeline
        self.staging = staging
        self.told = staging.told

    @property
    def stage(self) -> Stage:
        return self.staging.stage

    def plan(self) -> None:
        """One closing for each month that is over, its payment, and corrections made afterwards."""
        calendar = self.world.story.calendar
        months = [
            month
            for month in months_of(self.told.people.first_day, calendar.today)
            if first_of_next_month(month) <= calendar.today
        ]
        for month in months:
            # At midnight: when the story is played on the first of a month, the month before is closed already.
            closing = calendar.at(first_of_next_month(month), 0)
            self.timeline.plan(closing, partial(self.close, month))
            if self.told.payments:
                self._plan_payment(self.told.payments, month)
        for month in months[-1 - self.told.late_annulments : -1]:
            self.timeline.plan(calendar.at(first_of_next_month(month), 9) + LATE_ANNULMENT_AFTER, self.annul_late)

    def _plan_payment(self, told: PaymentsTold, month: date) -> None:
        first = self.world.story.calendar.at(first_of_next_month(month), WORKING_HOUR)
        steps = (
            (told.prepared_after, self.prepare),
            (told.approved_after, self.approve),
            (told.confirmed_after, self.confirm),
        )
        for after, step in steps:
            self.timeline.plan(first + timedelta(days=after), partial(step, month))

    def close(self, month: date, at: datetime) -> None:
        """The coordinator closes the month, and everything written so far is sealed."""
        close_month(by=self.staging.steering(Role.COORDINATOR), programme=self.stage.programme, month=month, now=at)
        seal(now=at)

    def prepare(self, month: date, at: datetime) -> None:
        """The accountant puts what is payable together."""
        if self.told.payments and payable_statements(self.stage.programme).exists():
            self.stage.orders[month] = prepare_payments(
                by=self.staging.steering(Role.ACCOUNTANT),
                programme=self.stage.programme,
                method=self.told.payments.method,
                now=at,
            )

    def approve(self, month: date, at: datetime) -> None:
        """Another person approves."""
        if order := self.stage.orders.get(month):
            approve_payments(by=self.staging.steering(Role.FUNDER), batch=order, now=at)

    def confirm(self, month: date, at: datetime) -> None:
        """The bank paid everybody, or sent one payment back."""
        order, told = self.stage.orders.get(month), self.told.payments
        if order is None or told is None:
            return
        by, payments = self.staging.steering(Role.ACCOUNTANT), list(order.payments.order_by("pk"))
        if month in told.rejected_in:
            reject_payment(by=by, payment=payments.pop(0), reason=told.rejection, on=at.date(), now=at)
        waiting = [payment for payment in payments if payment.state == PaymentState.WAITING]
        if waiting:
            confirm_paid(by=by, batch=order, on=at.date(), payments=waiting, now=at)

    def annul_late(self, at: datetime) -> None:
        """The coordinator undoes a punch of a month already closed: the next statement takes it back."""
        before = at.replace(day=1, hour=0)
        closed = [one for one in self.stage.punches if one.at < before and not one.character.blocked]
        fitting = [one for one in closed if set(one.positions) <= set(one.character.used)]
        if not fitting:
            return
        punch = fitting[-1]
        annul(by=self.staging.steering(Role.COORDINATOR), uuid=punch.uuid, reason="Séance comptée deux fois", now=at)
        self.stage.punches.remove(punch)
        punch.character.used = [one for one in punch.character.used if one not in punch.positions]
