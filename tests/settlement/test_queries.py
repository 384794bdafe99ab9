"""Figures of settlement: what is paid, payable, used and not paid."""

import pytest

from poincon.settlement import queries
from poincon.settlement.services import confirm_paid
from tests.factories import SYSTEM, Scheme, make_funding, make_organisation, make_programme, make_scheme
from tests.settlement.making import (
    APRIL,
    APRIL_OVER,
    IN_APRIL,
    MARCH,
    MARCH_OVER,
    annul,
    approved,
    close,
    make_operator,
    prepared,
    use_passes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


def pay(scheme: Scheme) -> None:
    confirm_paid(by=SYSTEM, batch=approved(scheme), on=MARCH_OVER.date(), now=MARCH_OVER)


def figures(scheme: Scheme) -> tuple[int, int, int, int]:
    programme = scheme.programme
    assert queries.redeemed_unpaid(programme) == queries.redeemed_unpaid_by_pass(programme)
    return (
        queries.redeemed_total(programme),
        queries.paid_total(programme),
        queries.redeemed_unpaid(programme),
        queries.payable_total(programme),
    )


def test_figures_follow_a_pass_until_it_is_paid(scheme: Scheme) -> None:
    assert figures(scheme) == (0, 0, 0, 0)
    use_passes(scheme, 3)
    assert figures(scheme) == (3000, 0, 3000, 0)
    close(scheme)
    assert figures(scheme) == (3000, 0, 3000, 3000)
    pay(scheme)
    assert figures(scheme) == (3000, 3000, 0, 0)


def test_what_was_paid_and_then_annulled_is_owed_back(scheme: Scheme) -> None:
    mistake = use_passes(scheme, 3)
    close(scheme)
    pay(scheme)
    annul(mistake)
    assert figures(scheme) == (0, 3000, -3000, 0)
    use_passes(scheme, 5, day=IN_APRIL)
    close(scheme, APRIL, APRIL_OVER)
    assert figures(scheme) == (5000, 3000, 2000, 2000)
    confirm_paid(by=SYSTEM, batch=approved(scheme), on=APRIL_OVER.date(), now=APRIL_OVER)
    assert figures(scheme) == (5000, 5000, 0, 0)


def test_the_figures_of_a_programme_ignore_the_others(scheme: Scheme) -> None:
    other = make_scheme()
    use_passes(other, 2)
    close(other)
    assert figures(scheme) == (0, 0, 0, 0)


def test_payable_statements_are_those_a_batch_would_take(scheme: Scheme) -> None:
    use_passes(scheme)
    statements = close(scheme)
    assert list(queries.payable_statements(scheme.programme)) == statements
    prepared(scheme)
    assert not queries.payable_statements(scheme.programme).exists()


def test_statements_are_listed_by_programme_month_and_operator(scheme: Scheme) -> None:
    other = make_operator(scheme)
    use_passes(scheme)
    use_passes(scheme, where=other)
    march = close(scheme)
    use_passes(scheme, day=IN_APRIL)
    [april] = close(scheme, APRIL, APRIL_OVER)
    assert list(queries.statements_of_programme(scheme.programme)) == [april, *march]
    assert list(queries.statements_of_programme(scheme.programme, month=MARCH)) == march
    assert list(queries.statements_of_operator(other.operator.pk)) == march[1:]
    elsewhere = make_programme()
    assert not queries.statements_of_operator(other.operator.pk, programme=elsewhere).exists()


def test_batches_say_how_far_they_are(scheme: Scheme) -> None:
    use_passes(scheme)
    use_passes(scheme, where=make_operator(scheme))
    close(scheme)
    batch = approved(scheme)
    confirm_paid(by=SYSTEM, batch=batch, on=MARCH_OVER.date(), payments=[batch.payments.all()[0]], now=MARCH_OVER)
    [found] = queries.batches_of_programme(scheme.programme)
    assert (found.waiting, found.paid, found.rejected) == (1, 1, 0)


def test_a_statement_is_told_by_venue_and_service_and_by_month(scheme: Scheme) -> None:
    use_passes(scheme, 3)
    close(scheme)
    use_passes(scheme, 1)
    use_passes(scheme, 2, day=IN_APRIL)
    [statement] = close(scheme, APRIL, APRIL_OVER)
    [place] = queries.by_venue_and_service(statement)
    assert place.labels == (scheme.venue.name, "Guéret", scheme.service.label)
    assert (place.passes, place.minutes, place.total) == (3, 360, 3000)
    assert [(slice_.labels, slice_.total) for slice_ in queries.by_month(statement)] == [
        (("2026", "3"), 1000),
        (("2026", "4"), 2000),
    ]


def test_fundings_are_in_the_order_they_were_recorded(scheme: Scheme) -> None:
    make_funding(scheme.programme, 2000, funder=make_organisation(name="État", is_funder=True))
    assert queries.fundings_of(scheme.programme, MARCH) == [(scheme.funder.name, 10_000), ("État", 2000)]
