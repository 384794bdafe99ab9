"""Money of the full database: months closed, statements payable, in payment, paid, rejected, cancelled."""

from datetime import timedelta

from poincon.organisations.enums import Role
from poincon.settlement.enums import PaymentMethod
from poincon.settlement.models import PaymentBatch, Statement
from poincon.settlement.services import (
    abandon_payments,
    approve_payments,
    cancel_statement,
    close_month,
    confirm_paid,
    prepare_payments,
    reject_payment,
)
from tests.world.story import World


def play_money(world: World) -> None:
    accountant, funder, programme = world.actor(Role.ACCOUNTANT), world.actor(Role.FUNDER), world.programme
    first_closing = world.at(world.first_of_month(1), 8)
    [old] = close_month(
        by=world.actor(Role.COORDINATOR), programme=programme, month=world.first_of_month(2), now=first_closing
    )
    order = prepare_payments(
        by=accountant, programme=programme, method=PaymentMethod.PUBLIC_ACCOUNTANT, now=first_closing
    )
    approve_payments(by=funder, batch=order, now=first_closing + timedelta(days=1))
    confirm_paid(by=accountant, batch=order, on=world.first_of_month(1) + timedelta(days=4), now=world.now)
    assert old.operator == world.organisations["operator"]
    _this_month(world)


def _this_month(world: World) -> None:
    """The last month: one statement paid back by the bank, one cancelled and made again, one order to approve."""
    accountant, funder, programme = world.actor(Role.ACCOUNTANT), world.actor(Role.FUNDER), world.programme
    month, now = world.first_of_month(1), world.at(world.first_of_month(0), 9)
    statements = close_month(by=world.actor(Role.COORDINATOR), programme=programme, month=month, now=now)
    ours = next(one for one in statements if one.operator == world.organisations["operator"])
    theirs = next(one for one in statements if one.operator != world.organisations["operator"])
    cancel_statement(by=accountant, statement=theirs, reason="Séance du 16 à vérifier", now=now)
    close_month(by=world.actor(Role.COORDINATOR), programme=programme, month=month, now=now)

    def prepared(which: Statement) -> PaymentBatch:
        method = PaymentMethod.PUBLIC_ACCOUNTANT
        return prepare_payments(by=accountant, programme=programme, method=method, statements=[which], now=now)

    order = approve_payments(by=funder, batch=prepared(ours), now=now)
    reject_payment(
        by=accountant, payment=order.payments.get(), reason="Compte clos", on=world.first_of_month(0), now=now
    )
    abandon_payments(by=accountant, batch=prepared(ours), reason="Un relevé de trop", now=now)
    approve_payments(by=funder, batch=prepared(ours), now=now)
    last = programme.statements.filter(operator=world.organisations["other operator"]).latest("pk")
    prepared(last)
