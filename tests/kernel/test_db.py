from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Value

from poincon.kernel.db import (
    ROWS_PER_STATEMENT,
    BitCount,
    PlannedStatement,
    bit_count_sql,
    chunks,
    insert_rows,
    integer_update,
    refresh_statistics,
    row_lock,
    run_together,
    settled_maximum,
)
from poincon.kernel.models import Job

pytestmark = pytest.mark.django_db

COLUMNS = {"id": "integer", "name": "text", "value": "bigint"}
MASKS = [0, 1, 0b1011, (1 << 60) - 1, 1 << 62]


@pytest.fixture
def counters() -> Iterator[None]:
    """A table of the size of our needs, gone with the transaction of the test."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE counters (id INTEGER PRIMARY KEY, name VARCHAR(20) UNIQUE, value BIGINT)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE counters")


def stored() -> list[tuple[int, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, value FROM counters ORDER BY id")
        return list(cursor.fetchall())


def rows(number: int) -> Sequence[tuple[int, str, int]]:
    return [(rank, f"n{rank}", 0) for rank in range(1, number + 1)]


@pytest.mark.parametrize("mask", MASKS)
def test_bits_are_counted_in_raw_sql(mask: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {bit_count_sql(str(mask))}")
        assert cursor.fetchone() == (mask.bit_count(),)


@pytest.mark.parametrize("mask", MASKS)
def test_bits_are_counted_in_querysets(mask: int) -> None:
    Job.objects.create(kind="trial", subject_id="1")
    assert Job.objects.values_list(BitCount(Value(mask)), flat=True).get() == mask.bit_count()


@pytest.mark.parametrize("number", [0, 1, 3, 4])
def test_chunks_hold_every_row_once_and_in_order(number: int) -> None:
    assert [row for chunk in chunks(range(number), 3) for row in chunk] == list(range(number))


def test_chunks_are_never_larger_than_asked() -> None:
    assert [len(chunk) for chunk in chunks(range(7), 3)] == [3, 3, 1]


@pytest.mark.parametrize("number", [0, 1, ROWS_PER_STATEMENT, ROWS_PER_STATEMENT + 1])
def test_many_rows_are_inserted(counters: None, number: int) -> None:
    insert_rows("counters", COLUMNS, rows(number))
    assert stored() == list(rows(number))


def test_inserting_answers_what_was_asked(counters: None) -> None:
    answers = insert_rows("counters", COLUMNS, rows(ROWS_PER_STATEMENT + 1), returning="id, name")
    assert sorted(answers) == [(rank, name) for rank, name, _ in rows(ROWS_PER_STATEMENT + 1)]


def test_a_conflict_may_be_passed_over(counters: None) -> None:
    insert_rows("counters", COLUMNS, rows(2))
    answers = insert_rows("counters", COLUMNS, rows(3), on_conflict="(name) DO NOTHING", returning="id")
    assert answers == [(3,)]


def test_no_value_is_taken_for_sql(counters: None) -> None:
    insert_rows("counters", COLUMNS, [(1, "'); DROP TABLE x; -", 0)])
    assert stored() == [(1, "'); DROP TABLE x; -", 0)]


@pytest.mark.parametrize(
    "text", ["", "NULL", "{a,b}", 'dit "oui"', "a\\b\\n", "l’été, 20 %s", " bords ", "ligne\nligne"]
)
def test_texts_are_kept_as_they_are(counters: None, text: str) -> None:
    insert_rows("counters", COLUMNS, [(1, text, 0), (2, "autre", 0)])
    assert stored() == [(1, text, 0), (2, "autre", 0)]


def test_what_is_unknown_stays_unknown(counters: None) -> None:
    insert_rows("counters", COLUMNS, [(1, None, None), (2, "autre", 7)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM counters WHERE name IS NULL AND value IS NULL")
        assert cursor.fetchall() == [(1,)]


@pytest.mark.parametrize("number", [0, 1, 2, ROWS_PER_STATEMENT + 1])
def test_many_integers_are_set_and_the_others_left(counters: None, number: int) -> None:
    insert_rows("counters", COLUMNS, rows(ROWS_PER_STATEMENT + 2))
    run_together(integer_update("counters", "value", [(rank, rank * 2**40) for rank in range(1, number + 1)]))
    assert [value for _, _, value in stored()] == [
        rank * 2**40 if rank <= number else 0 for rank in range(1, ROWS_PER_STATEMENT + 3)
    ]


def test_setting_an_unknown_row_sets_nothing(counters: None) -> None:
    insert_rows("counters", COLUMNS, rows(2))
    run_together(integer_update("counters", "value", [(7, 1), (8, 1)]))
    assert stored() == list(rows(2))


def test_an_empty_table_is_settled_at_zero(counters: None) -> None:
    with transaction.atomic():
        assert settled_maximum("counters") == 0


def test_a_table_is_settled_at_its_last_row(counters: None) -> None:
    insert_rows("counters", COLUMNS, rows(3))
    with transaction.atomic():
        assert settled_maximum("counters") == 3


def test_rows_can_be_locked_on_both_engines(counters: None) -> None:
    insert_rows("counters", COLUMNS, rows(1))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT counters.value FROM counters WHERE id = 1{row_lock(of='counters')}")
        assert cursor.fetchone() == (0,)


def test_a_key_that_would_end_its_statement_is_refused() -> None:
    named = PlannedStatement("SELECT 1 WHERE 'a' {among}", kind="text")
    with pytest.raises(ValueError, match="not a key"):
        named.about(["a'; DROP TABLE x; -"])


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_statement_is_planned_on_a_connection_that_was_closed() -> None:
    named = PlannedStatement("SELECT 1 WHERE 'a' {among}", kind="text")
    for _ in range(2):
        connection.close()
        assert run_together([named.about(["a"])]) == [[(1,)]]


@pytest.mark.parametrize(("keys", "found"), [(["a"], 1), (["b", "a"], 1), (["b"], 0)], ids=["one", "two", "other"])
def test_a_planned_statement_looks_among_its_keys(keys: list[str], found: int) -> None:
    named = PlannedStatement("SELECT 1 WHERE 'a' {among}", kind="text")
    for _ in range(2):  # planned, then run again
        assert len(run_together([named.about(keys)])[0]) == found


@pytest.mark.sqlite
@pytest.mark.usefixtures("counters")
def test_sqlite_learns_how_full_its_tables_are() -> None:
    insert_rows("counters", COLUMNS, rows(40))
    refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'counters'")
        assert cursor.fetchall() == [("40 1",)]


@pytest.mark.postgresql
def test_postgresql_is_left_to_learn_by_itself(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        refresh_statistics()
