"""The database itself refuses to alter a table of facts. Tried on a table of our own, on the engine of the run."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from poincon.kernel.guards import (
    APPEND_ONLY_MESSAGE,
    ROW_EVENTS,
    AppendOnly,
    LiftAppendOnly,
    RefuseTruncate,
    guard_name,
    is_guarded,
)
from tests.guards import guards_lifted

pytestmark = pytest.mark.django_db(transaction=True)

APP = "kernel_trial"
TABLE = "kernel_trial_fact"


def states() -> tuple[ProjectState, ProjectState]:
    """Before and after the migration that makes the table: one fact, its value, the row that compensates it."""
    before = ProjectState()
    after = before.clone()
    create().state_forwards(APP, after)
    return before, after


def create() -> migrations.CreateModel:
    columns: list[tuple[str, models.Field[Any, Any]]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("label", models.CharField(max_length=20, null=True)),
        ("value", models.IntegerField()),
        ("compensated_by", models.IntegerField(null=True)),
    ]
    return migrations.CreateModel("Fact", columns)


GUARD = AppendOnly("Fact", set_once=["compensated_by"])
NO_TRUNCATE = RefuseTruncate("Fact")
COLUMNS = ["id", "label", "value", "compensated_by"]

DELETE_GUARD = guard_name(TABLE, "delete")
ON_DELETE = f"CREATE OR REPLACE TRIGGER {DELETE_GUARD} BEFORE DELETE ON {TABLE} FOR EACH ROW"
EMPTY = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$"
SABOTAGES = {
    "function emptied": f"CREATE OR REPLACE FUNCTION poincon_append_only() {EMPTY}",
    "other function": f"CREATE FUNCTION poincon_nothing() {EMPTY}; {ON_DELETE} EXECUTE FUNCTION poincon_nothing()",
    "condition": f"{ON_DELETE} WHEN (OLD.id <> 1) EXECUTE FUNCTION poincon_append_only('{{}}')",
    "switched off": f"ALTER TABLE {TABLE} DISABLE TRIGGER {DELETE_GUARD}",
    "for replicas only": f"ALTER TABLE {TABLE} ENABLE REPLICA TRIGGER {DELETE_GUARD}",
}


@pytest.fixture
def facts() -> Iterator[ProjectState]:
    """A guarded table with one fact in it."""
    before, after = states()
    with connection.schema_editor() as editor:
        create().database_forwards(APP, editor, before, after)
        GUARD.database_forwards(APP, editor, after, after)
        NO_TRUNCATE.database_forwards(APP, editor, after, after)
    execute("INSERT INTO kernel_trial_fact (id, label, value, compensated_by) VALUES (1, 'first', 10, NULL)")
    yield after
    with connection.schema_editor() as editor:
        create().database_backwards(APP, editor, after, before)


def execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def stored() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, label, value, compensated_by FROM kernel_trial_fact ORDER BY id")
        return list(cursor.fetchall())


ORIGINAL = [(1, "first", 10, None)]


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE kernel_trial_fact SET value = 11",
        "UPDATE kernel_trial_fact SET label = NULL",
        "UPDATE kernel_trial_fact SET id = 2",
        "UPDATE kernel_trial_fact SET value = 11, compensated_by = 5",
        "DELETE FROM kernel_trial_fact",
        "DELETE FROM kernel_trial_fact WHERE id = 1",
    ],
)
def test_a_fact_cannot_be_altered(facts: ProjectState, alteration: str) -> None:
    with pytest.raises(IntegrityError, match=APPEND_ONLY_MESSAGE):
        execute(alteration)
    assert stored() == ORIGINAL


def test_a_fact_can_be_added(facts: ProjectState) -> None:
    execute("INSERT INTO kernel_trial_fact (id, label, value, compensated_by) VALUES (2, NULL, 20, NULL)")
    assert stored() == [*ORIGINAL, (2, None, 20, None)]


def test_writing_the_same_values_again_alters_nothing(facts: ProjectState) -> None:
    execute("UPDATE kernel_trial_fact SET value = 10, label = 'first'")
    assert stored() == ORIGINAL


def test_the_compensating_row_may_be_named_once(facts: ProjectState) -> None:
    execute("UPDATE kernel_trial_fact SET compensated_by = 5")
    assert stored() == [(1, "first", 10, 5)]


@pytest.mark.parametrize("second", ["6", "NULL"])
def test_the_compensating_row_never_changes(facts: ProjectState, second: str) -> None:
    execute("UPDATE kernel_trial_fact SET compensated_by = 5")
    with pytest.raises(IntegrityError, match=APPEND_ONLY_MESSAGE):
        execute(f"UPDATE kernel_trial_fact SET compensated_by = {second}")
    assert stored() == [(1, "first", 10, 5)]


def test_a_compensated_fact_cannot_be_deleted(facts: ProjectState) -> None:
    execute("UPDATE kernel_trial_fact SET compensated_by = 5")
    with pytest.raises(IntegrityError, match=APPEND_ONLY_MESSAGE):
        execute("DELETE FROM kernel_trial_fact")


def test_the_guards_are_seen_in_the_database(facts: ProjectState) -> None:
    assert guarded()


def guarded() -> bool:
    return is_guarded(TABLE, COLUMNS, ["compensated_by"])


def on_table() -> str:
    return f" ON {TABLE}" if connection.vendor == "postgresql" else ""


@pytest.mark.parametrize("event", ROW_EVENTS)
def test_a_table_with_one_guard_less_is_not_guarded(facts: ProjectState, event: str) -> None:
    execute(f"DROP TRIGGER {guard_name(TABLE, event)}{on_table()}")
    assert not guarded()


def test_a_column_that_the_guard_does_not_name_is_seen(facts: ProjectState) -> None:
    """SQLite's guard names its columns: one added afterwards without a new guard could be altered."""
    added = [*COLUMNS, "added"]
    assert is_guarded(TABLE, added, ["compensated_by"]) is (connection.vendor == "postgresql")


def test_a_column_that_may_change_and_should_not_is_seen(facts: ProjectState) -> None:
    assert not is_guarded(TABLE, COLUMNS, [])


def test_columns_are_guarded_in_any_order(facts: ProjectState) -> None:
    assert is_guarded(TABLE, COLUMNS[::-1], ["compensated_by"])


@pytest.mark.sqlite
def test_a_guard_replaced_by_an_empty_one_is_seen_on_sqlite(facts: ProjectState) -> None:
    name = guard_name(TABLE, "delete")
    execute(f"DROP TRIGGER {name}")
    execute(f"CREATE TRIGGER {name} BEFORE DELETE ON {TABLE} BEGIN SELECT 1; END")
    execute(f"DELETE FROM {TABLE}")
    assert not guarded()


@pytest.mark.postgresql
@pytest.mark.parametrize("sabotage", SABOTAGES.values(), ids=SABOTAGES.keys())
def test_a_guard_that_no_longer_guards_is_seen_on_postgresql(facts: ProjectState, sabotage: str) -> None:
    with transaction.atomic():
        execute(sabotage)
        execute(f"DELETE FROM {TABLE} WHERE id = 1")
        assert stored() == []
        assert not guarded()
        transaction.set_rollback(True)


@pytest.mark.postgresql
def test_a_table_of_facts_cannot_be_emptied_at_once(facts: ProjectState) -> None:
    with pytest.raises(IntegrityError, match=APPEND_ONLY_MESSAGE):
        execute(f"TRUNCATE {TABLE}")
    assert stored() == ORIGINAL


@pytest.mark.postgresql
def test_without_its_guard_against_truncate_a_table_is_not_guarded(facts: ProjectState) -> None:
    with connection.schema_editor() as editor:
        NO_TRUNCATE.database_backwards(APP, editor, facts, facts)
    assert not guarded()
    execute(f"TRUNCATE {TABLE}")
    assert stored() == []


def test_the_migration_backwards_frees_the_table(facts: ProjectState) -> None:
    with connection.schema_editor() as editor:
        NO_TRUNCATE.database_backwards(APP, editor, facts, facts)
        GUARD.database_backwards(APP, editor, facts, facts)
    assert not guarded()
    execute("DELETE FROM kernel_trial_fact")
    assert stored() == []


def test_lifted_guards_come_back(facts: ProjectState) -> None:
    with guards_lifted(TABLE):
        execute("UPDATE kernel_trial_fact SET value = 11")
    assert stored() == [(1, "first", 11, None)]
    with pytest.raises(IntegrityError, match=APPEND_ONLY_MESSAGE):
        execute("UPDATE kernel_trial_fact SET value = 12")


@pytest.mark.sqlite
def test_replacing_a_fact_is_deleting_it(facts: ProjectState) -> None:
    with pytest.raises(IntegrityError, match=APPEND_ONLY_MESSAGE):
        execute("INSERT OR REPLACE INTO kernel_trial_fact (id, label, value) VALUES (1, 'other', 99)")


def test_the_guard_is_lifted_while_columns_change_and_no_longer(facts: ProjectState) -> None:
    lift = LiftAppendOnly("Fact")
    with connection.schema_editor() as editor:
        lift.database_forwards(APP, editor, facts, facts)
    execute("UPDATE kernel_trial_fact SET value = 11")
    with connection.schema_editor() as editor:
        lift.database_backwards(APP, editor, facts, facts)
    with pytest.raises(IntegrityError, match=APPEND_ONLY_MESSAGE):
        execute("UPDATE kernel_trial_fact SET value = 12")
