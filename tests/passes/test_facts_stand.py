"""Every table of facts, with the rows that the verbs write: no column can be changed, no row removed, by SQL or ORM."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from poincon.kernel.guards import APPEND_ONLY, APPEND_ONLY_MESSAGE
from poincon.kernel.seals import seal
from poincon.passes.enums import BlockReason
from poincon.passes.models import Annulment, HandOverCancellation
from poincon.passes.ranges import BookletRange
from poincon.passes.services.annul import annul
from poincon.passes.services.block import block
from poincon.passes.services.hand_over import cancel_hand_over, hand_over
from poincon.passes.services.move import destroy
from poincon.programmes.services import suspend
from poincon.settlement.services import close_month
from tests.factories import NOW, SYSTEM, TODAY
from tests.lives import make_life

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything_happened() -> None:
    """At least one row in each table of facts, and one not compensated yet where it may be."""
    life = make_life(quantity=6, handed=2)
    scheme = life.scheme
    life.scan_all([life.request(), life.request()])
    verdict = life.scan(life.number(2))
    ranges = [BookletRange(life.batch.pk, 6, 6)]
    destroy(
        by=SYSTEM,
        holder=scheme.prescriber,
        ranges=ranges,
        place="Guéret",
        method="broyage",
        witness="Anne",
        reason="abîmé",
        now=NOW,
    )
    given = hand_over(by=SYSTEM, prescriber=scheme.prescriber, number=life.number(3), now=NOW)
    cancel_hand_over(by=SYSTEM, hand_over=given, reason="erreur", now=NOW)
    block(by=SYSTEM, number=life.number(4), reason=BlockReason.LOST, now=NOW)
    close_month(by=SYSTEM, programme=scheme.programme, month=TODAY, now=datetime(2026, 4, 2, tzinfo=UTC))
    annul(by=SYSTEM, uuid=UUID(verdict["id"]), reason="erreur", now=NOW)
    suspend(
        by=SYSTEM,
        programme=scheme.programme,
        first_day=TODAY,
        last_day=TODAY,
        reason="neige",
        moves_validity=False,
        now=NOW,
    )
    seal(now=NOW)


#: What each kind of value becomes; a boolean before the integer it also is.
OTHER_VALUES: dict[type, Callable[[Any], Any]] = {
    bool: lambda value: not value,
    datetime: lambda value: value + timedelta(seconds=1),
    date: lambda value: value + timedelta(days=1),
    UUID: lambda _: uuid4(),
    str: lambda value: f"{value[:3]}x",
    int: lambda value: value + 1,
    dict: lambda _: {"forged": True},
}


def another(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value of this column that is not the one stored."""
    if value is None:
        return "x" if isinstance(field, models.CharField) else 1
    return OTHER_VALUES[type(value)](value)


def refused_by_the_database(statement: "models.QuerySet[Any]", **values: Any) -> None:
    with pytest.raises(IntegrityError, match=APPEND_ONLY_MESSAGE), transaction.atomic():
        statement.update(**values)


@pytest.mark.parametrize("label", sorted(APPEND_ONLY))
@pytest.mark.usefixtures("everything_happened")
def test_no_column_of_a_fact_can_be_changed(label: str) -> None:
    model = apps.get_model(label)
    row = model._default_manager.order_by("pk").first()
    assert row is not None, f"no {label} was written: the test would prove nothing"
    for field in model._meta.local_concrete_fields:
        if field.column not in APPEND_ONLY[label]:
            value = getattr(row, field.attname)
            refused_by_the_database(model._default_manager.filter(pk=row.pk), **{field.attname: another(field, value)})


@pytest.mark.parametrize("label", sorted(APPEND_ONLY))
@pytest.mark.usefixtures("everything_happened")
def test_no_fact_can_be_removed(label: str) -> None:
    model = apps.get_model(label)
    before = model._default_manager.count()
    assert before
    for statement in (
        f"DELETE FROM {model._meta.db_table}",
        f"DELETE FROM {model._meta.db_table} WHERE id = (SELECT MIN(id) FROM {model._meta.db_table})",
    ):
        with (
            pytest.raises(IntegrityError, match=APPEND_ONLY_MESSAGE),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    queryset = model._default_manager.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        queryset._raw_delete(queryset.db)
    assert model._default_manager.count() == before


def compensations(column: str) -> tuple[Any, Any]:
    """Two rows, or moments, that a set-once column could name."""
    if column == "cancelled_at":
        return NOW, NOW + timedelta(days=1)
    if column == "cancellation_id":
        rows = [HandOverCancellation.objects.create(by_label="x", reason="x") for _ in range(2)]
        return rows[0].pk, rows[1].pk
    annulment = Annulment.objects.first()
    assert annulment is not None
    return annulment.pk, annulment.pk + 1


SET_ONCE = [(label, column) for label, columns in sorted(APPEND_ONLY.items()) for column in columns]


@pytest.mark.parametrize(("label", "column"), SET_ONCE)
@pytest.mark.usefixtures("everything_happened")
def test_a_compensation_is_named_once(label: str, column: str) -> None:
    model = apps.get_model(label)
    row = model._default_manager.filter(**{column: None}).first()
    assert row is not None, f"every {label} is compensated: the test would prove nothing"
    mine = model._default_manager.filter(pk=row.pk)
    first, second = compensations(column)
    mine.update(**{column: first})
    mine.update(**{column: first})
    refused_by_the_database(mine, **{column: second})
    refused_by_the_database(mine, **{column: None})
    assert getattr(mine.get(), column) == first
