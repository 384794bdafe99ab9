"""The verbs of settlement: close a month, cancel a statement, pay, attest."""

from poincon.settlement.services.attesting import attest
from poincon.settlement.services.cancelling import cancel_statement
from poincon.settlement.services.closing import close_month
from poincon.settlement.services.deciding import confirm_paid, reject_payment
from poincon.settlement.services.paying import abandon_payments, approve_payments, prepare_payments

__all__ = [
    "abandon_payments",
    "approve_payments",
    "attest",
    "cancel_statement",
    "close_month",
    "confirm_paid",
    "prepare_payments",
    "reject_payment",
]
