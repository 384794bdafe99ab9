"""Each invariant finds the row that breaks it, and nothing in a healthy database."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from poincon.passes.cover import cover
from poincon.passes.models import Booklet, Redemption
from poincon.programmes.models import FundingReceipt
from poincon.settlement.invariants import INVARIANTS
from poincon.settlement.models import Payment, PaymentBatch, Statement, StatementLine
from poincon.settlement.queries import OwedBack, owed_back
from poincon.settlement.services import confirm_paid
from tests.factories import SYSTEM, Scheme, make_organisation, make_scheme
from tests.guards import guards_lifted
from tests.settlement.making import (
    APRIL,
    APRIL_OVER,
    IN_APRIL,
    MARCH_OVER,
    annul,
    approved,
    close,
    make_operator,
    prepared,
    use_passes,
)

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    return {invariant.code for invariant in INVARIANTS if invariant.find()}


@pytest.fixture
def scheme() -> Scheme:
    """A life with everything: paid, corrected, in payment, payable, late."""
    scheme = make_scheme()
    other = make_operator(scheme)
    mistake = use_passes(scheme, 2)
    use_passes(scheme, 4)
    use_passes(scheme, 3, where=other)
    close(scheme)
    confirm_paid(by=SYSTEM, batch=approved(scheme), on=MARCH_OVER.date(), now=MARCH_OVER)
    annul(mistake)
    use_passes(scheme, 5, day=IN_APRIL)
    close(scheme, APRIL, APRIL_OVER)
    prepared(scheme)
    use_passes(scheme, 1, where=other)
    close(scheme, APRIL, APRIL_OVER)
    return scheme


def test_a_healthy_database_breaks_nothing(scheme: Scheme) -> None:
    assert broken() == set()


def test_codes_are_told_apart_and_sentences_end(scheme: Scheme) -> None:
    assert len({invariant.code for invariant in INVARIANTS}) == len(INVARIANTS)
    assert all(str(invariant.sentence).endswith(".") for invariant in INVARIANTS)


def forge_total() -> None:
    Statement.objects.filter(state="payable").update(total=1)


def forge_minutes() -> None:
    Statement.objects.filter(state="payable").update(minutes=1)


def forge_operator() -> None:
    Statement.objects.filter(state="payable").update(operator=make_organisation())


def forge_line() -> None:
    line = StatementLine.objects.filter(statement__state="payable")[0]
    StatementLine.objects.filter(pk=line.pk).update(value=line.value + 1)


def forge_second_line() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX statement_line_once")
    line = StatementLine.objects.filter(statement__state="payable")[0]
    StatementLine.objects.create(statement=line.statement, redemption=line.redemption, sign=1, value=line.value)


def forge_lost_annulment() -> None:
    back = StatementLine.objects.filter(sign=-1)[0]
    Redemption.objects.filter(pk=back.redemption_id).update(annulment=None, position=40)


def forge_early_annulment() -> None:
    redemption = Redemption.objects.filter(annulment__isnull=False)[0]
    assert redemption.annulment is not None
    redemption.annulment.at = MARCH_OVER - timedelta(days=20)
    redemption.annulment.save()


def forge_half_cancelled() -> None:
    Statement.objects.filter(state="payable").update(state="cancelled")


def forge_paid_alone() -> None:
    Statement.objects.filter(state="payable").update(state="paid")


def forge_unpaid() -> None:
    Statement.objects.filter(state="paid").update(state="payable")


def forge_amount() -> None:
    Payment.objects.filter(state="waiting").update(amount=1)


def forge_batch_total() -> None:
    PaymentBatch.objects.filter(state="prepared").update(total=1)


def forge_approval() -> None:
    PaymentBatch.objects.filter(state="prepared").update(state="approved")


@pytest.mark.parametrize(
    ("forge", "codes"),
    [
        (forge_total, {"statement_total"}),
        (forge_minutes, {"statement_total"}),
        (forge_operator, {"statement_total"}),
        (forge_line, {"statement_total", "line_value"}),
        (forge_second_line, {"statement_total", "one_live_line"}),
        (forge_lost_annulment, {"taken_back_was_owed"}),
        (forge_early_annulment, {"owed_before_annulled"}),
        (forge_half_cancelled, {"cancelled_together"}),
        (forge_paid_alone, {"paid_has_payment"}),
        (forge_unpaid, {"paid_has_payment"}),
        (forge_amount, {"payment_amount", "payment_batch_total"}),
        (forge_batch_total, {"payment_batch_total"}),
        (forge_approval, {"two_people"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_forged_row_is_found(scheme: Scheme, forge: Callable[[], None], codes: set[str]) -> None:
    with guards_lifted("settlement_statementline", "passes_redemption", "passes_annulment"):
        forge()
    assert broken() == codes


def test_a_fault_names_its_row_in_french(scheme: Scheme) -> None:
    statement = Statement.objects.get(state="payable")
    forge_total()
    [fault] = INVARIANTS[0].find()
    assert fault.subject == f"relevé {statement.number}"
    assert fault.detail == "inscrit 0,01\xa0€ pour 1 pass, ses lignes font 10\xa0€ pour 1 pass"


def receive_just_enough(scheme: Scheme) -> None:
    with guards_lifted("programmes_fundingreceipt"):
        FundingReceipt.objects.update(amount=cover(scheme.programme).engaged)


def test_money_paid_for_passes_annulled_since_is_missing_until_given_back() -> None:
    scheme = make_scheme()
    mistake = use_passes(scheme, 3)
    receive_just_enough(scheme)
    close(scheme)
    confirm_paid(by=SYSTEM, batch=approved(scheme), on=MARCH_OVER.date(), now=MARCH_OVER)
    assert broken() == set()
    annul(mistake)
    Booklet.objects.update(used=0)
    assert owed_back(scheme.programme) == [OwedBack(scheme.operator.pk, scheme.operator.name, 3, 3000)]
    assert cover(scheme.programme).missing() == 3000
    assert broken() == {"exact_cover"}
    [fault] = next(invariant for invariant in INVARIANTS if invariant.code == "exact_cover").find()
    assert fault.detail.endswith("il manque 30\xa0€ ; des opérateurs doivent rendre 30\xa0€")


def test_what_the_next_statement_takes_back_is_owed_no_more() -> None:
    scheme = make_scheme()
    mistake = use_passes(scheme, 3)
    close(scheme)
    confirm_paid(by=SYSTEM, batch=approved(scheme), on=MARCH_OVER.date(), now=MARCH_OVER)
    annul(mistake)
    use_passes(scheme, 5, day=IN_APRIL)
    close(scheme, APRIL, APRIL_OVER)
    assert owed_back(scheme.programme) == []
    receive_just_enough(scheme)
    assert broken() == set()


def test_the_largest_debt_comes_first() -> None:
    scheme = make_scheme()
    other = make_operator(scheme)
    mistakes = use_passes(scheme, 1) + use_passes(scheme, 2, where=other)
    close(scheme)
    confirm_paid(by=SYSTEM, batch=approved(scheme), on=MARCH_OVER.date(), now=MARCH_OVER)
    annul(mistakes)
    assert [(debt.operator_id, debt.passes) for debt in owed_back(scheme.programme)] == [
        (other.operator.pk, 2),
        (scheme.operator.pk, 1),
    ]
