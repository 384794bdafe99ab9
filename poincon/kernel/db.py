"""Where the two engines differ: bit counts, locks, set-based writes, settled rows; ``guards``, ``alphabet``.

Everything else in Poinçon is written once and behaves the same on SQLite and on PostgreSQL.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import IntegerField
from django.db.models.sql.compiler import SQLCompiler

from poincon.kernel.guards import AppendOnly as AppendOnly  # noqa: PLC0414  landed migrations import it from here
from poincon.kernel.guards import LiftAppendOnly as LiftAppendOnly  # noqa: PLC0414  as above

# SQLite accepts 32 766 parameters in one statement, PostgreSQL's client many more: 500 rows of 20 columns fit both.
ROWS_PER_STATEMENT = 500

Row = TypeVar("Row")


class BitCount(models.Func):
    """The number of bits set in a mask (how many passes it names)."""

    function = "BIT_COUNT"
    output_field = IntegerField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any) -> Any:
        template = "bit_count((%(expressions)s)::bit(64))::int"
        return self.as_sql(compiler, connection, template=template, **extra_context)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="poincon_bit_count(%(expressions)s)", **extra_context)


def bit_count_sql(expression: str) -> str:
    """SQL that counts the bits of ``expression`` (a trusted column name, never user input) on the current engine."""
    if connection.vendor == "postgresql":
        return f"bit_count(({expression})::bit(64))::int"
    return f"poincon_bit_count({expression})"


def _teach_sqlite(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function("poincon_bit_count", 1, int.bit_count, deterministic=True)


connection_created.connect(_teach_sqlite, dispatch_uid="poincon.bit_count")


def refresh_statistics() -> None:
    """Tell SQLite how full its tables are, or it chooses its indexes blindly. PostgreSQL finds out by itself.

    Blindly, "never cancelled" looks like a handful of rows, and a list of ten thousand booklets stopped took minutes.
    Looks at a thousand rows of each index: milliseconds, however large the database.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute("ANALYZE")


class RoomForUpdates(Operation):
    """Migration operation: leave a fifth of each page free in a table whose rows change often.

    PostgreSQL writes the new version of a row beside the old one when it fits, and then touches no index: half of the
    time of marking passes as used. SQLite changes rows in place.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._alter(schema_editor, to_state.apps.get_model(app_label, self.model_name), "SET (fillfactor = 80)")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._alter(schema_editor, from_state.apps.get_model(app_label, self.model_name), "RESET (fillfactor)")

    def _alter(self, schema_editor: BaseDatabaseSchemaEditor, model: type[models.Model], how: str) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {model._meta.db_table} {how}")

    def describe(self) -> str:
        return f"Leave room beside the rows of {self.model_name}"


def row_lock(*, of: str = "") -> str:
    """The clause that locks the selected rows until the end of the transaction.

    ``NO KEY``: facts that refer to the row may still be inserted meanwhile. SQLite has no row locks and needs none:
    its transactions are IMMEDIATE, one writer at a time.
    """
    if connection.vendor != "postgresql":
        return ""
    return " FOR NO KEY UPDATE" + (f" OF {of}" if of else "")


def change_alone(table: str) -> None:
    """Until the end of the transaction, nobody else writes in ``table`` nor locks its rows; everybody still reads it.

    Whoever comes second waits here, then reads what the first one did.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")


def keep_still(table: str) -> None:
    """Until the end of the transaction, ``change_alone`` waits for us: what is read of ``table`` stays so."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ROW SHARE MODE")


def chunks(rows: Iterable[Row], size: int = ROWS_PER_STATEMENT) -> Iterator[list[Row]]:
    """``rows`` in lists of at most ``size``, without holding them all."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement and its parameters. ``sql`` is written by us, never by a user."""

    sql: str
    parameters: Sequence[Any] | None = None


@dataclass(frozen=True, slots=True)
class PlannedStatement:
    """A statement about a list of keys, planned once for each connection: planning it takes longer than running it.

    ``sql`` says where the list goes with ``{among}`` (``WHERE b.number {among}``); ``lock`` names the rows to lock;
    ``kind`` is the PostgreSQL type of the keys.
    """

    sql: str
    lock: str = ""
    kind: str = "bigint"

    def about(self, keys: Iterable[int | UUID | str]) -> Statement:
        """The statement for these keys (at least one). Raises ValueError for a text that is not letters and digits."""
        listed = [_key(key) for key in keys]
        lock = row_lock(of=self.lock) if self.lock else ""
        if connection.vendor == "postgresql":
            sql = self.sql.format(among="= ANY($1)", lock=lock)
            return _planned(sql, [f"{self.kind}[]"], ["{" + ",".join(listed) + "}"])
        quote = "" if self.kind == "bigint" else "'"
        among = ",".join(f"{quote}{key}{quote}" for key in listed)
        return Statement(self.sql.format(among=f"IN ({among})", lock=lock))


def _key(value: int | UUID | str) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, UUID):
        return value.hex
    # Keys are written into the statement: nothing in them may end it.
    if not (text := str(value)).isalnum():
        raise ValueError(f"not a key: {value}")
    return text


#: The names of the statements that each open connection to PostgreSQL has planned.
_PLANNED: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def _planned(sql: str, kinds: Sequence[str], values: Sequence[str]) -> Statement:
    """``sql``, whose places are $1, $2…, planned on this connection; and these values for its places."""
    # Asking for a cursor opens the connection, or another one in place of one found dead: only then is it the one
    # that will run the statement.
    with connection.cursor() as cursor:
        names = _PLANNED.setdefault(connection.connection, {})
        if sql not in names:
            name = f"poincon_{len(names) + 1}"
            cursor.execute(f"PREPARE {name} ({','.join(kinds)}) AS {sql}")
            names[sql] = name
    return Statement(f"EXECUTE {names[sql]} ({','.join(['%s'] * len(values))})", list(values))


def run_together(statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
    """Run statements in order, in one exchange with the server; returns the rows of each (none if it returns none).

    Each sees what committed before it started, as if sent alone: the round trips are saved, nothing else changes.
    """
    if not statements:
        return []
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            return [_run(cursor, statement) for statement in statements]
        bound = [cursor.mogrify(s.sql, s.parameters) if s.parameters else s.sql for s in statements]
        answers = [_run(cursor, Statement("; ".join(bound)))]
        while cursor.nextset():
            answers.append(_rows(cursor))
        return answers


def _run(cursor: CursorWrapper, statement: Statement) -> list[tuple[Any, ...]]:
    cursor.execute(statement.sql, statement.parameters)
    return _rows(cursor)


def _rows(cursor: CursorWrapper) -> list[tuple[Any, ...]]:
    return list(cursor.fetchall()) if cursor.description else []


def insertion(
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
    *,
    on_conflict: str = "",
    returning: str = "",
) -> list[Statement]:
    """The statements that insert ``rows``: as few as the engines allow.

    ``columns`` are names and PostgreSQL types, written by us.
    """
    head = f"INSERT INTO {table} ({','.join(columns)}) "
    tail = (f" ON CONFLICT {on_conflict}" if on_conflict else "") + (f" RETURNING {returning}" if returning else "")
    if connection.vendor == "postgresql":
        # One array a column: the client takes apart, and the server reads, a thousand rows as fast as one.
        places = ",".join(f"${rank}" for rank in range(1, len(columns) + 1))
        arrays = list(map(_array, columns.values(), zip(*rows, strict=True)))
        kinds = [f"{kind}[]" for kind in columns.values()]
        return [_planned(f"{head}SELECT * FROM unnest({places}){tail}", kinds, arrays)] if rows else []
    place = "(" + ",".join(["%s"] * len(columns)) + ")"
    return [
        Statement(
            f"{head}VALUES {','.join([place] * len(chunk))}{tail}", adapted([value for row in chunk for value in row])
        )
        for chunk in chunks(rows)
    ]


def _array(kind: str, values: Iterable[Any]) -> str:
    """A column of values as PostgreSQL writes an array."""
    written = _quoted if kind == "text" else str
    return "{" + ",".join(["NULL" if value is None else written(value) for value in values]) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def insert_rows(
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
    *,
    on_conflict: str = "",
    returning: str = "",
) -> list[tuple[Any, ...]]:
    """Insert rows; returns what ``returning`` names, in no promised order."""
    statements = insertion(table, columns, rows, on_conflict=on_conflict, returning=returning)
    return [row for answer in run_together(statements) for row in answer]


def adapted(values: list[Any]) -> list[Any]:
    """Values of a raw statement, as the current engine wants them (SQLite knows neither dates nor UUIDs)."""
    if connection.vendor == "postgresql":
        return values
    return [_for_sqlite(value) for value in values]


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value.hex if isinstance(value, UUID) else value


def as_uuid(value: UUID | str) -> UUID:
    """A UUID column as read by a raw statement (SQLite gives its text)."""
    return value if isinstance(value, UUID) else UUID(value)


def as_date(value: date | str) -> date:
    """A date column as read by a raw statement that groups or joins rows (SQLite then gives its text)."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def id_reservation(table: str, count: int) -> list[Statement]:
    """The statements that set ids of ``table`` aside for rows of this transaction; ``reserved_ids`` reads the last.

    The table is locked as an insert would lock it, before the ids are drawn: ``settled_maximum`` counts on that order.
    """
    if connection.vendor == "postgresql":
        return [
            Statement(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE"),
            _planned(
                f"SELECT nextval(drawn.sequence) FROM (SELECT pg_get_serial_sequence('{table}', 'id')::regclass "
                "AS sequence) drawn, generate_series(1, $1)",
                ["integer"],
                [str(count)],
            ),
        ]
    # One writer at a time: the next ids are ours as soon as the transaction has begun.
    return [Statement(f"SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = '{table}'")]


def reserved_ids(rows: Sequence[tuple[Any, ...]], count: int) -> list[int]:
    """The ids that ``id_reservation`` set aside, from the rows of its last statement."""
    if connection.vendor == "postgresql":
        return [row_id for (row_id,) in rows]
    ((last,),) = rows
    return list(range(last + 1, last + 1 + count))


def integer_update(table: str, column: str, values: Sequence[tuple[int, int]]) -> list[Statement]:
    """The statements that set an integer ``column`` of many rows; ``values`` are (id, new value)."""
    if not values:
        return []
    if connection.vendor == "postgresql":
        sql = (
            f"UPDATE {table} SET {column} = changed.value FROM unnest($1, $2) AS changed(id, value) "
            f"WHERE {table}.id = changed.id"
        )
        return [_planned(sql, ["bigint[]"] * 2, [_array("bigint", column) for column in zip(*values, strict=True)])]
    # Integers only, so they are written as literals: no parameter to bind.
    return [
        Statement(
            f"WITH changed(id, value) AS (VALUES {_pairs(chunk)}) "
            f"UPDATE {table} SET {column} = changed.value FROM changed WHERE {table}.id = changed.id"
        )
        for chunk in chunks(values)
    ]


def _pairs(values: Iterable[tuple[int, int]]) -> str:
    return ",".join(f"({int(row_id)},{int(value)})" for row_id, value in values)


def settled_maximum(table: str) -> int:
    """The highest id of ``table`` below which no row can appear any more. Call inside a transaction.

    On PostgreSQL ids are drawn before commit, so a lower id can appear after a higher one; a SHARE lock waits for the
    writers in flight. On SQLite writers are serialised already.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
        return int(cursor.fetchone()[0])
