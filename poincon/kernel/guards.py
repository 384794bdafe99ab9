"""The guards of the tables of facts: triggers by which the database itself refuses to alter history, on both engines.

Migrations install them; ``is_guarded`` reads them back from the live database, word by word: a guard that stands but
was emptied guards nothing.
"""

from collections.abc import Sequence

from django.apps import apps
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model

#: The tables of facts, and the columns that a compensating row may set, once. Migrations install the guards, seals
#: cover the rows, ``poincon check`` looks that the guards stand.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "kernel.AuditEntry": (),
    "kernel.Seal": (),
    "programmes.ProgrammeChange": (),
    "programmes.FundingReceipt": (),
    "passes.Movement": (),
    "passes.Destruction": (),
    "passes.HandOverCancellation": (),
    "passes.HandOver": ("cancellation_id",),
    "passes.Block": (),
    "passes.Scan": (),
    "passes.Annulment": (),
    "passes.Redemption": ("annulment_id",),
    "settlement.StatementLine": ("cancelled_at",),
}

APPEND_ONLY_MESSAGE = "fait inscrit : ni modification ni suppression"
ROW_EVENTS = ("update", "delete")

_GUARD_BODY = f"""
DECLARE
    set_once text[] := TG_ARGV[0]::text[];
    before jsonb; after jsonb; name text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := to_jsonb(OLD); after := to_jsonb(NEW);
        FOREACH name IN ARRAY set_once LOOP
            IF before -> name = 'null'::jsonb THEN
                before := before - name; after := after - name;
            END IF;
        END LOOP;
        IF before = after THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '%: {APPEND_ONLY_MESSAGE}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END """
POSTGRESQL_GUARD = (
    f"CREATE OR REPLACE FUNCTION poincon_append_only() RETURNS trigger LANGUAGE plpgsql AS $${_GUARD_BODY}$$"
)


class AppendOnly(Operation):
    """Migration operation: the database itself refuses UPDATE and DELETE on a table of facts, on both engines.

    A column of ``set_once`` may go from null to a value, once: it points to the compensating row (an annulment).
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, set_once: Sequence[str] = ()) -> None:
        self.model_name = model_name
        self.set_once = tuple(set_once)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for statement in guard_statements(
            schema_editor.connection.vendor, model._meta.db_table, _columns(model), self.set_once
        ):
            schema_editor.execute(statement, None)  # None: the statement holds raw % signs

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        on_table = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for event in ROW_EVENTS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {guard_name(table, event)}{on_table}")

    def describe(self) -> str:
        return f"Refuse UPDATE and DELETE on {self.model_name}"


class LiftAppendOnly(AppendOnly):
    """Migration operation: the guards are away while the columns of a table of facts change; ``AppendOnly`` follows."""

    database_forwards, database_backwards = AppendOnly.database_backwards, AppendOnly.database_forwards

    def describe(self) -> str:
        return f"Let the columns of {self.model_name} change"


class RefuseTruncate(Operation):
    """Migration operation: PostgreSQL refuses TRUNCATE too, which row triggers do not see. SQLite has no TRUNCATE."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        for statement in truncate_guard_statements(schema_editor.connection.vendor, table):
            schema_editor.execute(statement, None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {guard_name(table, 'truncate')} ON {table}")

    def describe(self) -> str:
        return f"Refuse TRUNCATE on {self.model_name}"


def _columns(model: type[Model]) -> list[str]:
    return [str(field.column) for field in model._meta.local_concrete_fields]


def guard_name(table: str, event: str) -> str:
    """The name of the trigger that guards ``table`` against ``event`` ("update", "delete" or "truncate")."""
    return f"append_only_{table}_{event}"


def guard_statements(vendor: str, table: str, columns: Sequence[str], set_once: Sequence[str]) -> list[str]:
    """The SQL that makes ``table`` append-only on this engine, row by row."""
    if vendor == "postgresql":
        argument = "{" + ",".join(set_once) + "}"
        return [POSTGRESQL_GUARD] + [
            f"CREATE TRIGGER {guard_name(table, event)} BEFORE {event.upper()} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION poincon_append_only('{argument}')"
            for event in ROW_EVENTS
        ]
    unchanged = [f"NEW.{column} IS OLD.{column}" for column in columns if column not in set_once]
    unchanged += [f"(OLD.{column} IS NULL OR NEW.{column} IS OLD.{column})" for column in set_once]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: {APPEND_ONLY_MESSAGE}'); END"
    return [
        (
            f"CREATE TRIGGER {guard_name(table, 'update')} BEFORE UPDATE ON {table} "
            f"WHEN NOT ({' AND '.join(unchanged)}) {refuse}"
        ),
        f"CREATE TRIGGER {guard_name(table, 'delete')} BEFORE DELETE ON {table} {refuse}",
    ]


def truncate_guard_statements(vendor: str, table: str) -> list[str]:
    """The SQL that refuses to empty ``table`` at once, where the engine can."""
    if vendor != "postgresql":
        return []
    return [
        POSTGRESQL_GUARD,
        (
            f"CREATE TRIGGER {guard_name(table, 'truncate')} BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION poincon_append_only('{}')"
        ),
    ]


def guarded_tables() -> set[str]:
    """The tables of facts whose guards all stand in the live database, unaltered (for ``poincon check``)."""
    standing = _standing_guards()
    facts = [(apps.get_model(label), set_once) for label, set_once in APPEND_ONLY.items()]
    return {
        model._meta.db_table
        for model, set_once in facts
        if _all_stand(standing, model._meta.db_table, _columns(model), set_once)
    }


def is_guarded(table: str, columns: Sequence[str], set_once: Sequence[str]) -> bool:
    """Whether the guards of one table all stand in the live database, and say what they said when they were made."""
    return _all_stand(_standing_guards(), table, columns, set_once)


def _all_stand(standing: set[object], table: str, columns: Sequence[str], set_once: Sequence[str]) -> bool:
    vendor = connection.vendor
    expected = guard_statements(vendor, table, columns, set_once) + truncate_guard_statements(vendor, table)
    return {_meaning(statement) for statement in expected if statement != POSTGRESQL_GUARD} <= standing


def _standing_guards() -> set[object]:
    """What the triggers of the live database say: those switched on, and whose function is still ours."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_get_triggerdef(t.oid, true) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
                "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND p.prosrc = %s",
                [_GUARD_BODY],
            )
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        return {_meaning(definition) for (definition,) in cursor.fetchall()}


def _meaning(definition: str) -> tuple[str, tuple[str, ...], str]:
    """A trigger's statement, whatever the order in which it looks at the columns (a column added later comes last)."""
    head, _, rest = definition.partition(" WHEN NOT (")
    conditions, _, tail = rest.rpartition(") BEGIN ")
    return head, tuple(sorted(conditions.split(" AND "))), tail
