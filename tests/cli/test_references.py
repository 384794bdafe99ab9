"""How things are named on the command line."""

from datetime import date

import click
import pytest

from poincon.cli import references
from poincon.passes import codes, keys
from poincon.passes.models import Batch, Booklet
from poincon.passes.ranges import BookletRange
from poincon.passes.services.order import order_batch
from tests import factories


def read(reference: references.Reference, text: str) -> object:
    return reference.convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "cents"), [("1200", 120000), ("1 200,50", 120050), ("0.1", 10), ("12 €", 1200), ("-3", -300)]
)
def test_euros_are_read_as_people_write_them(text: str, cents: int) -> None:
    assert read(references.CENTS, text) == cents


@pytest.mark.parametrize("text", ["", "douze", "1,234", "nan", "inf", "1e400000000"])
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        read(references.CENTS, text)


def test_days_are_read_in_both_orders() -> None:
    assert read(references.DAY, "2026-03-04") == read(references.DAY, "4/3/2026") == date(2026, 3, 4)


@pytest.mark.parametrize("text", ["", "hier", "31/02/2026", "2026-13-01"])
def test_what_is_not_a_day_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        read(references.DAY, text)


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-3", "mars 2026"])
def test_what_is_not_a_month_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        read(references.MONTH, text)


@pytest.mark.django_db
def test_booklets_are_named_by_rank_or_by_number() -> None:
    batch = make_batch()
    first, third = Booklet.objects.filter(batch=batch, rank__in=[1, 3]).order_by("rank")
    name = references.batch_name(batch)
    assert read(references.BOOKLETS, name) == BookletRange(batch.pk, 1, 3)
    assert read(references.BOOKLETS, f"{name}:2") == BookletRange(batch.pk, 2, 2)
    assert read(references.BOOKLETS, f"{name}:2-3") == BookletRange(batch.pk, 2, 3)
    both = f"{codes.written(first.number)}..{codes.written(third.number)}"
    assert read(references.BOOKLETS, both) == BookletRange(batch.pk, 1, 3)


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", [":0", ":4", ":3-2", ":2-4"])
def test_ranks_outside_the_batch_are_refused(suffix: str) -> None:
    name = references.batch_name(make_batch())
    with pytest.raises(click.BadParameter):
        read(references.BOOKLETS, name + suffix)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["abc", "-1", "99999999999999999999", "１"])
def test_what_is_not_a_number_of_ours_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        read(references.VENUE, text)


def make_batch() -> Batch:
    keys.rotate(by=factories.SYSTEM)
    return order_batch(by=factories.SYSTEM, programme=factories.make_programme(), quantity=3, size=10)
